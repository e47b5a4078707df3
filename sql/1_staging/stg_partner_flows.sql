/* One row: one transaction, budget or planned disbursement and recipient as told last.
   Why: files are delivered whole again and again; only the newest word on a flow counts. Flows that an activity no
   longer has are left out in fct_partner_flows, since nothing but the rest of the activity shows it. */
with deletions as (
    select source, row_key, max(commit_no) as deleted_in_commit
    from lake_tombstones
    where dataset = 'partner_flows'
    group by all
),

gone as (
    select deletions.source, deletions.row_key
    from deletions
    inner join lake_partner_flows as told on deletions.source = told.source and deletions.row_key = told.row_key
    group by all
    having max(told.commit_no) <= max(deletions.deleted_in_commit)
),

newest as (
    select *
    from lake_partner_flows
    qualify row_number() over (
        partition by source, row_key
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    ) = 1
)

select
    ---------- where the row comes from
    source, row_key, period, source_updated_at, commit_no, known_at, object_id, row_no,
    ---------- whose flow
    iati_identifier, reporting_org_ref, reporting_org_type, secondary_reporter, hierarchy, parent_activities, child_activities,
    ---------- what it is
    flow_kind, flow_no, flow_ref, transaction_type, budget_type, budget_status, humanitarian, flow_date, period_end,
    value, currency, value_date, flow_type, finance_type, aid_type,
    ---------- between whom
    provider_org_ref, provider_org, provider_activity_id, receiver_org_ref, receiver_org, receiver_activity_id,
    ---------- where and for what
    recipient_no, recipient_country, recipient_region, recipient_vocabulary, recipient_percentage, recipients, recipients_from,
    sectors, sectors_check, sectors_from
from newest
anti join gone using (source, row_key)
