/* One row: social security claims of one period and cell: filed, paid, the share paid, or the rupiah paid.
   Why: SAF-02. A claim may be paid in a later month than it was filed, so the share of a month compares
   two flows and can exceed 100. The source's own totals and parts are used; a count that it left open in
   any month is not taken for zero. */
with periods as (
    select * from mart_available_periods where dataset = 'social_security_claims'
),

claims as (
    select month_start, 'total' as breakdown, '' as member, filed, paid, paid_idr
    from fct_social_security_claims
    where country is null and sex is null
    union all
    select month_start, 'claim_kind', claim_kind, filed, paid, paid_idr
    from fct_social_security_claims
    where country is null and sex is null
    union all
    select month_start, 'country', country, filed, paid, paid_idr
    from fct_social_security_claims
    where country is not null and sex is null
),

sums as (
    select
        steps.period_type,
        cast(date_trunc(steps.period_type, month_start) as date) as period_start,
        breakdown,
        member,
        if(count(filed) = count(*), sum(filed), null) as filed,
        if(count(paid) = count(*), sum(paid), null) as paid,
        if(count(paid_idr) = count(*), sum(paid_idr), null) as paid_idr
    from claims
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    group by all
),

cells as (
    select period_type, period_start, breakdown, member, unnest([
        {'measure': 'paid', 'counted': cast(paid as double), 'out_of': null},
        {'measure': 'filed', 'counted': cast(filed as double), 'out_of': null},
        {'measure': 'paid_idr', 'counted': cast(paid_idr as double), 'out_of': null},
        {'measure': 'share_paid', 'counted': cast(paid as double), 'out_of': cast(filed as double)}
    ], recursive := true)
    from sums
),

filled as (
    select
        measures.measure,
        periods.*,
        coalesce(cells.breakdown, 'total') as breakdown,
        coalesce(cells.member, '') as member,
        if(periods.is_loaded, if(cells.member is null and measures.measure <> 'share_paid', 0, cells.counted), null) as numerator,
        if(periods.is_loaded, cells.out_of, null) as denominator
    from periods
    cross join (values ('paid'), ('filed'), ('paid_idr'), ('share_paid')) as measures (measure)
    left join cells
        on measures.measure = cells.measure
        and periods.period_type = cells.period_type
        and periods.period_start = cells.period_start
)

select
    measure,
    period_type,
    period,
    period_start,
    breakdown,
    member,
    numerator,
    cast(denominator as double) as denominator,
    if(measure = 'share_paid', 100 * numerator / nullif(denominator, 0), numerator) as value,
    if(value is null, 'not_available', status) as status
from filled
order by measure, period_type, period_start, breakdown, member
