/* One row: one cell of remittances: a quarter or a year and one country, or the total.
   Why: a quarter may be given as a whole, by country, or by channel; here it becomes one amount. The
   whole wins over the sum of its parts, because the parts seldom cover it. */
with by_country as (
    select
        quarter_start,
        country,
        coalesce(
            sum(amount_usd) filter (channel = 'ALL'),
            sum(amount_usd) filter (channel <> 'ALL')
        ) as amount_usd
    from fct_remittances
    group by quarter_start, country
),

by_quarter as (
    select
        quarter_start,
        'total' as breakdown,
        '' as member,
        coalesce(
            sum(amount_usd) filter (country is null),
            sum(amount_usd) filter (country is not null)
        ) as amount_usd
    from by_country
    group by quarter_start
    union all
    select quarter_start, 'country', country, amount_usd
    from by_country
    where country is not null
),

cells as (
    select
        steps.period_type,
        cast(date_trunc(steps.period_type, quarter_start) as date) as period_start,
        breakdown,
        member,
        cast(sum(amount_usd) as decimal(18, 2)) as amount_usd,
        count(*) as quarters_given
    from by_quarter
    cross join (values ('quarter'), ('year')) as steps (period_type)
    group by all
)

select
    period_type,
    strftime(period_start, '%Y') || if(period_type = 'quarter', '-Q' || quarter(period_start), '') as period,
    period_start,
    breakdown,
    member,
    amount_usd,
    quarters_given
from cells
order by period_type, period_start, breakdown, member
