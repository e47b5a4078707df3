/* One row: one backlog that is not the sum of its four age bands.
   Why: an open case has exactly one age. */
select
    period_type,
    period,
    breakdown,
    member,
    sum(value) filter (measure = 'open') as open_cases,
    sum(value) filter (measure <> 'open') as sum_of_bands
from figures
where kpi = 'CMP-05' and value is not null
group by period_type, period, breakdown, member
having open_cases is distinct from sum_of_bands
