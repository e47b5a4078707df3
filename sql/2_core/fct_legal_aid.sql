/* One row: one legal service for one person.
   Why: mediations that settled and proceedings that were won are shares of the services that ended;
   `is_litigation` parts the two. */
select
    source,
    row_key,
    aid_id,
    case_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    path,
    path_type = 'LITIGASI' as is_litigation,
    category,
    place,
    forum,
    country,
    unit,
    started_on,
    ended_on,
    result,
    amount_recovered,
    recovered_currency,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_legal_aid
left join dim_path as paths on path = paths.code
order by started_on, source, row_key
