/* One row: one kind of empowerment.
   Why: training, mentoring, capital, market and financial literacy are figures of their own. */
select
    code,
    name_id,
    name_en
from ref_empowerment_type
order by code
