/* One row: one flow and recipient as its activity tells it now, and whether it may be added up.
   Why: partners report the same money at several levels, and payer and receiver both report it.

   is_counted_by_reporter: what one organisation spent (types 3 and 4) or committed (type 2) itself. One level counts
   per organisation and class: where it reports most such flows, the deeper of two equal ones. Of the other levels
   only activities count that name neither parent nor child, since they repeat nothing. What a secondary
   reporter says of an activity counts unless its own reporter is among our data too. Money handed to an activity of its own that reports the like is counted there.
   is_counted_once: what all organisations together spent or committed. Money handed to an activity of another
   organisation that is among our data and reports the like is counted there, where it is used. So it is when the
   payer names that activity, or names the organisation and the activity reports money from the payer's coming in
   (types 1 and 11). */
with emptied as (
    select source, reporting_org_ref, iati_identifier
    from stg_partner_activities
    where transactions + budgets + planned_disbursements = 0
),

told as (
    select flows.*, coalesce(hierarchy, 1) as hierarchy_level,
        case when transaction_type in ('3', '4') then 'spending' when transaction_type = '2' then 'commitment' end as flow_class
    from stg_partner_flows as flows
    anti join emptied using (source, reporting_org_ref, iati_identifier)
    -- An activity stands whole in one object: what an older one says of it and the newest does not was withdrawn.
    qualify object_id is not distinct from first_value(object_id) over (
        partition by source, reporting_org_ref, iati_identifier
        order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc
    )
),

counted_level as (
    select source, reporting_org_ref, flow_class, hierarchy_level as counted_level
    from told
    where recipient_no = 1 and flow_class is not null
    group by source, reporting_org_ref, flow_class, hierarchy_level
    qualify row_number() over (partition by source, reporting_org_ref, flow_class order by count(*) desc, hierarchy_level desc) = 1
),

at_first_hand as (
    select distinct iati_identifier from told where not coalesce(secondary_reporter, false)
),

levelled as (
    select told.*,
        flow_class is not null
        and (not coalesce(secondary_reporter, false) or iati_identifier not in (select iati_identifier from at_first_hand))
        and (hierarchy_level = counted_level or parent_activities is null and child_activities is null) as is_at_level
    from told
    left join counted_level using (source, reporting_org_ref, flow_class)
),

users as (
    select distinct iati_identifier, reporting_org_ref, flow_class from levelled where is_at_level
),

acknowledged as (
    select distinct provider_activity_id as payer, iati_identifier, reporting_org_ref
    from told
    where transaction_type in ('1', '11') and provider_activity_id is not null
),

named as (
    select source, row_key, reporting_org_ref, iati_identifier, flow_class, receiver_activity_id as payee
    from levelled
    where is_at_level and receiver_activity_id is not null
    union all
    select flows.source, flows.row_key, flows.reporting_org_ref, flows.iati_identifier, flows.flow_class, acknowledged.iati_identifier
    from levelled as flows
    inner join acknowledged on flows.iati_identifier = acknowledged.payer and flows.receiver_org_ref = acknowledged.reporting_org_ref
    where flows.is_at_level and flows.receiver_activity_id is null
),

handed_on as (
    select named.source, named.row_key,
        bool_or(users.reporting_org_ref = named.reporting_org_ref) as is_own,
        min(users.iati_identifier) as counted_in_activity
    from named
    inner join users on named.payee = users.iati_identifier and named.flow_class = users.flow_class
    where named.payee <> named.iati_identifier
    group by all
)

select
    levelled.source,
    levelled.row_key,
    hierarchy_level,
    flow_class,
    is_at_level and not coalesce(is_own, false) as is_counted_by_reporter,
    is_at_level and counted_in_activity is null as is_counted_once,
    counted_in_activity
from levelled
left join handed_on using (source, row_key)
order by levelled.source, levelled.row_key
