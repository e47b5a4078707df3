/* One row: one case that closed, or was resolved, before it was received.
   Why: its duration is negative; the medians leave it out, and somebody has to repair the dates. */
select source, row_key, started_on, resolved_on, closed_on
from fct_cases
where closed_on < started_on or resolved_on < started_on
