/* One row: accidents at work that were claimed in one period and cell per 100,000 members, all, fatal or
   not; or the members at the end of the period.
   Why: SAF-01. Members are a stock: the rates take the mean of the month ends in the period, the measure
   `members` the last one. A period's rate is not brought to a year. The source's own totals and parts are
   used; a part that it does not tell for both sides and for every month has no rate. */
with periods as (
    select
        members.period_type,
        members.period,
        members.period_start,
        members.is_loaded as members_loaded,
        members.is_loaded and coalesce(claims.is_loaded, false) as both_loaded,
        members.status as members_status,
        if('provisional' in (members.status, claims.status), 'provisional', members.status) as status
    from mart_available_periods as members
    left join mart_available_periods as claims
        on claims.dataset = 'social_security_claims'
        and members.period_type = claims.period_type and members.period = claims.period
    where members.dataset = 'social_security_members'
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
        avg(members) as mean_members,
        arg_max(members, counted_on) as last_members
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
    select members.period_type, members.period_start, members.breakdown, members.member, unnest([
        {'measure': 'members', 'counted': members.last_members, 'out_of': null},
        {'measure': 'accidents_per_100000', 'counted': accidents.filed, 'out_of': members.mean_members},
        {'measure': 'fatal_per_100000', 'counted': accidents.fatal, 'out_of': members.mean_members},
        {'measure': 'nonfatal_per_100000', 'counted': accidents.filed - accidents.fatal, 'out_of': members.mean_members}
    ], recursive := true)
    from members
    left join accidents using (period_type, period_start, breakdown, member, months)
),

measures as (
    select *
    from (values
        ('members'), ('accidents_per_100000'), ('fatal_per_100000'), ('nonfatal_per_100000')
    ) as measures (measure)
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(if(measures.measure = 'members', periods.members_loaded, periods.both_loaded), cells.counted, null) as double) as numerator,
    cast(if(periods.both_loaded, cells.out_of, null) as double) as denominator,
    if(measures.measure = 'members', numerator, 100000 * numerator / nullif(denominator, 0)) as value,
    case
        when value is null then 'not_available'
        when measures.measure = 'members' then periods.members_status
        else periods.status
    end as status
from periods
cross join measures
left join cells
    on measures.measure = cells.measure
    and periods.period_type = cells.period_type
    and periods.period_start = cells.period_start
where cells.breakdown is null or cells.breakdown = 'total' or measures.measure = 'members' or cells.counted is not null
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
