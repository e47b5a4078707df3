/* One row: one case whose record and events disagree on whether it is closed.
   Why: a case called closed without a closing event has no closing day, so no KPI may use it as
   closed; a case called open after a closing event was reopened, which the KPIs do not follow. */
select
    cases.source,
    cases.row_key,
    cases.recorded_status,
    cases.closed_as,
    cases.closed_on
from fct_cases as cases
left join dim_status as statuses on cases.recorded_status = statuses.code
where cases.is_closed_without_event or (statuses.is_open and cases.closed_on is not null)
