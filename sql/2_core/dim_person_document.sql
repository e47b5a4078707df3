/* One row: one passport number that is seen without a NIK somewhere, and the one NIK that it is seen with elsewhere.
   Why: a worker is placed with NIK and passport and complains with the passport alone; both are one person. A passport
   that is seen with several NIKs proves nothing and bridges nothing. */
with seen as (
    select nik_token, passport_token from stg_arrivals where passport_token is not null
    union all
    select nik_token, passport_token from stg_businesses where passport_token is not null
    union all
    select nik_token, passport_token from stg_candidates where passport_token is not null
    union all
    select nik_token, passport_token from stg_cases where passport_token is not null
    union all
    select nik_token, passport_token from stg_empowerment_events where passport_token is not null
    union all
    select nik_token, passport_token from stg_legal_aid where passport_token is not null
    union all
    select nik_token, passport_token from stg_loans where passport_token is not null
    union all
    select nik_token, passport_token from stg_placements where passport_token is not null
    union all
    select nik_token, passport_token from stg_registrations where passport_token is not null
    union all
    select nik_token, passport_token from stg_reintegration where passport_token is not null
    union all
    select nik_token, passport_token from stg_returns where passport_token is not null
    union all
    select nik_token, passport_token from stg_shelter_stays where passport_token is not null
    union all
    select nik_token, passport_token from stg_trainings where passport_token is not null
)

select
    passport_token as document_token,
    min(nik_token) as holder_token
from seen
where passport_token in (select passport_token from seen where nik_token is null)
group by passport_token
having count(distinct nik_token) = 1
order by document_token
