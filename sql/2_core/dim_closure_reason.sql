/* One row: one reason for closing a case without resolving it.
   Why: the rule names the reasons; they must never be counted as resolved. */
select
    code,
    name_id,
    name_en
from ref_closure_reason
order by code
