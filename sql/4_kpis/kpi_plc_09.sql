/* One row: workers asked for by the job orders that opened in one period, those found so far or still wanted, or the
   share found; of one cell.
   Why: PLC-09. The rate is over workers and not over orders. An order of which nobody said how many were found is
   in neither side of it; one that found more than it asked for fills itself and no other. */
with periods as (
    select * from mart_available_periods where dataset = 'vacancies'
),

orders as (
    select
        date_trunc('month', opened_on) as in_month, date_trunc('quarter', opened_on) as in_quarter, date_trunc('year', opened_on) as in_year,
        quota, if(filled > quota, quota, filled) as filled, if(filled is not null, quota, null) as quota_told,
        coalesce(country, 'UNKNOWN') as country, coalesce(occupation, 'UNKNOWN') as occupation, coalesce(scheme, 'UNKNOWN') as scheme
    from fct_vacancies
    cross join run
    where opened_on <= run.as_of
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when country is not null then 'country' when occupation is not null then 'occupation'
            when scheme is not null then 'scheme' else 'total'
        end as breakdown,
        coalesce(country, occupation, scheme, '') as member,
        sum(quota) as offered, sum(filled) as filled, sum(quota_told) as quota_told
    from orders
    group by grouping sets ((in_month), (in_quarter), (in_year)), grouping sets ((), (country), (occupation), (scheme))
),

measured as (
    select period_type, period_start, breakdown, member, unnest([
        {'measure': 'fill_rate', 'part': filled, 'whole': quota_told},
        {'measure': 'offered', 'part': offered, 'whole': null},
        {'measure': 'filled', 'part': filled, 'whole': null},
        {'measure': 'unfilled', 'part': quota_told - filled, 'whole': null}
    ], recursive := true)
    from cells
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(measured.breakdown, 'total') as breakdown,
    coalesce(measured.member, '') as member,
    cast(case
        when periods.is_loaded and measures.measure = 'offered' then coalesce(measured.part, 0)
        when periods.is_loaded then measured.part
    end as double) as numerator,
    cast(if(periods.is_loaded, measured.whole, null) as double) as denominator,
    if(measures.measure = 'fill_rate', 100 * numerator / nullif(denominator, 0), numerator) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('fill_rate'), ('offered'), ('filled'), ('unfilled')) as measures (measure)
left join measured
    on measures.measure = measured.measure
    and periods.period_type = measured.period_type
    and periods.period_start = measured.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
