/* One row: partners' programmes that run at the end of a period (a running one: at run.as_of), or the themes that have one; in all,
   of one theme or of one partner.
   Why: COP-03. The meeting of March 2025 agreed on themes; a theme without a programme has nobody behind it. A programme
   counts once in each cell, so themes do not add up. */
with periods as (
    select available.*, least(period_end, run.as_of) as counted_on
    from mart_available_periods as available
    cross join run
    where dataset = 'partner_programmes'
),

running as (
    select periods.period_type, periods.period, programmes.source, programmes.programme_id, programmes.theme, programmes.partner
    from periods
    inner join fct_partner_programmes as programmes
        on periods.counted_on >= programmes.started_on
        and (programmes.ended_on is null or programmes.ended_on >= periods.counted_on)
),

cells as (
    select
        period_type, period,
        case when theme is not null then 'theme' when partner is not null then 'partner' else 'total' end as breakdown,
        coalesce(theme, partner, '') as member,
        count(distinct source || '|' || programme_id) as programmes
    from running
    group by grouping sets ((period_type, period)), grouping sets ((), (theme), (partner))
),

measured as (
    select 'programmes' as measure, cells.* from cells
    union all
    select 'themes_covered', period_type, period, 'total', '', count(distinct theme) from running group by all
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(measured.breakdown, 'total') as breakdown,
    coalesce(measured.member, '') as member,
    cast(if(periods.is_loaded, coalesce(measured.programmes, 0), null) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('programmes'), ('themes_covered')) as measures (measure)
left join measured
    on measures.measure = measured.measure
    and periods.period_type = measured.period_type
    and periods.period = measured.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
