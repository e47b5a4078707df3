/* One row: one remittance amount below zero.
   Why: an inflow is never negative; the sign comes from another table or from a correction row. */
select source, row_key, quarter_start, country, channel, amount_usd
from fct_remittances
where amount_usd < 0
