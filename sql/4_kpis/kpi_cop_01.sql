/* One row: partners' money for Indonesia in one period: committed, disbursed (million US dollars), what of all commitments so far is
   disbursed by the end of the period, flows that have no price, or activities that the register does not name; in all or of one partner.
   Why: COP-01. Only activities that a programme in the ministry's register names are counted; others are candidates. What may be
   added up the counting rule of fct_partner_flow_counting says, but money handed to a candidate stays with who handed it; money
   that two organisations of one partner report counts once for it. Commitments come at the beginning, so the share is over
   everything up to the end. */
with periods as (
    select
        available.* replace (
            is_loaded and exists (select iati_activities from fct_partner_programmes where iati_activities is not null) as is_loaded
        ),
        least(period_end, run.as_of) as counted_on
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

registered as (
    select distinct trim(unnest(string_split(iati_activities, ';'))) as iati_identifier
    from fct_partner_programmes
    where iati_activities is not null
),

handed as (
    select distinct iati_identifier, counted_in_activity from fct_partner_flows where counted_in_activity is not null
),

used_in_register as (
    -- through up to four hands; money that went further counts with who handed it
    select distinct handed.iati_identifier
    from handed
    left join handed as second on handed.counted_in_activity = second.iati_identifier
    left join handed as third on second.counted_in_activity = third.iati_identifier
    inner join registered
        on registered.iati_identifier in (handed.counted_in_activity, second.counted_in_activity, third.counted_in_activity)
),

flows as (
    select
        flow_on, flow_class, recipient_amount_usd as amount_usd, is_counted_by_reporter, is_counted_once, fct_partner_flows.iati_identifier,
        fct_partner_flows.iati_identifier in (select iati_identifier from registered) as is_registered,
        counted_in_activity is not null as is_handed_on,
        coalesce(
            counted_in_activity in (select iati_identifier from registered)
            or counted_in_activity in (select iati_identifier from used_in_register), false
        ) as is_used_in_register,
        coalesce(refs.partner, 'LAIN') as partner, users.partner as used_by_partner
    from fct_partner_flows
    cross join run
    left join refs on fct_partner_flows.reporting_org_ref = refs.ref
    left join reporters as users on fct_partner_flows.counted_in_activity = users.iati_identifier
    where country = 'IDN' and flow_class is not null and flow_on <= run.as_of
),

told as (
    select flow_on, flow_class, amount_usd, iati_identifier, is_registered, 'total' as breakdown, '' as member
    from flows
    where if(is_registered, is_counted_once or (is_handed_on and not is_used_in_register), is_counted_once or is_handed_on)
    union all
    select flow_on, flow_class, amount_usd, iati_identifier, is_registered, 'partner', partner
    from flows
    where if(
        is_registered and (is_used_in_register or not is_handed_on),
        is_counted_by_reporter and (partner is distinct from used_by_partner or not is_handed_on),
        is_counted_once or is_handed_on
    )
),

cells as (
    select
        periods.period_type, periods.period, told.breakdown, told.member,
        sum(amount_usd) filter (is_registered and flow_class = 'commitment' and flow_on >= period_start) as committed,
        sum(amount_usd) filter (is_registered and flow_class = 'spending' and flow_on >= period_start) as disbursed,
        sum(amount_usd) filter (is_registered and flow_class = 'commitment') as committed_so_far,
        sum(amount_usd) filter (is_registered and flow_class = 'spending') as disbursed_so_far,
        count(*) filter (is_registered and amount_usd is null and flow_on >= period_start) as without_price,
        count(distinct iati_identifier) filter (not is_registered and flow_on >= period_start) as candidates
    from periods
    inner join told on told.flow_on <= periods.counted_on
    group by all
),

measured as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'disbursed_share', 'part': cast(disbursed_so_far as double) / 1000000, 'whole': cast(committed_so_far as double) / 1000000},
        {'measure': 'committed_usd_million', 'part': cast(coalesce(committed, 0) as double) / 1000000, 'whole': null},
        {'measure': 'disbursed_usd_million', 'part': cast(coalesce(disbursed, 0) as double) / 1000000, 'whole': null},
        {'measure': 'flows_without_price', 'part': cast(without_price as double), 'whole': null},
        {'measure': 'candidate_activities', 'part': cast(candidates as double), 'whole': null}
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
