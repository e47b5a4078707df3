/* One row: placement companies licensed at the end of a period (a running one: at run.as_of), those sanctioned in it, or their
   share of the companies licensed on a day of it; in all or of one province.
   Why: BFR-06. Licences are a stock and never added up over months. A company counts as sanctioned once, and only by
   sanctions that were imposed while its licence was in force. */
with periods as (
    select available.*, least(period_end, run.as_of) as counted_on
    from mart_available_periods as available
    cross join run
    where dataset = 'p3mi_licences'
),

licences as (
    select source, licence_no, licensed_on, in_force_until, coalesce(province_kemendagri, 'UNKNOWN') as province from fct_p3mi_licences
),

imposed as (
    select licences.source, licences.licence_no, sanctions.imposed_on
    from licences
    inner join fct_p3mi_sanctions as sanctions
        on licences.source = sanctions.source and licences.licence_no = sanctions.licence_no
        and sanctions.imposed_on >= licences.licensed_on
        and sanctions.imposed_on <= coalesce(licences.in_force_until + 1, sanctions.imposed_on)
),

sanctioned as (
    select distinct periods.period_type, periods.period, imposed.source, imposed.licence_no, true as is_sanctioned
    from periods
    inner join imposed on imposed.imposed_on between periods.period_start and periods.counted_on
),

cells as (
    select
        periods.period_type, periods.period,
        if(licences.province is null, 'total', 'province') as breakdown, coalesce(licences.province, '') as member,
        count(*) as licensed_in_period,
        count(*) filter (licences.in_force_until is null or licences.in_force_until >= periods.counted_on) as licensed_at_end,
        count(*) filter (is_sanctioned) as sanctioned
    from periods
    inner join licences
        on periods.counted_on >= licences.licensed_on
        and (licences.in_force_until is null or licences.in_force_until >= periods.period_start - 1)
    left join sanctioned using (period_type, period, source, licence_no)
    where licences.in_force_until is null or licences.in_force_until >= periods.period_start or is_sanctioned
    group by grouping sets ((periods.period_type, periods.period)), grouping sets ((), (licences.province))
),

measured as (
    select period_type, period, breakdown, member, unnest([
        {'measure': 'licensed', 'part': licensed_at_end, 'whole': null},
        {'measure': 'sanctioned', 'part': sanctioned, 'whole': null},
        {'measure': 'sanctioned_share', 'part': sanctioned, 'whole': licensed_in_period}
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
    cast(if(periods.is_loaded, coalesce(measured.part, 0), null) as double) as numerator,
    cast(if(periods.is_loaded, measured.whole, null) as double) as denominator,
    if(measures.measure = 'sanctioned_share', 100 * numerator / nullif(denominator, 0), numerator) as value,
    if(value is null, 'not_available', periods.status) as status
from periods
cross join (values ('licensed'), ('sanctioned'), ('sanctioned_share')) as measures (measure)
left join measured
    on measures.measure = measured.measure
    and periods.period_type = measured.period_type
    and periods.period = measured.period
order by measures.measure, periods.period_type, periods.period_start, breakdown, member
