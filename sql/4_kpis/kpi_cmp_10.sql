/* One row: share of the complaints of one period and cell in which somebody took a step of handling; or
   the cases of all citizens at the missions in one year, as the foreign ministry counts them.
   Why: CMP-10. A complaint that was only received, verified or closed by administration was not handled.
   The rules give a time to complete the papers (the clock LENGKAP_30H), so a cohort shows once its last case
   has had it. The missions count other persons and other cases: measures of their own, added to nothing. */
with known_until as (
    select least(max(last_day(occurred_on)), max(run.as_of)) as known_on
    from fct_case_events
    cross join run
    where occurred_on <= run.as_of
),

periods as (
    select
        periods.*,
        periods.is_loaded
        and (periods.dataset = 'mission_cases' or coalesce(clocks.last_due_on <= known_until.known_on, false)) as is_mature
    from mart_available_periods as periods
    cross join known_until
    left join mart_clock_periods as clocks
        on clocks.code = 'LENGKAP_30H'
        and periods.period_type = clocks.period_type
        and periods.period_start = clocks.period_start
    where periods.dataset in ('case_outcomes', 'mission_cases')
),

measures as (
    select *
    from (values
        ('share', 'case_outcomes', 100), ('missions_received', 'mission_cases', null),
        ('missions_resolved', 'mission_cases', null), ('missions_share', 'mission_cases', 100)
    ) as measures (measure, dataset, scale)
),

missions as (
    select
        period_start, if(country is null, 'total', 'country') as breakdown, coalesce(country, '') as member,
        sum(cases_received) as received, sum(cases_resolved) as resolved
    from fct_mission_cases
    where month_no is null and topic is null
    group by all
),

cells as (
    select 'share' as measure, period_type, period_start, breakdown, member, facilitated as counted, received as out_of
    from mart_case_counts
    where breakdown in ('total', 'country', 'province', 'channel', 'procedure', 'unit')
    union all
    select 'missions_received', 'year', period_start, breakdown, member, received, null from missions
    union all
    select 'missions_resolved', 'year', period_start, breakdown, member, resolved, null from missions
    union all
    select 'missions_share', 'year', period_start, breakdown, member, resolved, received from missions
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_mature, cells.counted, null) as double) as numerator,
    cast(if(periods.is_mature, cells.out_of, null) as double) as denominator,
    if(measures.scale is null, numerator, measures.scale * numerator / nullif(denominator, 0)) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
inner join measures on periods.dataset = measures.dataset
left join cells
    on measures.measure = cells.measure
    and periods.period_type = cells.period_type
    and periods.period_start = cells.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
