/* One row: the rupiah rate of one currency on one day, quoted in one way.
   Why: turns amounts in other currencies into rupiah; a day without a row had no quotation, and which
   rate then counts is for the figure that uses it to say. */
select
    source,
    row_key,
    rate_on,
    currency,
    kind as rate_kind,
    rate_idr,
    unit as unit_count,
    cast(rate_idr / unit as decimal(18, 6)) as rate_idr_per_one,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_exchange_rates
order by rate_on, currency, rate_kind, source
