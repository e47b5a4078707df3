/* One row: what kind of organisation a development partner is, by code.
   Why: facts carry IATI's numbers; here are their names. */
select
    code,
    name_id,
    name_en
from ref_iati_organisation_type
order by code
