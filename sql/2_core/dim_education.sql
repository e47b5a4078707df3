/* One row: one level of education.
   Why: the label of the level reached, as the ministry groups it. */
select
    code,
    name_id,
    name_en
from ref_education
order by code
