/* One row: one cell of received cases: a period (month, quarter, year) of receipt and one member of
   one breakdown, or the total.
   Why: how many came, how many of them were resolved within 30, 90 and 180 days (a cohort keeps its
   period of receipt for ever), and how many concern nonprocedural workers or
   a charge above the cost structure (K06). The status is the step that the case's record names
   today; how long steps took is for the events to say. */
with cases as (
    select
        facilitated_on, channel as channel_told,
        date_trunc('month', received_on) as in_month, date_trunc('quarter', received_on) as in_quarter,
        date_trunc('year', received_on) as in_year,
        days_to_resolution, procedure as procedure_answer, category as category_answer,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(category, 'UNKNOWN') as category, coalesce(channel, 'UNKNOWN') as channel,
        coalesce(procedure, 'UNKNOWN') as procedure, coalesce(unit, 'UNKNOWN') as unit,
        coalesce(sex, 'UNKNOWN') as sex, coalesce(recorded_status, 'UNKNOWN') as status
    from fct_cases
),

cells as (
    select
        case when in_month is not null then 'month' when in_quarter is not null then 'quarter' else 'year' end as period_type,
        cast(coalesce(in_month, in_quarter, in_year) as date) as period_start,
        case
            when country is not null then 'country' when province is not null then 'province'
            when category is not null then 'category' when channel is not null then 'channel'
            when procedure is not null then 'procedure' when unit is not null then 'unit'
            when sex is not null then 'sex' when status is not null then 'status' else 'total'
        end as breakdown,
        coalesce(country, province, category, channel, procedure, unit, sex, status, '') as member,
        count(*) as received,
        count(*) filter (channel_told in ('EMAIL', 'EPENGADUAN', 'MEDSOS', 'WHATSAPP', 'LAPOR')) as digital,
        count(channel_told) as channel_known,
        count(facilitated_on) as facilitated,
        count(*) filter (days_to_resolution <= 30) as resolved_within_30_days,
        count(*) filter (days_to_resolution <= 90) as resolved_within_90_days,
        count(*) filter (days_to_resolution <= 180) as resolved_within_180_days,
        count(*) filter (procedure_answer = 'NONPROSEDURAL') as nonprocedural,
        count(*) filter (procedure_answer in ('PROSEDURAL', 'NONPROSEDURAL')) as procedure_known,
        count(*) filter (category_answer = 'K06') as overcharged
    from cases
    group by
        grouping sets ((in_month), (in_quarter), (in_year)),
        grouping sets ((), (country), (province), (category), (channel), (procedure), (unit), (sex), (status))
)

select
    period_type,
    case period_type
        when 'month' then strftime(period_start, '%Y-%m')
        when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
        else strftime(period_start, '%Y')
    end as period,
    period_start,
    breakdown,
    member,
    received,
    digital,
    channel_known,
    facilitated,
    resolved_within_30_days,
    resolved_within_90_days,
    resolved_within_180_days,
    nonprocedural,
    procedure_known,
    overcharged
from cells
order by period_type, period_start, breakdown, member
