/* One row: what a transaction of a development partner does, by code.
   Why: facts carry IATI's numbers; here are their names. */
select
    code,
    name_id,
    name_en
from ref_iati_transaction_type
order by code
