/* One row: the rupiah price of one unit of a currency on one day on which it was quoted.
   Why: amounts are converted at one price a day: the reference rate where there is one, else a middle rate, else
   the middle between buying and selling. A day without a row had no quotation. */
select
    currency,
    rate_on,
    cast(coalesce(
        max(rate_idr_per_one) filter (where rate_kind = 'jisdor'),
        max(rate_idr_per_one) filter (where rate_kind = 'mid'),
        (
            max(rate_idr_per_one) filter (where rate_kind = 'transaction_buy')
            + max(rate_idr_per_one) filter (where rate_kind = 'transaction_sell')
        ) * 0.5
    ) as decimal(18, 6)) as idr_per_one
from fct_exchange_rates
group by currency, rate_on
having idr_per_one is not null
order by currency, rate_on
