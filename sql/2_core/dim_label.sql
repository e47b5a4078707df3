/* One row: one word for one thing, with the days on which it was in use.
   Why: formal and informal became berbadan hukum and perseorangan, TKI became PMI; tables of those years carry
   the words of those years, and the code stays. */
select
    subject,
    code,
    label_id,
    label_en,
    try_cast(nullif(valid_from, '') as date) as valid_from,
    try_cast(nullif(valid_to, '') as date) as valid_to,
    source as told_by
from ref_label
order by subject, code, valid_from nulls first
