/* One row: one placement to a country that is not in the list. Why: a label would be missing. */
select source, row_key, placement_id, person_token, country
from fct_placements
where country is not null and country not in (select code from dim_country)
