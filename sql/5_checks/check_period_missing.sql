/* One row: one ended period of a dataset, as short as it is delivered (a month, for some a quarter or year), that was not loaded.
   Why: its figures are "not available", and so are those of its quarter and its year. */
select dataset, period, period_start, period_end
from mart_available_periods
where not is_loaded and has_ended and period_type = delivery_step
