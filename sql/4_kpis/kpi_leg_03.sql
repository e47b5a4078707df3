/* One row: rupiah recovered for workers in one period and cell: by legal aid, in complaint cases, or as
   the foreign ministry counts it at the missions.
   Why: LEG-03. The three overlap (a complaint may lead to legal aid, a mission may act for the ministry)
   and are never added. Who recovered nothing recovered zero; an amount that nobody gave is not zero. */
with periods as (
    select
        case dataset when 'legal_aid' then 'legal_aid_idr' when 'case_outcomes' then 'complaints_idr' else 'missions_idr' end as measure,
        *
    from mart_available_periods
    where dataset in ('legal_aid', 'case_outcomes', 'mission_cases')
),

amounts as (
    select 'legal_aid_idr' as measure, period_type, period_start, breakdown, member, recovered_idr
    from mart_legal_aid_counts
    where services_ended > 0 and breakdown in ('total', 'country', 'province', 'sex', 'unit')
    union all
    select 'complaints_idr', period_type, period_start, breakdown, member, coalesce(recovered_idr, 0)
    from mart_case_closures
    where resolved > 0 and breakdown in ('total', 'country', 'province', 'unit')
    union all
    select 'missions_idr', 'year', period_start, if(country is null, 'total', 'country'), coalesce(country, ''), sum(amount_recovered_idr)
    from fct_mission_cases
    where month_no is null and topic is null and (country is null or amount_recovered_idr is not null)
    group by all
)

select
    periods.measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(amounts.breakdown, 'total') as breakdown,
    coalesce(amounts.member, '') as member,
    cast(
        if(periods.is_loaded, coalesce(amounts.recovered_idr, if(periods.measure = 'missions_idr', null, 0)), null) as double
    ) as numerator,
    cast(null as double) as denominator,
    numerator as value,
    if(value is null, 'not_available', periods.status) as status
from periods
left join amounts using (measure, period_type, period_start)
order by periods.measure, periods.period_type, periods.period_start, breakdown, member
