/* One row: one country. Why: labels. */
select iso3 as code, name_id, coalesce(name_en, name_id) as name_en from ref_country order by code
