/* One row: one person with several completed services for the same country in the same month.
   Why: possible (a cancelled contract replaced at once), but more often one service recorded twice. */
select
    strftime(placed_on, '%Y-%m') as placed_month,
    country,
    count(*) as services,
    min(source) as source,
    min(row_key) as row_key
from fct_placements
where status = 'completed' and person_token is not null
group by person_token, placed_month, country
having count(*) > 1
