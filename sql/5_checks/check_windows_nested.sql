/* One row: one cohort of which more cases were resolved within fewer days.
   Why: who was resolved within 30 days was resolved within 90 and 180 as well. */
with cohorts as (
    select
        period_type,
        period,
        breakdown,
        member,
        sum(numerator) filter (measure = 'within_30') as within_30,
        sum(numerator) filter (measure = 'within_90') as within_90,
        sum(numerator) filter (measure = 'within_180') as within_180
    from figures
    where kpi = 'CMP-03'
    group by period_type, period, breakdown, member
)

select period_type, period, breakdown, member, within_30, within_90, within_180
from cohorts
where within_30 > within_90 or within_90 > within_180
