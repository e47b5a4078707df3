/* One row: share of the rules about the data that passed, by what a release said when it reported on the last month of
   one period; of all, one dimension of quality or one source.
   Why: GOV-02. What a release found is never found again by a later one, so a month that no release reported on has no
   figure. A rule counts once in each cell, and fails there when it fails for any dataset and source of the cell. */
with told as (
    select *
    from rule_results
    qualify as_of = max(as_of) over (partition by report_month)
),

months as (
    select unnest(generate_series(min(report_month), max(report_month), interval 1 month)) as month_start
    from told
),

periods as (
    select
        steps.period_type,
        cast(date_trunc(steps.period_type, month_start) as date) as period_start,
        max(cast(month_start as date)) as told_month,
        max(cast(month_start as date)) = date_trunc('month', period_start + to_months(steps.months - 1)) as is_whole
    from months
    cross join (values ('month', 1), ('quarter', 3), ('year', 12)) as steps (period_type, months)
    group by steps.period_type, steps.months, date_trunc(steps.period_type, month_start)
),

rules as (
    select
        report_month,
        case
            when quality_dimension is not null then 'quality_dimension'
            when source_system is not null then 'source_system'
            else 'total'
        end as breakdown,
        coalesce(quality_dimension, source_system, '') as member,
        rule,
        bool_and(is_passed) as is_passed
    from told
    group by report_month, rule, grouping sets ((), (quality_dimension), (source_system))
),

cells as (
    select report_month, breakdown, member, count(*) filter (is_passed) as passed, count(*) as run
    from rules
    group by report_month, breakdown, member
)

select
    'passed_share' as measure,
    periods.period_type,
    case periods.period_type
        when 'month' then strftime(periods.period_start, '%Y-%m')
        when 'quarter' then strftime(periods.period_start, '%Y') || '-Q' || quarter(periods.period_start)
        else strftime(periods.period_start, '%Y')
    end as period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(cells.passed as double) as numerator,
    cast(cells.run as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    case
        when value is null then 'not_available'
        when not periods.is_whole or periods.told_month >= run.report_month then 'provisional'
        else 'reported'
    end as status
from periods
cross join run
left join cells on periods.told_month = cells.report_month
order by measure, periods.period_type, periods.period_start, breakdown, member
