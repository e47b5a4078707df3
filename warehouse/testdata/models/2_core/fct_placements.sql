/* One row: one completed placement. Why: the base of every placement KPI. */
select source, row_key, placement_id, nik_token as person_token, country, completed_on as placed_on, wage, status, commit_no
from stg_placements
order by placed_on, source, row_key
