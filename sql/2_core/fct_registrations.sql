/* One row: one registration of a worker who wants to leave.
   Why: how long the process takes is counted over those who came to its end, from the registration to the
   E-PMI. */
select
    source,
    row_key,
    registration_id,
    placement_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    regency_kemendagri,
    scheme,
    country,
    unit,
    registered_on,
    opp_on,
    epmi_on,
    epmi_on - registered_on as days_to_epmi,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_registrations
order by registered_on, source, row_key
