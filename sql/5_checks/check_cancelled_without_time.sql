/* One row: one cancelled placement that does not say when it was cancelled, or a completed one that does.
   Why: history needs both the status and its time. */
select source, row_key, status, cancelled_at
from fct_placements
where (status = 'cancelled') <> (cancelled_at is not null)
