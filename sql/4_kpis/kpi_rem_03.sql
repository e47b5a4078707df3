/* One row: mean cost of sending 200 US dollars to Indonesia in one period, in percent, in all or from one country; the share
   of countries from which it is above 5 percent; or the World Bank's own mean of the year.
   Why: REM-03, SDG 10.c.1. The prices of single services decide, because only they show whether a corridor lies above 5
   percent; the World Bank's mean has none and its series is said to have ended in 2020. Two ways of computing one figure
   would break a series unseen, so its mean is a measure of its own and fills no gap. */
with prices as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, quarter_start) as date) as period_start,
        sending_country, cost_percent
    from fct_remittance_costs
    cross join (values ('quarter'), ('year')) as steps (period_type)
    where receiving_country = 'IDN' and amount_usd = 200 and cost_percent is not null
),

cells as (
    select
        period_type,
        period_start,
        if(sending_country is null, 'total', 'country') as breakdown,
        coalesce(sending_country, '') as member,
        cast(sum(cost_percent) as double) as costs,
        cast(count(*) as double) as services
    from prices
    group by grouping sets ((period_type, period_start)), grouping sets ((), (sending_country))
),

measured as (
    select 'cost_200' as measure, period_type, period_start, breakdown, member, costs as part, services as whole from cells
    union all
    select
        'corridors_above_5', period_type, period_start, 'total', '',
        cast(count(*) filter (costs > 5 * services) as double), cast(count(*) as double)
    from cells
    where breakdown = 'country'
    group by period_type, period_start
),

-- Where two sources give the mean of a year, the one delivered last counts.
published as (
    select starts_on as period_start, ends_on, arg_max(value, (commit_no, source, row_key)) as cost_percent
    from fct_statistics
    where indicator = 'SI.RMT.COST.IB.ZS' and area = 'IDN' and time_kind = 'year' and value is not null
    group by starts_on, ends_on
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(measured.breakdown, 'total') as breakdown,
    coalesce(measured.member, '') as member,
    if(periods.is_loaded, measured.part, null) as numerator,
    if(periods.is_loaded, measured.whole, null) as denominator,
    measures.scale * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from mart_available_periods as periods
cross join (values ('cost_200', 1), ('corridors_above_5', 100)) as measures (measure, scale)
left join measured
    on measures.measure = measured.measure
    and periods.period_type = measured.period_type
    and periods.period_start = measured.period_start
where periods.dataset = 'remittance_costs'
union all
select
    'cost_200_world_bank', 'year', strftime(period_start, '%Y'), period_start, 'total', '',
    cast(cost_percent as double) as numerator, null, numerator, if(ends_on + interval 12 month > run.as_of, 'provisional', 'reported')
from published
cross join run
order by measure, period_type, period_start, breakdown, member
