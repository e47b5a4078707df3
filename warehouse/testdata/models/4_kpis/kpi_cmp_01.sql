/* One row: one figure. Why: a second theme, to show what is withheld. */
select 'cases' as measure, 'year' as period_type, '2024' as period, date '2024-01-01' as period_start,
    breakdown, member, cases as numerator, null as denominator, cases as value, 'reported' as status
from (values ('total', '', 7), ('country', 'HKG', 4), ('country', 'MYS', 3)) as made_up (breakdown, member, cases)
