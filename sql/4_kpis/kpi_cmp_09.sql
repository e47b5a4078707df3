/* One row: share of the cases of one period and cell that were received over the internet.
   Why: CMP-09. Counted of the cases whose channel is on record; a channel called other is one and is not
   digital. A text message needs a telephone network only and is not digital either. */
with periods as (
    select * from mart_available_periods where dataset = 'cases'
),

counts as (
    select period_type, period, breakdown, member, digital, channel_known
    from mart_case_counts
    where breakdown in ('total', 'country', 'province', 'procedure', 'unit')
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(periods.is_loaded, counts.digital, null) as double) as numerator,
    cast(if(periods.is_loaded, counts.channel_known, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join counts using (period_type, period)
order by measure, periods.period_type, periods.period_start, breakdown, member
