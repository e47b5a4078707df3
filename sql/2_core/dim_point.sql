/* One row: one point where workers leave or arrive.
   Why: deportations are counted by the point at which people arrive. */
select
    code,
    name_id,
    name_en,
    nullif(type, '') as point_type,
    nullif(kemendagri, '') as province_kemendagri
from ref_point
order by code
