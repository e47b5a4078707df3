/* One row: one target for one KPI measure and one period, as somebody announced it.
   Why: two targets for one year have been printed; both are kept, and `is_in_force` says which one
   a report may compare with. A KPI without a row here has no target. */
select
    kpi,
    measure,
    case
        when period like '____-__' and period not like '%Q%' then 'month'
        when period like '____-Q_' then 'quarter'
        else 'year'
    end as period_type,
    period,
    cast(value as double) as target_value,
    unit,
    try_cast(nullif(set_on, '') as date) as set_on,
    source as publication,
    status,
    status = 'in force' as is_in_force
from ref_targets
order by kpi, measure, period, set_on, publication
