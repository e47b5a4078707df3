/* One row: the budget of one year and theme: what part of the need its ceiling leaves open, the gap in billion rupiah, or what part of the
   ceiling was spent.
   Why: COP-04. Partners are asked to fill a gap. Where the need was not told, neither side of the gap has the row; a ceiling
   above the need makes it negative, and it is shown so. */
with periods as (
    select * from mart_available_periods where dataset = 'ministry_budget'
),

cells as (
    select
        year_start as period_start,
        if(theme is null, 'total', 'theme') as breakdown, coalesce(theme, '') as member,
        cast(sum(need_idr) as double) as need,
        cast(sum(need_idr - ceiling_idr) as double) as gap,
        cast(sum(if(realised_idr is not null, ceiling_idr, null)) as double) as ceiling_told,
        cast(sum(realised_idr) as double) as realised
    from fct_ministry_budget
    group by year_start, grouping sets ((), (theme))
),

measured as (
    select period_start, breakdown, member, unnest([
        {'measure': 'gap_share', 'part': gap / 1000000000, 'whole': need / 1000000000},
        {'measure': 'gap_idr_billion', 'part': gap / 1000000000, 'whole': null},
        {'measure': 'realised_share', 'part': realised / 1000000000, 'whole': ceiling_told / 1000000000}
    ], recursive := true)
    from cells
)

select
    measured.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    measured.breakdown,
    measured.member,
    if(periods.is_loaded, measured.part, null) as numerator,
    cast(if(periods.is_loaded, measured.whole, null) as double) as denominator,
    if(measured.measure = 'gap_idr_billion', numerator, 100 * numerator / nullif(denominator, 0)) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
inner join measured using (period_start)
order by measured.measure, periods.period_type, periods.period_start, measured.breakdown, measured.member
