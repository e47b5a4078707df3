/* One row: one theme of the founding meeting.
   Why: programmes, promises and budgets are told by the themes that the partners agreed on. */
select
    code,
    name_id,
    name_en
from ref_theme
order by code
