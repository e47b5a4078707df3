/* One row: one kind of loan.
   Why: KUR for migrant workers has figures of its own. */
select
    code,
    name_id,
    name_en
from ref_loan_kind
order by code
