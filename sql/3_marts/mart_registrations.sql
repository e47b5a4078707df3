/* One row: one cell of the way to a placement: a period (month, quarter, year) and one member of one breakdown, or the total.
   Why: who came to the end of the process (E-PMI) counts in the period of the E-PMI, so that a finished period never
   changes because somebody is still waiting; the briefing (OPP) is also counted by its own day. A day after
   run.as_of is a plan. */
with registrations as (
    select
        epmi_on, opp_on, days_to_epmi, opp_on <= epmi_on as is_briefed,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(scheme, 'UNKNOWN') as scheme, coalesce(unit, 'UNKNOWN') as unit
    from fct_registrations
),

steps as (
    select * exclude (opp_on), epmi_on as dated_on, true as is_end from registrations where epmi_on is not null
    union all by name
    select * exclude (opp_on), opp_on as dated_on, false as is_end from registrations where opp_on is not null
),

dated as (
    select
        steps.*, date_trunc('month', dated_on) as in_month, date_trunc('quarter', dated_on) as in_quarter,
        date_trunc('year', dated_on) as in_year
    from steps
    cross join run
    where dated_on <= run.as_of
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when country is not null then 'country' when province is not null then 'province' when sex is not null then 'sex'
            when scheme is not null then 'scheme' when unit is not null then 'unit' else 'total'
        end as breakdown,
        coalesce(country, province, sex, scheme, unit, '') as member,
        count(*) filter (is_end) as completed,
        count(*) filter (is_end and is_briefed) as completed_briefed,
        count(*) filter (not is_end) as briefed,
        median(days_to_epmi) filter (is_end and days_to_epmi >= 0) as median_days_to_epmi,
        quantile_cont(days_to_epmi, 0.9) filter (is_end and days_to_epmi >= 0) as p90_days_to_epmi
    from dated
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (country), (province), (sex), (scheme), (unit))
)

select
    period_type,
    case period_type
        when 'month' then strftime(period_start, '%Y-%m')
        when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
        else strftime(period_start, '%Y')
    end as period,
    period_start,
    breakdown,
    member,
    completed,
    completed_briefed,
    briefed,
    median_days_to_epmi,
    p90_days_to_epmi
from cells
order by period_type, period_start, breakdown, member
