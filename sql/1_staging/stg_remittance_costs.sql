/* One row: one provider's price in one quarter and corridor, for one amount, as told last.
   Why: the workbook is delivered whole each time, and prices of past quarters are corrected and taken out in it. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'remittance_costs'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_remittance_costs as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_remittance_costs
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what is measured
    time, starts_on, sending_country, receiving_country, firm, service_no, amount_usd,
    firm_type, product, payment_instrument, access_point, pickup_method, pickup_location, coverage, speed,
    amount_local, fee_local, currency, margin_percent, cost_percent, is_transparent, collected_on, note
from newest
anti join gone using (source, row_key)
