/* One row: one language of a country of placement.
   Why: results of examinations are shown by language. */
select
    code,
    name_id,
    name_en
from ref_language
order by code
