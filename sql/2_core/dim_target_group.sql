/* One row: one group that skilled placement is meant for.
   Why: youth and health-school graduates are followed apart. */
select
    code,
    name_id,
    name_en
from ref_target_group
order by code
