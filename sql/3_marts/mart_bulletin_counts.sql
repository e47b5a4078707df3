/* One row: services of one cell that only the ministry's bulletin tells: by marital status, those between governments by
   country, and those through placement companies by company.
   Why: apart from mart_placement_counts, whose breakdowns every placement KPI repeats; these are counts of services alone,
   and companies, of which there are hundreds, come by the year. */
with completed as (
    select
        date_trunc('month', placed_on) as in_month, date_trunc('quarter', placed_on) as in_quarter,
        date_trunc('year', placed_on) as in_year, scheme,
        coalesce(marital, 'UNKNOWN') as marital, coalesce(country, 'UNKNOWN') as country, coalesce(p3mi, 'UNKNOWN') as p3mi
    from fct_placements
    where status = 'completed'
),

cells as (
    select 'services' as measure, in_month, in_quarter, in_year, 'marital' as breakdown, marital as member, count(*) as services
    from completed
    group by grouping sets ((in_month), (in_quarter), (in_year)), marital
    union all
    select
        'services_g2g', in_month, in_quarter, in_year,
        if(country is null, 'total', 'country'), coalesce(country, ''), count(*)
    from completed
    where scheme = 'GTG'
    group by grouping sets ((in_month), (in_quarter), (in_year)), grouping sets ((), (country))
    union all
    select 'services_p3mi', null, null, in_year, if(p3mi is null, 'total', 'p3mi'), coalesce(p3mi, ''), count(*)
    from completed
    where scheme = 'PTP'
    group by in_year, grouping sets ((), (p3mi))
),

dated as (
    select
        * exclude (in_month, in_quarter, in_year),
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start
    from cells
)

select
    measure,
    period_type,
    case period_type
        when 'month' then strftime(period_start, '%Y-%m')
        when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
        else strftime(period_start, '%Y')
    end as period,
    period_start,
    breakdown,
    member,
    services
from dated
order by measure, period_type, period_start, breakdown, member
