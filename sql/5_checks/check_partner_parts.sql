/* One row: one counted flow whose part for Indonesia is not known, because the percentages of its countries cannot be relied on.
   Why: such money is missing from every amount for Indonesia, and only its publisher can say how much it is. */
select source, row_key, reporting_org_ref, iati_identifier, recipients, amount, currency
from fct_partner_flows
where country = 'IDN' and is_counted_by_reporter and recipient_amount is null
