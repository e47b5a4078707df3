/* One row: one category of complaints.
   Why: categories are grouped for reports, and some are restricted because they could expose a victim. */
select
    code,
    name_id,
    name_en,
    "group" as category_group,
    cast(nullif(restricted, '') as boolean) as is_restricted
from ref_category
order by code
