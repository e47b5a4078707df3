/* One row: one business of a returned worker or a family member.
   Why: survival is counted over the businesses that somebody went to see and that are old enough; the dates of
   both visits are worked out here once. */
select
    source,
    row_key,
    business_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    regency_kemendagri,
    beneficiary,
    country,
    sector,
    unit,
    formed_on,
    cast(formed_on + interval 6 month as date) as due_6m_on,
    cast(formed_on + interval 12 month as date) as due_12m_on,
    active_6m as is_active_6m,
    active_12m as is_active_12m,
    income_6m_idr,
    income_12m_idr,
    linked_sale as has_linked_sale,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_businesses
order by formed_on, source, row_key
