/* One row: one amount sent home in one quarter, for one country (or all of them) and one channel.
   Why: the base of the remittance KPI; dollars as delivered, because rupiah depend on the rate chosen. */
select
    source,
    row_key,
    year as year_no,
    quarter as quarter_no,
    make_date(year, 3 * quarter - 2, 1) as quarter_start,
    country,
    channel,
    amount_usd,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_remittances
order by quarter_start, source, row_key
