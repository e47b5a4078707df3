/* One row: one development partner.
   Why: money comes under references, programmes and promises under names; both lead to one partner. */
select
    code,
    name_id,
    name_en,
    string_split(nullif(iati_refs, ''), ';') as iati_refs,
    nullif(country, '') as country
from ref_partner
order by code
