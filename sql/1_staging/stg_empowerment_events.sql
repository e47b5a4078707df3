/* One row: one person's part in one event as its source told it last.
   Why: lists of participants are completed afterwards; only the newest version of a participation counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'empowerment_events'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_empowerment_events as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_empowerment_events
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- ids
    participation_id, event_id, nik_token, nik_check, passport_token,
    ---------- the person
    sex, province_kemendagri, regency_kemendagri,
    ---------- the event
    beneficiary, country, event_type, programme, partner, unit, held_on, business_id, score_before,
    score_after
from newest
anti join gone using (source, row_key)
