/* One row: one loan to a worker or a family member.
   Why: money paid out, debtors and the share of loans that are not paid back. Debtors are distinct persons; one
   person can have several loans. */
select
    source,
    row_key,
    loan_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    regency_kemendagri,
    lender,
    loan_kind,
    country,
    disbursed_on,
    disbursed_idr,
    outstanding_idr,
    collectibility,
    is_non_performing,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_loans
left join dim_collectibility as qualities on collectibility = qualities.code
order by disbursed_on, source, row_key
