/* One row: one class of quality of a loan.
   Why: three of the five classes are non-performing; the flag says which. */
select
    code,
    name_id,
    name_en,
    cast(nullif(non_performing, '') as boolean) as is_non_performing
from ref_collectibility
order by code
