/* One row: one ended month (remittances: quarter) of a dataset that was not loaded.
   Why: its figures are "not available", and so are those of its quarter and its year. */
select dataset, period, period_start, period_end
from mart_available_periods
where not is_loaded and has_ended and period_type = if(dataset = 'remittances', 'quarter', 'month')
