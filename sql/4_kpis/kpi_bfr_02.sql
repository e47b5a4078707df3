/* One row: active members of social security at the end of one period, in all or in one country, or in percent of the
   placement services of the period.
   Why: BFR-02. A stock over a flow: members stay for years, so it may exceed 100 and compares periods and countries, not
   persons. A running period has the members of its last month that was delivered. */
with periods as (
    select * from mart_available_periods where dataset = 'social_security_members'
),

months as (
    select counted_on, coalesce(country, '') as member, arg_max(members, (commit_no, source, row_key)) as members
    from fct_social_security_members
    cross join run
    where sex is null and counted_on <= run.as_of
    group by counted_on, coalesce(country, '')
),

ends as (
    select periods.period_type, periods.period_start, max(months.counted_on) as counted_on
    from periods
    inner join months on months.counted_on between periods.period_start and periods.period_end
    group by periods.period_type, periods.period_start
),

members as (
    select
        ends.period_type, ends.period_start, months.member, months.members,
        if(months.member = '', 'total', 'country') as breakdown
    from ends
    inner join months using (counted_on)
),

services as (
    select counts.period_type, counts.period_start, counts.breakdown, counts.member, counts.services, placements.status
    from mart_placement_counts as counts
    inner join mart_available_periods as placements using (period_type, period_start)
    where placements.dataset = 'placements' and placements.is_loaded
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(members.breakdown, 'total') as breakdown,
    coalesce(members.member, '') as member,
    cast(if(periods.is_loaded, members.members, null) as double) as numerator,
    cast(if(periods.is_loaded and measures.measure = 'coverage', services.services, null) as double) as denominator,
    if(measures.measure = 'coverage', 100 * numerator / nullif(denominator, 0), numerator) as value,
    case
        when value is null then 'not_available'
        when measures.measure = 'coverage' and services.status = 'provisional' then 'provisional'
        else periods.status
    end as status
from periods
cross join (values ('coverage'), ('members')) as measures (measure)
left join members using (period_type, period_start)
left join services
    on periods.period_type = services.period_type
    and periods.period_start = services.period_start
    and members.breakdown = services.breakdown
    and members.member = services.member
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
