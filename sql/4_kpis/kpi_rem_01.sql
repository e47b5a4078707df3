/* One row: remittances of one quarter or year in million US dollars, in all or from one country.
   Why: REM-01. Dollars as delivered, in the unit in which they are published; a country's year counts
   only when every quarter of it was given for that country. There are no monthly figures. */
with periods as (
    select * from mart_available_periods where dataset = 'remittances'
),

amounts as (
    select
        *,
        max(quarters_given) over (partition by period_type, period) as quarters_loaded
    from mart_remittances
)

select
    'amount_usd_million' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(amounts.breakdown, 'total') as breakdown,
    coalesce(amounts.member, '') as member,
    if(
        periods.is_loaded and amounts.quarters_given = amounts.quarters_loaded,
        cast(amounts.amount_usd as double) / 1000000, null
    ) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join amounts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
