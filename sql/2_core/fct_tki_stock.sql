/* One row: the number of Indonesian workers in one country (or all of them) at the end of a quarter or year.
   Why: a stock is no sum of placements; it is kept apart from them, with the day that it counts at. */
select
    source,
    row_key,
    year as year_no,
    quarter as quarter_no,
    last_day(make_date(year, 3 * coalesce(quarter, 4), 1)) as stock_on,
    country,
    persons,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_tki_stock
order by stock_on, source, row_key
