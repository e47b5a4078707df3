/* One row: one village that was made a Desa Migran EMAS.
   Why: villages by the day of their decree, which is not the day of a press report. */
select
    source,
    row_key,
    village_code,
    village,
    province_kemendagri,
    regency_kemendagri,
    decree_no,
    unit,
    decreed_on,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_villages
order by decreed_on, source, row_key
