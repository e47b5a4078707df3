/* One row: the members of one month, country and sex as told last.
   Why: a month is corrected and sent again; only the newest number counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'social_security_members'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_social_security_members as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_social_security_members
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what is measured
    year, month, country, sex, members
from newest
anti join gone using (source, row_key)
