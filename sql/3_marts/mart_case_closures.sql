/* One row: one cell of closed cases: a period (month, quarter, year) in which cases closed or were
   resolved, and one member of one breakdown, or the total.
   Why: how cases end (resolved, closed by administration, handed over), how long resolving takes and
   what was recovered for the workers by it. */
with cases as (
    select
        closed_on, resolved_on, closed_as, days_to_resolution, amount_recovered_idr,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(category, 'UNKNOWN') as category, coalesce(channel, 'UNKNOWN') as channel,
        coalesce(procedure, 'UNKNOWN') as procedure, coalesce(unit, 'UNKNOWN') as unit
    from fct_cases
),

endings as (
    select *, closed_on as ended_on, true as is_closure from cases where closed_on is not null
    union all by name
    select *, resolved_on as ended_on, false as is_closure from cases where resolved_on is not null
),

dated as (
    select
        *,
        date_trunc('month', ended_on) as in_month, date_trunc('quarter', ended_on) as in_quarter,
        date_trunc('year', ended_on) as in_year
    from endings
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when country is not null then 'country' when province is not null then 'province'
            when category is not null then 'category' when channel is not null then 'channel'
            when procedure is not null then 'procedure' when unit is not null then 'unit' else 'total'
        end as breakdown,
        coalesce(country, province, category, channel, procedure, unit, '') as member,
        count(*) filter (is_closure) as closed,
        count(*) filter (is_closure and closed_as = 'SELESAI') as closed_resolved,
        count(*) filter (is_closure and closed_as = 'DITUTUP_ADM') as closed_by_administration,
        count(*) filter (is_closure and closed_as = 'DILIMPAHKAN') as handed_over,
        count(*) filter (not is_closure) as resolved,
        median(days_to_resolution) filter (not is_closure and days_to_resolution >= 0) as median_days_to_resolution,
        quantile_cont(days_to_resolution, 0.9) filter (not is_closure and days_to_resolution >= 0) as p90_days_to_resolution,
        sum(amount_recovered_idr) filter (not is_closure) as recovered_idr
    from dated
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (country), (province), (category), (channel), (procedure), (unit))
)

select
    period_type,
    case period_type
        when 'month' then strftime(period_start, '%Y-%m')
        when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
        else strftime(period_start, '%Y')
    end as period,
    period_start,
    breakdown,
    member,
    closed,
    closed_resolved,
    closed_by_administration,
    handed_over,
    resolved,
    median_days_to_resolution,
    p90_days_to_resolution,
    recovered_idr
from cells
order by period_type, period_start, breakdown, member
