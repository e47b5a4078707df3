/* One row: one application of one person to a programme of skilled placement.
   Why: the funnel from application to recognition. Who has passed a later stage has passed the earlier ones,
   also where their days were not recorded: `stage_no` is the furthest one. A day after run.as_of is a plan and
   no stage. */
select
    source,
    row_key,
    candidate_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    programme,
    batch,
    country,
    target_group,
    applied_on,
    interview_passed_on,
    language_passed_on,
    visa_on,
    departed_on,
    recognised_on,
    withdrawn_on,
    case
        when recognised_on <= run.as_of then 5
        when departed_on <= run.as_of then 4
        when visa_on <= run.as_of then 3
        when language_passed_on <= run.as_of then 2
        when interview_passed_on <= run.as_of then 1
        else 0
    end as stage_no,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_candidates
cross join run
order by applied_on, source, row_key
