/* One row: one cell of businesses by the period (month, quarter, year) in which they were formed, and one member of
   one breakdown, or the total.
   Why: EMP-03 and EMP-06 look at the same businesses. What nobody went to see is on neither side of a share. */
with businesses as (
    select
        fct_businesses.* replace (coalesce(country, 'UNKNOWN') as country, coalesce(sex, 'UNKNOWN') as sex,
            coalesce(unit, 'UNKNOWN') as unit, coalesce(beneficiary, 'UNKNOWN') as beneficiary),
        coalesce(province_kemendagri, 'UNKNOWN') as province,
        steps.period_type, cast(date_trunc(steps.period_type, formed_on) as date) as period_start
    from fct_businesses
    cross join run
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where formed_on <= run.as_of
)

select
    period_type,
    period_start,
    case
        when beneficiary is not null then 'beneficiary' when country is not null then 'country'
        when province is not null then 'province' when sex is not null then 'sex'
        when unit is not null then 'unit' else 'total'
    end as breakdown,
    coalesce(beneficiary, country, province, sex, unit, '') as member,
    count(*) as formed,
    count(is_active_6m) as seen_at_6m,
    count(*) filter (is_active_6m) as active_at_6m,
    count(is_active_12m) as seen_at_12m,
    count(*) filter (is_active_12m) as active_at_12m,
    count(has_linked_sale) as sale_known,
    count(*) filter (has_linked_sale) as sold_through_link
from businesses
group by
    grouping sets ((period_type, period_start)),
    grouping sets ((), (beneficiary), (country), (province), (sex), (unit))
order by period_type, period_start, breakdown, member
