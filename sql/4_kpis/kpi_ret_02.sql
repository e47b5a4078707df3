/* One row: deceased workers who were brought home in one year, per 100,000 of the workers abroad at its
   end, in all or from one country.
   Why: RET-02. The stock of workers is an estimate for the end of quarters; a month or quarter would
   set a part of a year's deaths against the whole stock, so there are years only, once they have ended. */
with periods as (
    select * from mart_available_periods where dataset = 'returns' and period_type = 'year' and has_ended
),

deaths as (
    select period_start, breakdown, member, deceased
    from mart_return_counts
    where period_type = 'year' and breakdown in ('total', 'country')
),

-- The year-end stands in the table by quarter and in that by year; where both were delivered, the latter counts.
stocks as (
    select
        cast(date_trunc('year', stock_on) as date) as period_start,
        if(country is null, 'total', 'country') as breakdown,
        coalesce(country, '') as member,
        first(persons order by quarter_no is not null, known_at desc, source) as persons
    from fct_tki_stock
    where month(stock_on) = 12
    group by all
),

cells as (
    select period_start, breakdown, member, coalesce(deaths.deceased, 0) as deceased, stocks.persons
    from deaths
    full join stocks using (period_start, breakdown, member)
)

select
    'per_100000' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, cells.deceased, null) as double) as numerator,
    cast(if(periods.is_loaded, cells.persons, null) as double) as denominator,
    100000 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join cells using (period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
