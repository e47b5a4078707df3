/* One row: the capacity of one shelter from one day on, as told last.
   Why: a number that was wrong is sent again under the same day; a change of the house has a day of its own. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'shelter_capacity'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_shelter_capacity as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_shelter_capacity
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- the capacity
    shelter_id, valid_from, location, country, unit, beds
from newest
anti join gone using (source, row_key)
