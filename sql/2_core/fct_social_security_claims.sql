/* One row: the claims of one kind in one month, in one country (or all) and of one sex (or both).
   Why: accidents at work per members, and the share of claims that are paid. Totals and parts are in one table:
   take the rows in which the other keys are null. */
select
    source,
    row_key,
    year as year_no,
    month as month_no,
    make_date(year, month, 1) as month_start,
    country,
    sex,
    claim_kind,
    filed,
    paid,
    fatal,
    paid_idr,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_social_security_claims
order by month_start, source, row_key
