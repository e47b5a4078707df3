/* One row: nights of the stays that ended in one period and cell: the median, or the length that nine of
   ten did not exceed.
   Why: SHL-02. Counted by the end, because only then the length is known; who is still there is in SHL-01. */
with periods as (
    select * from mart_available_periods where dataset = 'shelter_stays'
),

stays as (
    select
        date_trunc('month', checked_out_on) as in_month, date_trunc('quarter', checked_out_on) as in_quarter,
        date_trunc('year', checked_out_on) as in_year,
        nights,
        coalesce(location, 'UNKNOWN') as shelter_location, coalesce(sex, 'UNKNOWN') as sex,
        coalesce(province_kemendagri, 'UNKNOWN') as province
    from fct_shelter_stays
    cross join run
    where checked_out_on <= run.as_of and nights >= 0
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when shelter_location is not null then 'shelter_location' when sex is not null then 'sex'
            when province is not null then 'province' else 'total'
        end as breakdown,
        coalesce(shelter_location, sex, province, '') as member,
        unnest([
            {'measure': 'median_nights', 'nights': median(nights)},
            {'measure': 'p90_nights', 'nights': quantile_cont(nights, 0.9)}
        ], recursive := true)
    from stays
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (shelter_location), (sex), (province))
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(cells.breakdown, 'total') as breakdown,
    coalesce(cells.member, '') as member,
    cast(if(periods.is_loaded, cells.nights, null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('median_nights'), ('p90_nights')) as measures (measure)
left join cells
    on measures.measure = cells.measure
    and periods.period_type = cells.period_type
    and periods.period_start = cells.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
