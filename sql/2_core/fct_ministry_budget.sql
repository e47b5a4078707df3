/* One row: one year's budget of one part of the ministry for one theme.
   Why: partners are asked to fill a gap, so the gap has to be known. */
select
    source,
    row_key,
    make_date(year, 1, 1) as year_start,
    budget_unit,
    theme,
    need_idr,
    ceiling_idr,
    realised_idr,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_ministry_budget
order by year, source, row_key
