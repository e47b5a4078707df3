/* One row: one shelter stay as its source told it last.
   Why: a stay is sent again when it ends; only its newest version says whether the person is still there. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'shelter_stays'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_shelter_stays as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_shelter_stays
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- ids
    stay_id, nik_token, nik_check, passport_token,
    ---------- the person
    sex, province_kemendagri,
    ---------- the stay
    location, shelter_id, country, unit, category, checked_in_on, checked_out_on
from newest
anti join gone using (source, row_key)
