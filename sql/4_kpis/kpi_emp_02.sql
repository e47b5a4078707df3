/* One row: share of the returned workers trained in one period and cell who formed a business within 12 months.
   Why: EMP-02. Business and training meet by the person or, without a document, by the number of the business; who has
   neither cannot be judged. A cohort shows only once its last person has had 12 months and businesses are known so far. */
with periods as (
    select * from mart_available_periods where dataset = 'empowerment_events'
),

known_until as (
    select least(max(last_day(formed_on)), max(run.as_of)) as known_on
    from fct_businesses
    cross join run
    where formed_on <= run.as_of
),

mature as (
    select periods.*, is_loaded and period_end + interval 12 month <= known_on as is_mature
    from periods
    cross join known_until
),

trained as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, held_on) as date) as period_start, held_on,
        coalesce(cast(person_token as varchar), business_id) as person,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(unit, 'UNKNOWN') as unit
    from fct_empowerment_events
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where event_type = 'PELATIHAN' and beneficiary = 'PMI_PURNA' and coalesce(cast(person_token as varchar), business_id) is not null
),

formed as (
    select cast(person_token as varchar) as person, formed_on from fct_businesses where person_token is not null
    union all
    select business_id, formed_on from fct_businesses
),

judged as (
    select
        trained.*,
        coalesce(formed.formed_on <= trained.held_on + interval 12 month, false) as is_founder
    from trained
    asof left join formed
        on trained.person = formed.person and trained.held_on <= formed.formed_on
),

counts as (
    select
        period_type,
        period_start,
        case
            when country is not null then 'country' when province is not null then 'province'
            when sex is not null then 'sex' when unit is not null then 'unit' else 'total'
        end as breakdown,
        coalesce(country, province, sex, unit, '') as member,
        count(distinct person) as persons,
        count(distinct person) filter (is_founder) as founders
    from judged
    group by grouping sets ((period_type, period_start)), grouping sets ((), (country), (province), (sex), (unit))
)

select
    'share' as measure,
    periods.period_type,
    periods.period,
    periods.period_start,
    coalesce(counts.breakdown, 'total') as breakdown,
    coalesce(counts.member, '') as member,
    cast(if(is_mature, counts.founders, null) as double) as numerator,
    cast(if(is_mature, counts.persons, null) as double) as denominator,
    100 * numerator / nullif(denominator, 0) as value,
    if(value is null, 'not_available', periods.status) as status
from mature as periods
left join counts using (period_type, period_start)
order by measure, periods.period_type, periods.period_start, breakdown, member
