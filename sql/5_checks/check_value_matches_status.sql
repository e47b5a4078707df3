/* One row: one figure whose status and value contradict each other.
   Why: a missing figure is "not available" and has no value; a value that is shown has a status. */
select kpi, measure, period, breakdown, member, value, status
from figures
where
    (value is null) <> (status in ('not_available', 'suppressed'))
    or status not in ('reported', 'provisional', 'not_available', 'suppressed')
    or isnan(value)
    or isinf(value)
