/* One row: one share below 0 or above 100, or one concentration index outside 0 to 1.
   Why: such a figure is wrong whatever its data are; its numerator is no part of its denominator. */
select kpi, measure, period, breakdown, member, numerator, denominator, value
from figures
where
    (kpi in ('PLC-04', 'PLC-06', 'PLC-07', 'CMP-03', 'CMP-06', 'CMP-07') and not value between 0 and 100)
    or (kpi, measure) in (
        ('PLC-05', 'share'), ('PLC-09', 'fill_rate'), ('BFR-01', 'coverage'), ('BFR-06', 'sanctioned_share'),
        ('GOV-03', 'verified'), ('GOV-03', 'confirmed_of_asked'), ('GOV-01', 'on_time_share'), ('GOV-02', 'passed_share'), ('GOV-06', 'domains_share'),
        ('COP-05', 'on_time_share')
    ) and not value between 0 and 100
    or (kpi = 'PLC-08' and measure = 'top5' and not value between 0 and 100)
    or (kpi = 'PLC-08' and measure = 'hhi' and not value between 0 and 1)
    or (kpi, measure) in (
        ('CMP-08', 'within_7'), ('CMP-09', 'share'), ('CMP-10', 'share'), ('LEG-01', 'share_settled'), ('LEG-02', 'share_won')
    ) and not value between 0 and 100
    or (kpi in ('EMP-02', 'EMP-03', 'EMP-09', 'SKL-02', 'SKL-04', 'PLC-11') and not value between 0 and 100)
    or (kpi, measure) in (('EMP-05', 'npl'), ('EMP-06', 'share')) and not value between 0 and 100
