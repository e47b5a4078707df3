/* One row: one cell of cases that were open at the end of a period (month, quarter, year; of a running
   period: at run.as_of), for one member of one breakdown, or the total.
   Why: the backlog and its age. A case that its record calls closed while no event closed it is
   neither open nor dated, so it is left out; a check lists such cases. */
with period_ends as (
    select period_type, period, period_start, least(period_end, run.as_of) as counted_on
    from mart_available_periods
    cross join run
    where dataset = 'case_outcomes' and is_loaded
),

cases as (
    select
        started_on, closed_on,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(category, 'UNKNOWN') as category, coalesce(channel, 'UNKNOWN') as channel,
        coalesce(procedure, 'UNKNOWN') as procedure, coalesce(unit, 'UNKNOWN') as unit
    from fct_cases
    where not is_closed_without_event
),

open_cases as (
    select period_ends.*, cases.*, period_ends.counted_on - cases.started_on as age_days
    from period_ends
    inner join cases
        on period_ends.counted_on >= cases.started_on
        and (cases.closed_on is null or cases.closed_on > period_ends.counted_on)
)

select
    period_type,
    period,
    period_start,
    case
        when country is not null then 'country' when province is not null then 'province'
        when category is not null then 'category' when channel is not null then 'channel'
        when procedure is not null then 'procedure' when unit is not null then 'unit' else 'total'
    end as breakdown,
    coalesce(country, province, category, channel, procedure, unit, '') as member,
    count(*) as open_cases,
    count(*) filter (age_days <= 30) as open_0_30_days,
    count(*) filter (age_days between 31 and 90) as open_31_90_days,
    count(*) filter (age_days between 91 and 180) as open_91_180_days,
    count(*) filter (age_days > 180) as open_over_180_days
from open_cases
group by
    grouping sets ((period_type, period, period_start)),
    grouping sets ((), (country), (province), (category), (channel), (procedure), (unit))
order by period_type, period_start, breakdown, member
