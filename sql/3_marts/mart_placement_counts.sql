/* One row: one cell: a period (month, quarter, year) and one member of one breakdown, or the total.
   Why: every placement KPI reads these counts instead of a million rows. A departure belongs to the
   period in which the worker left, whatever the period of the service; a day after run.as_of is a
   plan, and a month of which no service is delivered yet has no departures yet either. Of a worker
   whose regency nobody knows, the province is: so regencies add up to provinces. */
with loaded_months as (select distinct date_trunc('month', placed_on) as in_month from fct_placements),

completed as (
    select
        placed_on, person_token,
        case when departed_on <= run.as_of and date_trunc('month', departed_on) in (select in_month from loaded_months)
            then departed_on end as departed_on,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(regency_kemendagri, province_kemendagri || '-UNKNOWN', 'UNKNOWN') as regency,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(scheme, 'UNKNOWN') as scheme,
        coalesce(employer_type, 'UNKNOWN') as employer_type, coalesce(occupation, 'UNKNOWN') as occupation,
        coalesce(education, 'UNKNOWN') as education, coalesce(unit, 'UNKNOWN') as unit,
        skill_level
    from fct_placements
    cross join run
    left join dim_occupation on fct_placements.occupation = dim_occupation.code
    where status = 'completed'
),

-- Flows are counted by month and then added up, regencies to provinces and to the nation; only persons need a pass of
-- their own.
flows as (
    select
        date_trunc('month', placed_on) as in_month,
        country, province, regency, sex, scheme, employer_type, occupation, education, unit,
        count(*) as services,
        count(*) filter (employer_type = 'BH') as services_legal_employer,
        count(*) filter (employer_type <> 'UNKNOWN') as services_known_employer,
        count(*) filter (sex = 'P') as services_women,
        count(*) filter (sex <> 'UNKNOWN') as services_known_sex,
        count(*) filter (skill_level >= 2) as services_skilled,
        count(skill_level) as services_known_skill
    from completed
    group by in_month, grouping sets ((country), (province, regency), (sex), (scheme), (employer_type), (occupation), (education), (unit))
    union all by name
    select
        date_trunc('month', departed_on) as in_month,
        country, province, regency, sex, scheme, employer_type, occupation, education, unit,
        count(*) as departures
    from completed
    where departed_on is not null
    group by in_month, grouping sets ((country), (province, regency), (sex), (scheme), (employer_type), (occupation), (education), (unit))
),

origins as (
    from flows
    union all by name
    select * replace (null as regency) from flows where regency is not null
    union all by name
    select * replace (null as regency, null as province) from flows where regency is not null
),

-- Most persons occur once and are counted by their services; the others are taken out of the services
-- again and counted as distinct persons.
recurring as (
    select person_token
    from completed
    where person_token is not null
    group by person_token
    having count(*) > 1
),

repeats as (
    select
        date_trunc('month', placed_on) as in_month, date_trunc('quarter', placed_on) as in_quarter,
        date_trunc('year', placed_on) as in_year,
        country, province, regency, sex, scheme, employer_type, occupation, education, unit,
        count(distinct person_token) - count(*) as persons_beyond_services
    from completed
    semi join recurring using (person_token)
    group by grouping sets ((in_month), (in_quarter), (in_year)), grouping sets ((), (country), (province), (regency), (sex), (scheme), (employer_type), (occupation), (education), (unit))
),

cells as (
    select steps.period_type, date_trunc(steps.period_type, origins.in_month) as period_start, origins.* exclude (in_month)
    from origins
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    union all by name
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        coalesce(in_month, in_quarter, in_year) as period_start,
        repeats.* exclude (in_month, in_quarter, in_year)
    from repeats
),

named as (
    select
        * exclude (period_start, country, province, regency, sex, scheme, employer_type, occupation, education, unit),
        cast(period_start as date) as period_start,
        case
            when country is not null then 'country'
            when regency is not null then 'regency' when province is not null then 'province'
            when sex is not null then 'sex' when scheme is not null then 'scheme'
            when employer_type is not null then 'employer_type' when occupation is not null then 'occupation'
            when education is not null then 'education' when unit is not null then 'unit' else 'total'
        end as breakdown,
        coalesce(country, regency, province, sex, scheme, employer_type, occupation, education, unit, '') as member
    from cells
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
    cast(coalesce(sum(services), 0) as bigint) as services,
    cast(coalesce(sum(services), 0) + coalesce(sum(persons_beyond_services), 0) as bigint) as persons,
    cast(coalesce(sum(departures), 0) as bigint) as departures,
    cast(coalesce(sum(services_legal_employer), 0) as bigint) as services_legal_employer,
    cast(coalesce(sum(services_known_employer), 0) as bigint) as services_known_employer,
    cast(coalesce(sum(services_women), 0) as bigint) as services_women,
    cast(coalesce(sum(services_known_sex), 0) as bigint) as services_known_sex,
    cast(coalesce(sum(services_skilled), 0) as bigint) as services_skilled,
    cast(coalesce(sum(services_known_skill), 0) as bigint) as services_known_skill
from named
group by all
order by period_type, period_start, breakdown, member
