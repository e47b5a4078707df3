/* One row: remittances of one year in percent of the gross domestic product of the same year.
   Why: REM-02. Both are in US dollars at current prices and both stand as delivered. The product is published for whole years
   of the country, so there are neither quarters nor provinces; a year without it is not available. */
with periods as (
    select * from mart_available_periods where dataset = 'remittances' and period_type = 'year'
),

amounts as (
    select period_start, amount_usd from mart_remittances where period_type = 'year' and breakdown = 'total'
),

-- Where two sources give the product of a year, the one delivered last counts.
products as (
    select starts_on as period_start, arg_max(value, (commit_no, source, row_key)) as gdp_usd
    from fct_statistics
    where indicator = 'NY.GDP.MKTP.CD' and area = 'IDN' and time_kind = 'year' and province_kemendagri is null and value is not null
    group by starts_on
)

select
    'share_of_gdp' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    'total' as breakdown,
    '' as member,
    cast(if(periods.is_loaded, amounts.amount_usd, null) as double) / 1000000 as numerator,
    if(periods.is_loaded, products.gdp_usd, null) / 1000000 as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join amounts using (period_start)
left join products using (period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
