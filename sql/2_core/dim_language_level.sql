/* One row: one level of a language examination.
   Why: B1, B2, N4 and EPS-TOPIK are shown by name. */
select
    code,
    name_id,
    name_en
from ref_language_level
order by code
