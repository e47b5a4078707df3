/* One row: one promised edition of one publication.
   Why: figures that come late are not used, so the calendar is kept by. */
select
    source,
    row_key,
    publication,
    due_on,
    published_on,
    coalesce(published_on <= due_on, false) as is_on_time,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_publication_calendar
order by due_on, publication, source, row_key
