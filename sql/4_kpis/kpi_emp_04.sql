/* One row: KUR for migrant workers paid out in one period and cell, in billion rupiah, or in percent of the year's ceiling.
   Why: EMP-04. Ceilings are published for whole years and the whole country, so only a year's total is compared; a year
   without a published ceiling is not available there. */
with periods as (
    select * from mart_available_periods where dataset = 'loans'
),

counts as (
    select period_type, period_start, breakdown, member, disbursed_idr from mart_kur_counts
),

amounts as (
    select
        'disbursed_idr_billion' as measure,
        periods.*,
        counts.breakdown,
        counts.member,
        cast(coalesce(counts.disbursed_idr, 0) as double) / 1000000000 as amount,
        cast(null as double) as ceiling
    from periods
    left join counts using (period_type, period_start)
    union all by name
    select
        'share_of_ceiling' as measure,
        periods.*,
        'total' as breakdown,
        '' as member,
        cast(coalesce(counts.disbursed_idr, 0) as double) / 1000000000 as amount,
        cast(dim_kur_ceiling.ceiling_idr as double) / 1000000000 as ceiling
    from periods
    left join counts
        on periods.period_type = counts.period_type and periods.period_start = counts.period_start and counts.breakdown = 'total'
    left join dim_kur_ceiling on year(periods.period_start) = dim_kur_ceiling.year_no
    where periods.period_type = 'year'
)

select
    measure,
    period_type,
    period,
    period_start,
    coalesce(breakdown, 'total') as breakdown,
    coalesce(member, '') as member,
    if(is_loaded, amount, null) as numerator,
    if(is_loaded, ceiling, null) as denominator,
    if(measure = 'share_of_ceiling', 100 * numerator / nullif(denominator, 0), numerator) as value,
    if(value is null, 'not_available', status) as status
from amounts
order by measure, period_type, period_start, breakdown, member
