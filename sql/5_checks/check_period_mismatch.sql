/* One row: one fact row that lies in another lake period than the month of its own date.
   Why: lake files are read and replaced by period; a row in the wrong one is lost at a backfill. */
select 'fct_placements' as fact, source, row_key, partition_month, strftime(placed_on, '%Y-%m') as own_month
from fct_placements
where partition_month <> strftime(placed_on, '%Y-%m')
union all
select 'fct_cases', source, row_key, partition_month, strftime(received_on, '%Y-%m')
from fct_cases
where partition_month <> strftime(received_on, '%Y-%m')
union all
select 'fct_case_events', source, row_key, partition_month, strftime(occurred_on, '%Y-%m')
from fct_case_events
where partition_month <> strftime(occurred_on, '%Y-%m')
union all
select 'fct_remittances', source, row_key, partition_month, strftime(quarter_start, '%Y-%m')
from fct_remittances
where partition_month <> strftime(quarter_start, '%Y-%m')
union all
select 'fct_exchange_rates', source, row_key, partition_month, strftime(rate_on, '%Y-%m')
from fct_exchange_rates
where partition_month <> strftime(rate_on, '%Y-%m')
union all
select 'fct_tki_stock', source, row_key, partition_month, strftime(stock_on, '%Y-%m')
from fct_tki_stock
where partition_month <> strftime(stock_on, '%Y-%m')
union all
select 'fct_statistics', source, row_key, partition_month, strftime(starts_on, '%Y-%m')
from fct_statistics
where partition_month <> strftime(starts_on, '%Y-%m')
