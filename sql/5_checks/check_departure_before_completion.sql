/* One row: one placement whose worker left more than 30 days before the service was completed.
   Why: a few days can be late paperwork; a month means swapped dates or another journey. */
select source, row_key, placed_on, departed_on, placed_on - departed_on as days_too_early
from fct_placements
where status = 'completed' and departed_on < placed_on - 30
