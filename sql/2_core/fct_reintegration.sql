/* One row: the reintegration of one returned worker.
   Why: the share that was reached in time is over those who are entitled; the time limit is a dated rule and
   not set here. */
select
    source,
    row_key,
    reintegration_id,
    return_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    regency_kemendagri,
    country,
    unit,
    eligible as is_eligible,
    returned_on,
    social_on,
    social_on - returned_on as days_to_social,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_reintegration
order by returned_on, source, row_key
