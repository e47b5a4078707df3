/* One row: one activity of a development partner as told last.
   Why: files are delivered whole again and again; only what a partner says now counts. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'partner_activities'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_partner_activities as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_partner_activities
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- what it is
    iati_identifier, reporting_org_ref, reporting_org_type, reporting_org, secondary_reporter,
    title, title_language, title_en, title_id, activity_status, humanitarian,
    ---------- when
    planned_start, actual_start, planned_end, actual_end, last_updated,
    ---------- who, where, for what
    hierarchy, parent_activities, child_activities,
    funding_orgs, accountable_orgs, extending_orgs, implementing_orgs,
    recipient_countries, recipient_regions, recipients, sectors, sectors_check,
    ---------- how it is paid
    default_currency, collaboration_type, default_flow_type, default_finance_type, default_aid_type,
    transactions, budgets, planned_disbursements
from newest
anti join gone using (source, row_key)
