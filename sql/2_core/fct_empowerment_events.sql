/* One row: one person's part in one event of empowerment.
   Why: persons reached are distinct persons here; participations are rows. A gain in score needs both tests. */
select
    source,
    row_key,
    participation_id,
    event_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    regency_kemendagri,
    beneficiary,
    country,
    event_type,
    programme,
    partner,
    unit,
    held_on,
    business_id,
    score_before,
    score_after,
    score_after - score_before as score_gain,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_empowerment_events
order by held_on, source, row_key
