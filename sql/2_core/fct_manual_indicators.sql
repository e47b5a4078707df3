/* One row: one value of one manual indicator.
   Why: scores and surveys come with a paper, and the figure shows which. */
select
    source,
    row_key,
    kpi,
    period_kind as period_type,
    period_text as period,
    period_start,
    country,
    unit,
    indicator_value,
    document,
    dated_on,
    signed_by,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_manual_indicators
order by kpi, period_start, source, row_key
