/* One row: one placement scheme.
   Why: the way a worker is placed (government to government, licensed agency, own company, individual …)
   has old and new names; the code stays. */
select
    code,
    name_id,
    name_en
from ref_scheme
order by code
