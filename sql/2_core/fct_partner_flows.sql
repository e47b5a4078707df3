/* One row: one transaction, budget or planned disbursement, for one country or region that benefits.
   Why: the whole money of partners at its own price: in its currency, in rupiah and in US dollars by the latest rate on
   or before its value date, at most ten days old; without such a rate there is no amount. recipient_amount is the
   part of this country; where the percentages cannot be relied on (recipients: missing, not_100, repeated) there
   is none. What may be added up, is_counted_by_reporter and is_counted_once say: see fct_partner_flow_counting. */
with flows as (
    -- wider than it is: a product of two 18-digit decimals has to fit
    select stg.* replace (cast(value as decimal(24, 2)) as value), counting.* exclude (source, row_key),
        coalesce(value_date, flow_date) as valued_on,
        cast(case
            when recipients in ('unnamed', 'single') then 100
            when recipients = 'complete' then recipient_percentage
        end as decimal(7, 4)) as percentage_used
    from stg_partner_flows as stg
    inner join fct_partner_flow_counting as counting using (source, row_key)
),

dollar as (
    select rate_on, idr_per_one from fct_exchange_rates_daily where currency = 'USD'
),

priced as (
    select flows.*,
        cast(value * case
            when flows.currency = 'IDR' then 1
            when valued_on - own.rate_on <= 10 then own.idr_per_one
        end as decimal(24, 2)) as amount_idr,
        case when valued_on - dollar.rate_on <= 10 then dollar.idr_per_one end as idr_per_usd
    from flows
    asof left join fct_exchange_rates_daily as own on flows.currency = own.currency and flows.valued_on >= own.rate_on
    asof left join dollar on flows.valued_on >= dollar.rate_on
),

valued as (
    select *, cast(case when currency = 'USD' then value else amount_idr / idr_per_usd end as decimal(24, 2)) as amount_usd
    from priced
)

select
    source, row_key, iati_identifier, reporting_org_ref, reporting_org_type,
    coalesce(secondary_reporter, false) as is_secondary,
    hierarchy_level, parent_activities, child_activities,
    flow_kind, flow_no, flow_ref, transaction_type, budget_type, budget_status, flow_class,
    flow_date as flow_on, period_end as period_end_on, valued_on,
    cast(value as decimal(18, 2)) as amount, currency, amount_idr, amount_usd,
    recipient_no, recipient_country as country, recipient_region as region, recipient_percentage, recipients, recipients_from,
    cast(value * percentage_used * 0.01 as decimal(24, 2)) as recipient_amount,
    cast(amount_idr * percentage_used * 0.01 as decimal(24, 2)) as recipient_amount_idr,
    cast(amount_usd * percentage_used * 0.01 as decimal(24, 2)) as recipient_amount_usd,
    provider_org_ref, provider_org, provider_activity_id, receiver_org_ref, receiver_org, receiver_activity_id,
    sectors, sectors_check, sectors_from, flow_type, finance_type, aid_type,
    coalesce(humanitarian, false) as is_humanitarian,
    is_counted_by_reporter, is_counted_once, counted_in_activity,
    period as partition_month, source_updated_at, commit_no, known_at, object_id, row_no
from valued
order by flow_on, source, row_key
