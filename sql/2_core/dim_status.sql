/* One row: one step of the ladder that a case climbs.
   Why: resolved, closed by administration and still open are three things; the flags say which is which. */
select
    code,
    name_id,
    name_en,
    cast(nullif(is_open, '') as boolean) as is_open,
    cast(nullif(is_resolved, '') as boolean) as is_resolved,
    cast(nullif(is_administrative, '') as boolean) as is_administrative,
    try_cast(step as tinyint) as step_no
from ref_status
order by code
