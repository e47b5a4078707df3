/* One row: proceedings in which accompaniment began in one period and cell, or the share that was won
   of those that ended in it.
   Why: LEG-02. Beginnings and ends are different proceedings, so the share has a denominator of its own. */
with periods as (
    select * from mart_available_periods where dataset = 'legal_aid'
),

counts as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'accompanied', 'counted': proceedings_begun, 'out_of': null},
        {'measure': 'share_won', 'counted': proceedings_won, 'out_of': proceedings_ended}
    ], recursive := true)
    from mart_legal_aid_counts
    where breakdown = 'total' or proceedings_begun + proceedings_ended > 0
),

filled as (
    select
        measures.measure,
        periods.*,
        coalesce(counts.breakdown, 'total') as breakdown,
        coalesce(counts.member, '') as member,
        cast(if(periods.is_loaded, coalesce(counts.counted, 0), null) as double) as numerator,
        cast(if(periods.is_loaded, counts.out_of, null) as double) as denominator
    from periods
    cross join (values ('accompanied'), ('share_won')) as measures (measure)
    left join counts
        on measures.measure = counts.measure
        and periods.period_type = counts.period_type
        and periods.period = counts.period
)

select
    measure,
    period_type,
    period,
    period_start,
    breakdown,
    member,
    numerator,
    denominator,
    if(measure = 'accompanied', numerator, 100 * numerator / nullif(denominator, 0)) as value,
    if(value is null, 'not_available', status) as status
from filled
order by measure, period_type, period_start, breakdown, member
