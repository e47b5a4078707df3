/* One row: one complaint case, with what its events say about its course.
   Why: the base of every complaint KPI. Resolved (SELESAI), closed by administration (DITUTUP_ADM)
   and handed over (DILIMPAHKAN) are kept apart; the first closing step decides how a case closed. */
with milestones as (
    select
        source,
        case_id,
        count(*) as events,
        min(occurred_on) filter (status = 'DITERIMA') as accepted_on,
        min(occurred_on) filter (status = 'KLARIFIKASI_2') as clarified_again_on,
        min(occurred_at) filter (
            status in ('KLARIFIKASI_1', 'KLARIFIKASI_2', 'MEDIASI', 'LITIGASI', 'DILIMPAHKAN')
        ) as handled_at,
        min(occurred_at) filter (status in ('SELESAI', 'DITUTUP_ADM', 'DILIMPAHKAN')) as closed_at,
        min(occurred_on) filter (status = 'SELESAI') as resolved_on,
        min(occurred_on) filter (status in ('SELESAI', 'DITUTUP_ADM', 'DILIMPAHKAN')) as closed_on,
        first({'status': status, 'reason': closure_reason} order by occurred_at, seq)
            filter (status in ('SELESAI', 'DITUTUP_ADM', 'DILIMPAHKAN')) as closing
    from fct_case_events
    group by source, case_id
)

select
    cases.source,
    cases.row_key,
    cases.case_id,
    coalesce(cases.nik_token, cases.passport_token) as person_token,
    cases.nik_check,
    cases.sex,
    cases.province_kemendagri,
    cases.channel,
    cases.relation,
    cases.procedure,
    cases.country,
    cases.category,
    cases.p3mi,
    cases.unit,
    cases.received_at,
    cast(timezone('Asia/Jakarta', cases.received_at) as date) as received_on,
    coalesce(milestones.accepted_on, cast(timezone('Asia/Jakarta', cases.received_at) as date)) as started_on,
    milestones.clarified_again_on,
    if(
        milestones.handled_at <= coalesce(milestones.closed_at, milestones.handled_at),
        cast(timezone('Asia/Jakarta', milestones.handled_at) as date), milestones.resolved_on
    ) as facilitated_on,
    milestones.resolved_on,
    milestones.closed_on,
    milestones.closing.status as closed_as,
    coalesce(milestones.closing.reason, cases.closure_reason) as closure_reason,
    milestones.resolved_on is not null as is_resolved,
    coalesce(milestones.closing.status = 'DITUTUP_ADM', false) as is_administrative,
    coalesce(milestones.closing.status = 'DILIMPAHKAN', false) as is_handed_over,
    not coalesce(statuses.is_open, true) and milestones.closed_on is null as is_closed_without_event,
    milestones.resolved_on - started_on as days_to_resolution,
    milestones.closed_on - started_on as days_to_closure,
    coalesce(milestones.events, 0) as events,
    cases.status as recorded_status,
    cases.outcome,
    cases.path,
    cases.amount_recovered as amount_recovered_idr,
    cases.period as partition_month,
    cases.source_updated_at,
    cases.commit_no,
    cases.known_at,
    cases.object_id,
    cases.row_no
from stg_cases as cases
left join milestones on cases.source = milestones.source and cases.case_id = milestones.case_id
left join dim_status as statuses on cases.status = statuses.code
order by received_at, source, row_key
