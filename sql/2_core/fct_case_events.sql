/* One row: one step of one case, at one instant.
   Why: every duration and every closure is computed from these steps and from nothing else. */
select
    source,
    row_key,
    case_id,
    seq,
    status,
    occurred_at,
    cast(timezone('Asia/Jakarta', occurred_at) as date) as occurred_on,
    unit,
    closure_reason,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_case_events
order by occurred_at, source, row_key
