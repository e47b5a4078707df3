/* One row: one cell of KUR for migrant workers by the period (month, quarter, year) in which it was paid out, and one
   member of one breakdown, or the total.
   Why: EMP-04 and EMP-05 speak of the same loans. The quality of a loan is the one last reported: it belongs to the
   period of the loan and not to that of the report. Debtors count once per cell; one without a document every time. */
with loans as (
    select
        steps.period_type, cast(date_trunc(steps.period_type, disbursed_on) as date) as period_start,
        coalesce(cast(person_token as varchar), source || '|' || row_key) as debtor,
        disbursed_idr, outstanding_idr, is_non_performing,
        coalesce(country, 'UNKNOWN') as country, coalesce(province_kemendagri, 'UNKNOWN') as province,
        coalesce(sex, 'UNKNOWN') as sex
    from fct_loans
    cross join run
    cross join (values ('month'), ('quarter'), ('year')) as steps (period_type)
    where loan_kind = 'KUR_PMI' and disbursed_on <= run.as_of
)

select
    period_type,
    period_start,
    case
        when country is not null then 'country' when province is not null then 'province'
        when sex is not null then 'sex' else 'total'
    end as breakdown,
    coalesce(country, province, sex, '') as member,
    count(disbursed_idr) as loans,
    count(distinct debtor) as debtors,
    cast(sum(disbursed_idr) as decimal(18, 2)) as disbursed_idr,
    cast(sum(outstanding_idr) filter (is_non_performing is not null) as decimal(18, 2)) as outstanding_rated_idr,
    cast(coalesce(sum(outstanding_idr) filter (is_non_performing), 0) as decimal(18, 2)) as outstanding_bad_idr
from loans
group by
    grouping sets ((period_type, period_start)),
    grouping sets ((), (country), (province), (sex))
order by period_type, period_start, breakdown, member
