/* One row: one case without any event.
   Why: it counts as received and as open for ever, because nothing says what became of it. */
select source, row_key, received_on, recorded_status
from fct_cases
where events = 0
