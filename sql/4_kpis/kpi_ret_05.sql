/* One row: crossings into Indonesia of persons known as migrant workers, of one period and cell.
   Why: RET-05. Immigration tells them; where it does not, as since the loss of its data centre in June 2024, a month is
   not available and never zero. */
with periods as (
    select * from mart_available_periods where dataset = 'arrivals'
),

crossings as (
    select
        date_trunc('month', arrived_on) as in_month, date_trunc('quarter', arrived_on) as in_quarter,
        date_trunc('year', arrived_on) as in_year,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province
    from fct_arrivals
),

counts as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case when country is not null then 'country' when province is not null then 'province' else 'total' end as breakdown,
        coalesce(country, province, '') as member,
        count(*) as arrivals
    from crossings
    group by grouping sets ((in_month), (in_quarter), (in_year)), grouping sets ((), (country), (province))
)

select
    'arrivals' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, coalesce(counts.arrivals, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
left join counts using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
