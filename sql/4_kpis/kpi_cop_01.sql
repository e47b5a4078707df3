/* One row: partners' money for Indonesia in one period: committed, disbursed (million US dollars), what of all commitments so far is
   disbursed by the end of the period, or flows that have no price; in all or of one partner.
   Why: COP-01. What may be added up the counting rule of fct_partner_flow_counting says; money that two organisations of one
   partner report counts once for it. Commitments come at the beginning, so the share is over everything up to the end. */
with periods as (
    select available.*, least(period_end, run.as_of) as counted_on
    from mart_available_periods as available
    cross join run
    where dataset = 'partner_flows'
),

refs as (select code as partner, unnest(iati_refs) as ref from dim_partner),

reporters as (
    select flows.iati_identifier, max(refs.partner) as partner
    from fct_partner_flows as flows
    inner join refs on flows.reporting_org_ref = refs.ref
    group by flows.iati_identifier
),

flows as (
    select
        flow_on, flow_class, recipient_amount_usd as amount_usd, is_counted_by_reporter, is_counted_once,
        coalesce(refs.partner, 'LAIN') as partner, users.partner as used_by_partner
    from fct_partner_flows
    cross join run
    left join refs on fct_partner_flows.reporting_org_ref = refs.ref
    left join reporters as users on fct_partner_flows.counted_in_activity = users.iati_identifier
    where country = 'IDN' and flow_class is not null and flow_on <= run.as_of
),

told as (
    select flow_on, flow_class, amount_usd, 'total' as breakdown, '' as member from flows where is_counted_once
    union all
    select flow_on, flow_class, amount_usd, 'partner', partner
    from flows
    where is_counted_by_reporter and partner is distinct from used_by_partner
),

cells as (
    select
        periods.period_type, periods.period, told.breakdown, told.member,
        sum(amount_usd) filter (flow_class = 'commitment' and flow_on >= period_start) as committed,
        sum(amount_usd) filter (flow_class = 'spending' and flow_on >= period_start) as disbursed,
        sum(amount_usd) filter (flow_class = 'commitment') as committed_so_far,
        sum(amount_usd) filter (flow_class = 'spending') as disbursed_so_far,
        count(*) filter (amount_usd is null and flow_on >= period_start) as without_price
    from periods
    inner join told on told.flow_on <= periods.counted_on
    group by all
),

measured as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'disbursed_share', 'part': cast(disbursed_so_far as double) / 1000000, 'whole': cast(committed_so_far as double) / 1000000},
        {'measure': 'committed_usd_million', 'part': cast(coalesce(committed, 0) as double) / 1000000, 'whole': null},
        {'measure': 'disbursed_usd_million', 'part': cast(coalesce(disbursed, 0) as double) / 1000000, 'whole': null},
        {'measure': 'flows_without_price', 'part': cast(without_price as double), 'whole': null}
    ], recursive := true)
    from cells
)

select
    measured.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    measured.breakdown,
    measured.member,
    if(periods.is_loaded, measured.part, null) as numerator,
    if(periods.is_loaded, cast(measured.whole as double), null) as denominator,
    if(measured.measure = 'disbursed_share', 100 * numerator / nullif(denominator, 0), numerator) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
inner join measured using (period_type, period)
order by measured.measure, periods.period_type, periods.period_start, measured.breakdown, measured.member
