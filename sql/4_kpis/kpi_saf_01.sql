/* One row: accidents at work that were claimed in one period and cell per 100,000 members of the social
   security: all, fatal, or not fatal.
   Why: SAF-01. Members are a stock and never summed: the mean of the month ends in the period divides. A
   period's rate is not brought to a year. The source's own totals and parts are used; a part that it does
   not tell on both sides and for every month has no rate. */
with periods as (
    select
        members.period_type,
        members.period,
        members.period_start,
        members.is_loaded and claims.is_loaded as is_loaded,
        if('provisional' in (members.status, claims.status), 'provisional', 'reported') as status
    from mart_available_periods as members
    inner join mart_available_periods as claims
        on members.period_type = claims.period_type and members.period = claims.period
    where members.dataset = 'social_security_members' and claims.dataset = 'social_security_claims'
),

steps as (
    select * from (values ('month'), ('quarter'), ('year')) as steps (period_type)
),

members as (
    select
        steps.period_type,
        cast(date_trunc(steps.period_type, counted_on) as date) as period_start,
        case when country is not null then 'country' when sex is not null then 'sex' else 'total' end as breakdown,
        coalesce(country, sex, '') as member,
        count(distinct counted_on) as months,
        avg(members) as mean_members
    from fct_social_security_members
    cross join steps
    where country is null or sex is null
    group by all
),

accidents as (
    select
        steps.period_type,
        cast(date_trunc(steps.period_type, month_start) as date) as period_start,
        case when country is not null then 'country' when sex is not null then 'sex' else 'total' end as breakdown,
        coalesce(country, sex, '') as member,
        count(distinct month_start) as months,
        if(count(filed) = count(*), sum(filed), null) as filed,
        if(count(fatal) = count(*), sum(fatal), null) as fatal
    from fct_social_security_claims
    cross join steps
    where claim_kind = 'JKK' and (country is null or sex is null)
    group by all
),

cells as (
    select period_type, period_start, breakdown, member, members.mean_members, unnest([
        {'measure': 'accidents_per_100000', 'accidents': accidents.filed},
        {'measure': 'fatal_per_100000', 'accidents': accidents.fatal},
        {'measure': 'nonfatal_per_100000', 'accidents': accidents.filed - accidents.fatal}
    ], recursive := true)
    from members
    inner join accidents using (period_type, period_start, breakdown, member, months)
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, cells.accidents, null) as double) as numerator,
    cast(if(periods.is_loaded, cells.mean_members, null) as double) as denominator,
    100000 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('accidents_per_100000'), ('fatal_per_100000'), ('nonfatal_per_100000')) as measures (measure)
left join cells
    on measures.measure = cells.measure
    and periods.period_type = cells.period_type
    and periods.period_start = cells.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
