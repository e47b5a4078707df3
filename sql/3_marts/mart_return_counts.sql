/* One row: one cell of returns and of departures prevented: a period (month, quarter, year) and one
   member of one breakdown, or the total.
   Why: how many came home and in which class, and apart from them how many were kept from leaving.
   The problem behind a return is no breakdown: trafficking and abuse are not to be found by place. */
with events as (
    select
        date_trunc('month', returned_on) as in_month, date_trunc('quarter', returned_on) as in_quarter,
        date_trunc('year', returned_on) as in_year,
        person_token, is_return, return_class as class_of_event,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(unit, 'UNKNOWN') as unit, coalesce(point, 'UNKNOWN') as point,
        return_class
    from fct_returns
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when country is not null then 'country' when province is not null then 'province'
            when sex is not null then 'sex' when unit is not null then 'unit' when point is not null then 'point'
            when return_class is not null then 'return_class' else 'total'
        end as breakdown,
        coalesce(country, province, sex, unit, point, return_class, '') as member,
        count(*) filter (is_return) as returns,
        count(distinct person_token) filter (is_return) + count(*) filter (is_return and person_token is null) as persons,
        count(*) filter (class_of_event = 'SAKIT') as ill,
        count(*) filter (class_of_event = 'MENINGGAL') as deceased,
        count(*) filter (class_of_event = 'DEPORTASI') as deported,
        count(*) filter (class_of_event = 'PENCEGAHAN') as prevented
    from events
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (country), (province), (sex), (unit), (point), (return_class))
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
    returns,
    persons,
    ill,
    deceased,
    deported,
    prevented
from cells
order by period_type, period_start, breakdown, member
