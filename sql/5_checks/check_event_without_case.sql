/* One row: one event whose case was never delivered.
   Why: closures and backlog are counted over cases; such an event counts nowhere. */
select events.source, events.row_key, events.status, events.occurred_on
from fct_case_events as events
anti join fct_cases as cases on events.source = cases.source and events.case_id = cases.case_id
