/* One row: one month and member. Why: KPIs read counts, not placements. */
select strftime(placed_on, '%Y-%m') as period, cast(date_trunc('month', placed_on) as date) as period_start,
    case when grouping(country) = 1 then 'total' else 'country' end as breakdown,
    case when grouping(country) = 1 then '' else coalesce(country, 'UNKNOWN') end as member,
    count(*) as services, count(distinct person_token) as persons, sum(cast(wage * 100 as bigint)) as wage_minor
from fct_placements
cross join run
where status = 'completed' and placed_on <= run.as_of
group by grouping sets ((period, period_start), (period, period_start, country))
