/* One row: one cell of shelters: a period (month, quarter, year) and one member of one breakdown, or the
   total.
   Why: who slept in a shelter, for how many nights, and how many nights its beds allowed, night by night:
   a night belongs to the day on which it begins. A stay that has not ended goes on until run.as_of. A night
   in a shelter whose beds nobody told occupies none. Why somebody came is no breakdown, it is restricted. */
with stays as (
    select
        source, row_key, shelter_id, person_token, location, sex, province_kemendagri,
        unnest(generate_series(
            checked_in_on, least(coalesce(checked_out_on - 1, run.as_of), run.as_of), interval 1 day
        )) as night_on
    from fct_shelter_stays
    cross join run
),

capacity as (
    select
        source, shelter_id, location, beds,
        unnest(generate_series(valid_from, least(coalesce(valid_to, run.as_of), run.as_of), interval 1 day)) as night_on
    from fct_shelter_capacity
    cross join run
),

nights as (
    select
        stays.night_on, stays.location, stays.sex, stays.province_kemendagri, stays.person_token,
        if(stays.person_token is null, stays.source || '|' || stays.row_key, null) as nameless_stay,
        1 as nights, if(capacity.beds is null, 0, 1) as occupied_nights, 0 as bed_nights
    from stays
    left join capacity
        on stays.source = capacity.source and stays.shelter_id = capacity.shelter_id and stays.night_on = capacity.night_on
    union all by name
    select night_on, location, 0 as nights, 0 as occupied_nights, beds as bed_nights from capacity
),

-- A person's nights of a month are one row before anything is counted apart: thirty times fewer to go through.
monthly as (
    select
        date_trunc('month', night_on) as in_month, location, sex, province_kemendagri, person_token, nameless_stay,
        sum(nights) as nights, sum(occupied_nights) as occupied_nights, sum(bed_nights) as bed_nights
    from nights
    group by all
),

dated as (
    select
        * exclude (location, sex, province_kemendagri),
        date_trunc('quarter', in_month) as in_quarter, date_trunc('year', in_month) as in_year,
        coalesce(location, 'UNKNOWN') as shelter_location, coalesce(sex, 'UNKNOWN') as sex,
        coalesce(province_kemendagri, 'UNKNOWN') as province
    from monthly
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when shelter_location is not null then 'shelter_location' when sex is not null then 'sex'
            when province is not null then 'province' else 'total'
        end as breakdown,
        coalesce(shelter_location, sex, province, '') as member,
        count(distinct person_token) + count(distinct nameless_stay) as residents,
        sum(nights) as nights,
        sum(occupied_nights) as occupied_nights,
        sum(bed_nights) as bed_nights
    from dated
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (shelter_location), (sex), (province))
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
    residents,
    cast(nights as bigint) as nights,
    cast(occupied_nights as bigint) as occupied_nights,
    if(breakdown in ('total', 'shelter_location'), cast(bed_nights as bigint), null) as bed_nights
from cells
order by period_type, period_start, breakdown, member
