/* One row: one language or skills course of one person.
   Why: the share that passed is over those who sat the examination: `has_sat` says so by its day or its result. */
select
    source,
    row_key,
    training_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    training_kind,
    course,
    language,
    level,
    country,
    programme,
    target_group,
    provider,
    funder,
    unit,
    started_on,
    ended_on,
    exam_on,
    coalesce(exam_on <= run.as_of, false) or passed is not null as has_sat,
    if(coalesce(exam_on <= run.as_of, false) or passed is not null, coalesce(exam_on, ended_on, started_on), null) as sat_on,
    passed as has_passed,
    certified as is_certified,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_trainings
cross join run
order by started_on, source, row_key
