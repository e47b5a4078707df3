/* One row: one cell of empowerment: a period (month, quarter, year) and one member of one breakdown, or the total.
   Why: EMP-01 and EMP-07 count persons, and a person counts once per cell and period, so quarters and years are
   counted anew. Who came without any document counts as one person each time. An event to come is a plan. */
with participations as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, held_on) as date) as period_start,
        coalesce(cast(person_token as varchar), source || '|' || row_key) as person,
        event_type, beneficiary, score_gain,
        coalesce(beneficiary in ('PMI_PURNA', 'KELUARGA'), false) as is_home,
        coalesce(event_type, 'UNKNOWN') as of_type, coalesce(beneficiary, 'UNKNOWN') as of_beneficiary,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(unit, 'UNKNOWN') as unit
    from fct_empowerment_events
    cross join run
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where held_on <= run.as_of
)

select
    period_type,
    period_start,
    case
        when of_type is not null then 'empowerment_type' when of_beneficiary is not null then 'beneficiary'
        when country is not null then 'country' when province is not null then 'province'
        when sex is not null then 'sex' when unit is not null then 'unit' else 'total'
    end as breakdown,
    coalesce(of_type, of_beneficiary, country, province, sex, unit, '') as member,
    count(*) filter (is_home) as participations,
    count(distinct person) filter (is_home) as persons,
    count(distinct person) filter (is_home and event_type in ('PELATIHAN', 'PENDAMPINGAN')) as persons_trained_or_mentored,
    count(distinct person) filter (event_type = 'EDUKASI_KEUANGAN') as learners,
    count(score_gain) filter (event_type = 'EDUKASI_KEUANGAN') as learners_tested_twice,
    cast(sum(score_gain) filter (event_type = 'EDUKASI_KEUANGAN') as double) as score_gained
from participations
group by
    grouping sets ((period_type, period_start)),
    grouping sets ((), (of_type), (of_beneficiary), (country), (province), (sex), (unit))
order by period_type, period_start, breakdown, member
