/* One row: one theme of one programme of a partner.
   Why: which themes the partners stand behind is counted over programmes, and not over money. */
select
    source,
    row_key,
    programme_id,
    theme,
    partner,
    title,
    iati_activities,
    unit,
    started_on,
    ended_on,
    evidence,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_partner_programmes
order by started_on, source, row_key
