/* One row: one occupation.
   Why: job titles are free text; the code binds them to ISCO-08 and to a skill level. */
select
    code,
    name_id,
    name_en,
    isco08,
    try_cast(nullif(skill_level, '') as tinyint) as skill_level
from ref_occupation
order by code
