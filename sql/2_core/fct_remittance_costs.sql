/* One row: what one provider charged in one quarter for sending one amount from one country to another.
   Why: the cost of sending home is what SDG 10.c.1 measures. Prices are averaged, never summed; the margin of
   a provider that does not tell its rate is unknown, though the source writes zero, and so is its cost. */
select
    source,
    row_key,
    year(starts_on) as year_no,
    quarter(starts_on) as quarter_no,
    starts_on as quarter_start,
    sending_country,
    receiving_country,
    firm,
    service_no,
    firm_type,
    product,
    payment_instrument,
    access_point,
    pickup_method,
    pickup_location,
    coverage,
    speed,
    amount_usd,
    amount_local,
    fee_local,
    currency,
    if(is_transparent is false, null, margin_percent) as margin_percent,
    if(is_transparent is false, null, cost_percent) as cost_percent,
    cost_percent as cost_percent_published,
    is_transparent,
    collected_on,
    note,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_remittance_costs
order by quarter_start, receiving_country, sending_country, source, row_key
