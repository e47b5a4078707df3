/* One row: one figure of PLC-01. Why: services and persons are different things. */
select measure, 'month' as period_type, period, period_start, breakdown, member,
    amount as numerator, null as denominator, amount as value, 'reported' as status
from mart_placement_counts
unpivot (amount for measure in (services, persons))
