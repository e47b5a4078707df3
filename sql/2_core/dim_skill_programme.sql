/* One row: one programme of skilled placement.
   Why: each programme has a funnel of its own. */
select
    code,
    name_id,
    name_en
from ref_skill_programme
order by code
