/* One row: one month of one dataset for which something was delivered, with the dataset's rules of time.
   Why: nothing counted is zero only where data were delivered. Where every month has rows (dense), one
   without is missing; where things are rare (sparse), a month between two with rows simply had none;
   where a register's entries last (lasting), it speaks for every month up to now. */
with rules as (
    select *
    from (values
        ('placements', 13, 'month', 'dense'), ('departures', 13, 'month', 'dense'), ('cases', 6, 'month', 'dense'),
        ('case_outcomes', 6, 'month', 'dense'), ('remittances', 12, 'quarter', 'dense'),
        ('returns', 6, 'month', 'sparse'), ('shelter_stays', 6, 'month', 'sparse'), ('shelter_capacity', 3, 'month', 'lasting'),
        ('legal_aid', 12, 'month', 'sparse'), ('mission_cases', 12, 'year', 'dense'), ('missing_migrants', 12, 'month', 'sparse'),
        ('empowerment_events', 6, 'month', 'sparse'), ('businesses', 6, 'month', 'sparse'), ('loans', 6, 'month', 'sparse'),
        ('trainings', 12, 'month', 'sparse'), ('candidates', 12, 'month', 'sparse'), ('reintegration', 6, 'month', 'sparse'),
        ('vacancies', 6, 'month', 'sparse'), ('registrations', 13, 'month', 'sparse'), ('arrivals', 6, 'month', 'sparse'),
        ('identity_checks', 6, 'month', 'sparse'), ('social_security_members', 3, 'month', 'dense'),
        ('social_security_claims', 3, 'month', 'sparse'), ('p3mi_licences', 3, 'month', 'lasting'),
        ('p3mi_sanctions', 3, 'month', 'lasting'), ('villages', 3, 'month', 'lasting'), ('exchange_rates', 1, 'month', 'dense'),
        ('partner_flows', 12, 'month', 'sparse'), ('examinations', 12, 'month', 'sparse'), ('remittance_costs', 3, 'quarter', 'dense')
    ) as rules (dataset, settling_months, delivery_step, pattern)
),

dated as (
    select 'placements' as dataset, placed_on as dated_on from fct_placements
    union all select 'cases', received_on from fct_cases
    union all select 'remittances', unnest([quarter_start, quarter_start + interval 1 month, quarter_start + interval 2 month]) from fct_remittances
    union all select 'mission_cases', unnest(generate_series(period_start, period_start + interval 11 month, interval 1 month)) from fct_mission_cases where month_no is null
    union all select 'returns', returned_on from fct_returns
    union all select 'shelter_stays', checked_in_on from fct_shelter_stays
    union all select 'shelter_capacity', valid_from from fct_shelter_capacity
    union all select 'legal_aid', started_on from fct_legal_aid
    union all select 'missing_migrants', incident_on from fct_missing_migrants
    union all select 'empowerment_events', held_on from fct_empowerment_events
    union all select 'businesses', formed_on from fct_businesses
    union all select 'loans', disbursed_on from fct_loans
    union all select 'trainings', started_on from fct_trainings
    union all select 'candidates', applied_on from fct_candidates
    union all select 'reintegration', returned_on from fct_reintegration
    union all select 'vacancies', opened_on from fct_vacancies
    union all select 'registrations', registered_on from fct_registrations
    union all select 'arrivals', arrived_on from fct_arrivals
    union all select 'identity_checks', checked_on from fct_identity_checks
    union all select 'social_security_members', counted_on from fct_social_security_members
    union all select 'social_security_claims', month_start from fct_social_security_claims
    union all select 'p3mi_licences', licensed_on from fct_p3mi_licences
    union all select 'p3mi_sanctions', imposed_on from fct_p3mi_sanctions
    union all select 'villages', decreed_on from fct_villages
    union all select 'exchange_rates', rate_on from fct_exchange_rates
    union all select 'partner_flows', flow_on from fct_partner_flows where flow_class = 'spending'
    union all select 'examinations', sat_on from fct_trainings
    union all select 'remittance_costs', unnest([quarter_start, quarter_start + interval 1 month, quarter_start + interval 2 month]) from fct_remittance_costs where receiving_country = 'IDN' and cost_percent is not null and amount_usd = 200
),

with_rows as (select distinct dataset, cast(date_trunc('month', dated_on) as date) as month_start from dated where dated_on is not null),

filled as (
    select dataset, cast(unnest(generate_series(
        min(month_start),
        if(any_value(pattern) = 'lasting', greatest(max(month_start), date_trunc('month', any_value(run.as_of))), max(month_start)),
        interval 1 month
    )) as date) as month_start
    from with_rows
    inner join rules using (dataset)
    cross join run
    where pattern <> 'dense'
    group by dataset
),

partial as (
    -- A month of placements or cases whose departures or steps nobody wrote down yet says nothing of those.
    select 'departures' as dataset, month_start, month_start in (
        select date_trunc('month', departed_on) from fct_placements cross join run where departed_on <= run.as_of and status = 'completed'
    ) as is_loaded from with_rows where dataset = 'placements'
    union all
    select 'case_outcomes', month_start, month_start in (select date_trunc('month', occurred_on) from fct_case_events)
    from with_rows where dataset = 'cases'
),

months as (
    select with_rows.dataset, with_rows.month_start, true as is_loaded from with_rows
    union
    select dataset, month_start, true from filled
    union all
    select * from partial
)

select dataset, month_start, is_loaded, settling_months, delivery_step
from months
inner join rules using (dataset)
order by dataset, month_start
