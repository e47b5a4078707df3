/* One row: one province by its Kemendagri code, in the wording that is valid latest.
   Why: the ministry of home affairs and BPS number Papua differently, so a bare code is never
   enough; facts carry the Kemendagri code, and its BPS twin stands here. */
select
    kemendagri as code,
    name as name_id,
    name as name_en,
    bps as bps_code,
    try_cast(nullif(valid_from, '') as date) as valid_from,
    try_cast(nullif(valid_to, '') as date) as valid_to
from ref_province
qualify row_number() over (
    partition by kemendagri
    order by nullif(valid_to, '') desc nulls first, nullif(valid_from, '') desc nulls last
) = 1
order by code
