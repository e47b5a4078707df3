/* One row: the active members at the end of one month, in one country (or all) and of one sex (or both).
   Why: a stock that is counted at the end of a month and never summed over months. */
select
    source,
    row_key,
    year as year_no,
    month as month_no,
    last_day(make_date(year, month, 1)) as counted_on,
    country,
    sex,
    members,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_social_security_members
order by counted_on, source, row_key
