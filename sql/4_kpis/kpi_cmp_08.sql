/* One row: share of the cases clarified a second time in one period and cell that were resolved within
   the days that the rule gave on that day.
   Why: CMP-08. The accused party has to meet its commitment within the clock KOMITMEN after the second
   clarification. That it did is seen only in the case being resolved; mediation, court or another closing within
   the days is not meeting it. A cohort shows once its last case has had its days and events reach that far. */
with periods as (
    select * from mart_available_periods where dataset = 'case_outcomes'
),

known_until as (
    select least(max(last_day(occurred_on)), max(run.as_of)) as known_on
    from fct_case_events
    cross join run
    where occurred_on <= run.as_of
),

cases as (
    select
        date_trunc('month', clarified_again_on) as in_month, date_trunc('quarter', clarified_again_on) as in_quarter,
        date_trunc('year', clarified_again_on) as in_year,
        coalesce(
            resolved_on between clarified_again_on
            and clarified_again_on + to_months(clocks.clock_months) + to_days(clocks.clock_days)
            and closed_as = 'SELESAI', false
        ) as is_met,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(unit, 'UNKNOWN') as unit
    from fct_cases
    inner join dim_legal_clock as clocks
        on clocks.code = 'KOMITMEN'
        and clarified_again_on between coalesce(clocks.valid_from, clarified_again_on)
        and coalesce(clocks.valid_to, clarified_again_on)
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when country is not null then 'country' when province is not null then 'province'
            when unit is not null then 'unit' else 'total'
        end as breakdown,
        coalesce(country, province, unit, '') as member,
        count(*) as clarified_again,
        count(*) filter (is_met) as met
    from cases
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (country), (province), (unit))
),

judged as (
    select periods.*, periods.is_loaded and coalesce(clocks.last_due_on <= known_until.known_on, false) as is_mature
    from periods
    cross join known_until
    left join mart_clock_periods as clocks
        on clocks.code = 'KOMITMEN'
        and periods.period_type = clocks.period_type
        and periods.period_start = clocks.period_start
)

select
    'within_7' as measure,
    judged.period_type,
    judged.period,
    judged.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(judged.is_mature, cells.met, null) as double) as numerator,
    cast(if(judged.is_mature, cells.clarified_again, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', judged.status) as status
from judged
left join cells using (period_type, period_start)
order by measure, judged.period_type, judged.period_start, breakdown, member
