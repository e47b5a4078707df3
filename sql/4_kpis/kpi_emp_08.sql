/* One row: Desa Migran EMAS of one cell at the end of one period, or those decreed in it.
   Why: EMP-08. A village counts from the day of its decree and once, whoever reports it; the villages of a period are
   those of its last day (of a running one, of run.as_of), so its months must not be added up. */
with periods as (
    select mart_available_periods.*, least(period_end, run.as_of) as counted_on
    from mart_available_periods
    cross join run
    where dataset = 'villages'
),

villages as (
    select village_code, min(decreed_on) as decreed_on,
        coalesce(arg_min(province_kemendagri, decreed_on), 'UNKNOWN') as province, coalesce(arg_min(unit, decreed_on), 'UNKNOWN') as unit
    from fct_villages
    group by village_code
),

counts as (
    select
        periods.period_type,
        periods.period_start,
        case when province is not null then 'province' when unit is not null then 'unit' else 'total' end as breakdown,
        coalesce(province, unit, '') as member,
        count(*) as decreed,
        count(*) filter (villages.decreed_on >= periods.period_start) as decreed_in_period
    from periods
    inner join villages on villages.decreed_on <= periods.counted_on
    group by grouping sets ((periods.period_type, periods.period_start)), grouping sets ((), (province), (unit))
)

select
    measures.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(
        periods.is_loaded,
        coalesce(if(measures.measure = 'villages', counts.decreed, counts.decreed_in_period), 0), null
    ) as double) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    periods.status
from periods
cross join (values ('villages'), ('new_villages')) as measures (measure)
left join counts using (period_type, period_start)
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
