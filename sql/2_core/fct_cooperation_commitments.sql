/* One row: one promise of a meeting with partners.
   Why: a meeting is worth what is kept of it. */
select
    source,
    row_key,
    commitment_id,
    meeting,
    met_on,
    partner,
    theme,
    promise,
    due_on,
    state,
    kept_on,
    coalesce(kept_on <= due_on, false) as is_kept_on_time,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_cooperation_commitments
order by met_on, source, row_key
