/* One row: one event that happened before its case was received.
   Why: either the receipt was recorded late or the event belongs to another case. */
select
    events.source,
    events.row_key,
    events.status,
    events.occurred_on,
    cases.received_on
from fct_case_events as events
inner join fct_cases as cases on events.source = cases.source and events.case_id = cases.case_id
where events.occurred_on < cases.received_on
