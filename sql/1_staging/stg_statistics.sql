/* One row: one published value of one series, area and time as told last.
   Why: producers revise their series without notice; only the newest value counts, and one that left
   a whole delivery is gone. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'statistics'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_statistics as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_statistics
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what is measured
    indicator, title, area, area_kind, province_kemendagri, regency_kemendagri, counterpart,
    time, time_kind, starts_on, ends_on, sex, class_1, class_2, class_3,
    value_digits, value_decimals, unit, currency, status, origin, note
from newest
anti join gone using (source, row_key)
