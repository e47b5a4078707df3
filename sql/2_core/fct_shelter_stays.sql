/* One row: one stay of one person in one shelter.
   Why: residents of a day and nights of a period are counted over stays; `nights` is known only once a stay has
   ended. */
select
    source,
    row_key,
    stay_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    location,
    shelter_id,
    country,
    unit,
    category,
    checked_in_on,
    checked_out_on,
    checked_out_on - checked_in_on as nights,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_shelter_stays
order by checked_in_on, source, row_key
