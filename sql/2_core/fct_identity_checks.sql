/* One row: one answer of the civil register about one identity number.
   Why: a number is verified when its latest check matched; earlier answers stay for what was known then. */
select
    source,
    row_key,
    check_id,
    nik_token as person_token,
    nik_check,
    result,
    checked_on,
    row_number() over (partition by nik_token order by checked_on desc, source, row_key desc) = 1 as is_latest,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_identity_checks
order by checked_on, source, row_key
