/* One row: one status of a licence.
   Why: licences in force, suspended and revoked are shown by name. */
select
    code,
    name_id,
    name_en
from ref_licence_status
order by code
