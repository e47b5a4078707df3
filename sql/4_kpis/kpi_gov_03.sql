/* One row: share of one period's placement services whose worker's identity number the civil register confirmed, or share
   confirmed of the numbers that it was asked about; of one cell.
   Why: GOV-03. Of each person the latest answer counts, whenever it came: a number that was corrected is verified from
   then on. A service whose worker was never asked about is not verified, and says nothing about the register. */
with periods as (
    select
        placements.*, checks.is_loaded as is_checked,
        if('provisional' in (placements.status, checks.status), 'provisional', 'reported') as status_of_both
    from mart_available_periods as placements
    inner join mart_available_periods as checks using (period_type, period)
    where placements.dataset = 'placements' and checks.dataset = 'identity_checks'
),

answers as (
    select person_token, result = 'SESUAI' as is_confirmed
    from fct_identity_checks
    cross join run
    where checked_on <= run.as_of and person_token is not null
    qualify row_number() over (partition by person_token order by checked_on desc, source, row_key desc) = 1
),

services as (
    select
        date_trunc('month', placed_on) as in_month,
        coalesce(province_kemendagri, 'UNKNOWN') as province, coalesce(unit, 'UNKNOWN') as unit,
        count(*) as services, count(is_confirmed) as asked, count(*) filter (is_confirmed) as confirmed
    from fct_placements
    left join answers using (person_token)
    where status = 'completed'
    group by all
),

cells as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, in_month) as date) as period_start,
        case when province is not null then 'province' when unit is not null then 'unit' else 'total' end as breakdown,
        coalesce(province, unit, '') as member,
        sum(services) as services, sum(asked) as asked, sum(confirmed) as confirmed
    from services
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    group by steps.period_type, date_trunc(steps.period_type, in_month), grouping sets ((), (province), (unit))
),

measured as (
    select period_type, period_start, breakdown, member, unnest([
        {'measure': 'verified', 'part': confirmed, 'whole': services},
        {'measure': 'confirmed_of_asked', 'part': confirmed, 'whole': asked}
    ], recursive := true)
    from cells
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(measured.breakdown, 'total') as breakdown,
    coalesce(measured.member, '') as member,
    cast(if(periods.is_loaded and periods.is_checked, measured.part, null) as double) as numerator,
    cast(if(periods.is_loaded and periods.is_checked, measured.whole, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status_of_both) as status
from periods
cross join (values ('verified'), ('confirmed_of_asked')) as measures (measure)
left join measured
    on measures.measure = measured.measure
    and periods.period_type = measured.period_type
    and periods.period_start = measured.period_start
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
