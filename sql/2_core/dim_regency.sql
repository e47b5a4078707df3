/* One row: one regency or city by its four-digit Kemendagri code.
   Why: the origin of a worker below the province, for maps and for local offices. */
select
    kemendagri as code,
    name as name_id,
    name as name_en,
    province_kemendagri,
    nullif(bps, '') as bps_code
from ref_regency
order by code
