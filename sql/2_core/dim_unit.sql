/* One row: one service unit of the ministry (BP3MI, P4MI, mission …).
   Why: who served a worker or handles a case. */
select
    code,
    name as name_id,
    name as name_en,
    type as unit_type,
    nullif(parent, '') as parent_unit
from ref_unit
order by code
