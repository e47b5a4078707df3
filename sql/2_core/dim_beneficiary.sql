/* One row: one group that empowerment reaches.
   Why: returned workers are the target; families and others are counted apart. */
select
    code,
    name_id,
    name_en
from ref_beneficiary
order by code
