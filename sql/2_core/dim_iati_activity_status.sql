/* One row: how far an activity of a development partner has come, by code.
   Why: facts carry IATI's numbers; here are their names. */
select
    code,
    name_id,
    name_en
from ref_iati_activity_status
order by code
