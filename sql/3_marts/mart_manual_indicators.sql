/* One row: one value of one manual indicator: of one period, in all or of one country or service unit.
   Why: several papers may speak of one period; the one dated last by run.as_of counts, and a paper without a date gives
   way to one that has it. A value is nobody's sum: what is not handed over is not there. */
with papers as (
    select
        kpi, period_type, period, period_start,
        case when country is not null then 'country' when unit is not null then 'unit' else 'total' end as breakdown,
        coalesce(country, unit, '') as member,
        cast(indicator_value as double) as indicator_value, dated_on, document,
        count(*) over (partition by kpi, period_type, period, country, unit) as papers
    from fct_manual_indicators
    cross join run
    where period_start <= run.as_of and (dated_on is null or dated_on <= run.as_of)
    qualify row_number() over (
        partition by kpi, period_type, period, country, unit
        order by dated_on desc nulls last, source_updated_at desc nulls last, source, row_key
    ) = 1
)

select kpi, period_type, period, period_start, breakdown, member, indicator_value, dated_on, document, papers
from papers
order by kpi, period_type, period_start, breakdown, member
