/* One row: one cell of legal aid: a period (month, quarter, year) and one member of one breakdown, or
   the total.
   Why: proceedings belong to the period in which they began, results and money to the period in which
   the service ended. A result that nobody wrote down is no result; amounts in other currencies than
   rupiah are not converted. The category is no breakdown, some of it is restricted. */
with services as (
    select
        started_on, ended_on, path as path_taken, is_litigation, result, amount_recovered, recovered_currency,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(unit, 'UNKNOWN') as unit, coalesce(path, 'UNKNOWN') as path
    from fct_legal_aid
),

moments as (
    select *, started_on as happened_on, true as is_start from services
    union all by name
    select *, ended_on as happened_on, false as is_start from services where ended_on is not null
),

dated as (
    select
        *,
        date_trunc('month', happened_on) as in_month, date_trunc('quarter', happened_on) as in_quarter,
        date_trunc('year', happened_on) as in_year
    from moments
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when country is not null then 'country' when province is not null then 'province'
            when sex is not null then 'sex' when unit is not null then 'unit' when path is not null then 'path' else 'total'
        end as breakdown,
        coalesce(country, province, sex, unit, path, '') as member,
        count(*) filter (is_start and is_litigation) as proceedings_begun,
        count(*) filter (not is_start and path_taken = 'MEDIASI' and result is not null) as mediations_ended,
        count(*) filter (not is_start and path_taken = 'MEDIASI' and result = 'SEPAKAT') as mediations_settled,
        count(*) filter (not is_start and is_litigation and result is not null) as proceedings_ended,
        count(*) filter (
            not is_start and is_litigation and result in ('MENANG', 'MENANG_SEBAGIAN', 'BEBAS_HUKUMAN_MATI')
        ) as proceedings_won,
        count(*) filter (not is_start) as services_ended,
        coalesce(sum(amount_recovered) filter (not is_start and recovered_currency = 'IDR'), 0) as recovered_idr
    from dated
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (country), (province), (sex), (unit), (path))
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
    proceedings_begun,
    mediations_ended,
    mediations_settled,
    proceedings_ended,
    proceedings_won,
    services_ended,
    recovered_idr
from cells
order by period_type, period_start, breakdown, member
