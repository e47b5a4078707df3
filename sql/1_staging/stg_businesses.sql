/* One row: one business as its source told it last.
   Why: a business is sent again after each visit; only its newest version counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'businesses'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_businesses as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_businesses
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- ids
    business_id, nik_token, nik_check, passport_token,
    ---------- the person
    sex, province_kemendagri, regency_kemendagri,
    ---------- the business
    beneficiary, country, sector, unit, formed_on, active_6m, active_12m, income_6m_idr, income_12m_idr,
    linked_sale
from newest
anti join gone using (source, row_key)
