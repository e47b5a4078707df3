/* One row: one job order from abroad.
   Why: the fill rate is over the workers asked for, and not over the orders. */
select
    source,
    row_key,
    order_id,
    country,
    occupation,
    job_title,
    scheme,
    p3mi,
    quota,
    filled,
    if(filled > quota, 0, quota - filled) as unfilled,
    opened_on,
    closed_on,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_vacancies
order by opened_on, source, row_key
