/* One row: one cell with more persons than services, or with services and nobody who received them.
   Why: a person is counted once per cell, so persons lie between one and the number of services. */
select
    period_type,
    period,
    breakdown,
    member,
    sum(value) filter (measure = 'persons') as persons,
    sum(value) filter (measure = 'services') as services
from figures
where kpi = 'PLC-01' and measure in ('persons', 'services') and value is not null
group by period_type, period, breakdown, member
having persons > services or (services > 0 and persons = 0)
