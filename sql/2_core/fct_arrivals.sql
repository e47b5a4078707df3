/* One row: one crossing into Indonesia of a person known as a migrant worker.
   Why: arrivals are a lower bound. A month without any row is not available, which is something else than no
   arrivals. */
select
    source,
    row_key,
    arrival_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    country,
    point,
    arrived_on,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_arrivals
order by arrived_on, source, row_key
