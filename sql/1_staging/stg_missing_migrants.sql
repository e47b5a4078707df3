/* One row: one incident of dead or missing migrants as told last.
   Why: the project corrects an incident for months, when bodies are found or reports are compared; only
   the newest version counts, and an incident that was withdrawn is gone. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'missing_migrants'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_missing_migrants as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_missing_migrants
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what is measured
    incident_id, main_id, incident_on, incident_type, region, unsd_region, country,
    dead, missing, survivors, females, males, children,
    region_of_origin, country_of_origin, origin_country, cause, location, latitude, longitude, route,
    information_source, urls, source_quality
from newest
anti join gone using (source, row_key)
