/* One row: one cell of contract wages in rupiah: a period (month, quarter, year) and one member of one breakdown, or the
   total.
   Why: WEL-01. A wage is converted at the rate of the day of the service, or of the last day before it that had one (at most
   14 days earlier); a wage without a rate is left out. The minimum wage is that of the worker's own regency and year. */
with wages as (
    select
        placed_on, country, sex, occupation, regency_kemendagri, wage_currency,
        cast(contract_wage as double) as contract_wage
    from fct_placements
    where status = 'completed' and contract_wage > 0 and wage_currency is not null
),

minimum_wages as (
    select regency_kemendagri, year(starts_on) as year_no, arg_max(value, (commit_no, source, row_key)) as minimum_idr
    from fct_statistics
    where indicator = 'upah_minimum_kabupaten' and currency = 'IDR' and regency_kemendagri is not null and value > 0
    group by regency_kemendagri, year_no
),

converted as (
    select
        wages.*,
        minimum_wages.minimum_idr,
        wages.contract_wage * case
            when wages.wage_currency = 'IDR' then 1
            when rates.rate_on >= wages.placed_on - 14 then cast(rates.idr_per_one as double)
        end as wage_idr
    from wages
    asof left join fct_exchange_rates_daily as rates
        on wages.wage_currency = rates.currency and wages.placed_on >= rates.rate_on
    left join minimum_wages
        on wages.regency_kemendagri = minimum_wages.regency_kemendagri and year(wages.placed_on) = minimum_wages.year_no
),

members as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, placed_on) as date) as period_start, wage_idr, minimum_idr,
        coalesce(country, 'UNKNOWN') as country, coalesce(occupation, 'UNKNOWN') as occupation, coalesce(sex, 'UNKNOWN') as sex
    from converted
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where wage_idr is not null
)

select
    period_type,
    period_start,
    case
        when country is not null then 'country' when occupation is not null then 'occupation'
        when sex is not null then 'sex' else 'total'
    end as breakdown,
    coalesce(country, occupation, sex, '') as member,
    count(*) as wages,
    median(wage_idr) as median_wage_idr,
    count(minimum_idr) as wages_with_minimum,
    median(wage_idr) filter (minimum_idr is not null) as median_wage_with_minimum_idr,
    median(minimum_idr) as median_minimum_idr
from members
group by grouping sets ((period_type, period_start)), grouping sets ((), (country), (occupation), (sex))
order by period_type, period_start, breakdown, member
