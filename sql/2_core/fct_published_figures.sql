/* One row: one figure as a publication printed it.
   Why: computed figures are compared with printed ones, one by one; a difference gets a reason. */
select
    source,
    row_key,
    figure_no,
    period_text,
    period_kind,
    period_start,
    period_end,
    measure,
    breakdown,
    dimension,
    member_label,
    member_code,
    figure_value,
    unit,
    vintage_text,
    vintage_on,
    publication,
    flag,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_published_figures
order by figure_no, source, row_key
