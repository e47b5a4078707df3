/* One row: one licence of one placement company.
   Why: companies with a licence in force on a day: from `licensed_on` to `in_force_until`, also for days long
   past. */
select
    source,
    row_key,
    licence_no,
    p3mi,
    province_kemendagri,
    status,
    licensed_on,
    valid_until,
    ended_on,
    least(valid_until, ended_on - 1) as in_force_until,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_p3mi_licences
order by licensed_on, source, row_key
