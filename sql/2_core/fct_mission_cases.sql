/* One row: the cases at missions in one month or year, country (or all) and topic (or all).
   Why: the foreign ministry's own measure, shown beside the complaints and never added to them. Totals and
   parts are in one table: take the rows in which the other keys are null. */
select
    source,
    row_key,
    year as year_no,
    month as month_no,
    make_date(year, coalesce(month, 1), 1) as period_start,
    country,
    topic,
    cases_received,
    cases_resolved,
    death_penalty_open,
    death_penalty_freed,
    amount_recovered_idr,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_mission_cases
order by period_start, source, row_key
