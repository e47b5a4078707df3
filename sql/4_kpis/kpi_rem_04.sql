/* One row: remittances of one quarter or year in US dollars for one worker abroad, in all or in one country.
   Why: REM-04. The workers are those counted at the end of the period by the same producer; without a count for the very day and
   country there is no figure. Countries are never added up to a total of workers. */
with periods as (
    select * from mart_available_periods where dataset = 'remittances'
),

amounts as (
    select
        period_type, period_start, breakdown, member, amount_usd,
        quarters_given = max(quarters_given) over (partition by period_type, period_start) as is_whole
    from mart_remittances
),

-- Where a day is counted twice (a quarter and a year, or two sources), the one delivered last counts.
stocks as (
    select stock_on, coalesce(country, '') as member, arg_max(persons, (commit_no, source, row_key)) as persons
    from fct_tki_stock
    where persons is not null
    group by stock_on, coalesce(country, '')
)

select
    'usd_per_worker' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(amounts.breakdown, 'total') as breakdown,
    coalesce(amounts.member, '') as member,
    cast(if(periods.is_loaded and amounts.is_whole, amounts.amount_usd, null) as double) as numerator,
    cast(if(periods.is_loaded, stocks.persons, null) as double) as denominator,
    numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join amounts using (period_type, period_start)
left join stocks on periods.period_end = stocks.stock_on and coalesce(amounts.member, '') = stocks.member
order by measure, periods.period_type, periods.period_start, breakdown, member
