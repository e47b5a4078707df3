/* One row: one sex as recorded.
   Why: the label of L and P in both languages. */
select
    code,
    name_id,
    name_en
from ref_sex
order by code
