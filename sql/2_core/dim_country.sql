/* One row: one country or territory by its ISO 3166-1 alpha-3 code.
   Why: facts carry the code alone; names in two languages, and whether it is a territory, live here. */
select
    iso3 as code,
    name_id,
    name_en,
    iso2,
    cast(nullif(is_territory, '') as boolean) as is_territory,
    iso3 in (select country from ref_partner where country <> '') as is_partner_country
from ref_country
order by code
