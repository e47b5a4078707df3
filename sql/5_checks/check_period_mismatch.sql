/* One row: one fact row that lies in another lake period than the month of its own date.
   Why: lake files are read and replaced by period; a row in the wrong one is lost at a backfill. */
select 'fct_placements' as fact, source, row_key, partition_month, strftime(placed_on, '%Y-%m') as own_month
from fct_placements
where partition_month <> strftime(placed_on, '%Y-%m')
union all
select 'fct_cases', source, row_key, partition_month, strftime(received_on, '%Y-%m')
from fct_cases
where partition_month <> strftime(received_on, '%Y-%m')
union all
select 'fct_case_events', source, row_key, partition_month, strftime(occurred_on, '%Y-%m')
from fct_case_events
where partition_month <> strftime(occurred_on, '%Y-%m')
union all
select 'fct_remittances', source, row_key, partition_month, strftime(quarter_start, '%Y-%m')
from fct_remittances
where partition_month <> strftime(quarter_start, '%Y-%m')
union all
select 'fct_exchange_rates', source, row_key, partition_month, strftime(rate_on, '%Y-%m')
from fct_exchange_rates
where partition_month <> strftime(rate_on, '%Y-%m')
union all
select 'fct_tki_stock', source, row_key, partition_month, strftime(stock_on, '%Y-%m')
from fct_tki_stock
where partition_month <> strftime(stock_on, '%Y-%m')
union all
select 'fct_statistics', source, row_key, partition_month, strftime(starts_on, '%Y-%m')
from fct_statistics
where partition_month <> strftime(starts_on, '%Y-%m')
union all
select 'fct_returns', source, row_key, partition_month, strftime(returned_on, '%Y-%m')
from fct_returns
where partition_month <> strftime(returned_on, '%Y-%m')
union all
select 'fct_shelter_stays', source, row_key, partition_month, strftime(checked_in_on, '%Y-%m')
from fct_shelter_stays
where partition_month <> strftime(checked_in_on, '%Y-%m')
union all
select 'fct_shelter_capacity', source, row_key, partition_month, strftime(valid_from, '%Y-%m')
from fct_shelter_capacity
where partition_month <> strftime(valid_from, '%Y-%m')
union all
select 'fct_legal_aid', source, row_key, partition_month, strftime(started_on, '%Y-%m')
from fct_legal_aid
where partition_month <> strftime(started_on, '%Y-%m')
union all
select 'fct_mission_cases', source, row_key, partition_month, strftime(period_start, '%Y-%m')
from fct_mission_cases
where partition_month <> strftime(period_start, '%Y-%m')
union all
select 'fct_empowerment_events', source, row_key, partition_month, strftime(held_on, '%Y-%m')
from fct_empowerment_events
where partition_month <> strftime(held_on, '%Y-%m')
union all
select 'fct_businesses', source, row_key, partition_month, strftime(formed_on, '%Y-%m')
from fct_businesses
where partition_month <> strftime(formed_on, '%Y-%m')
union all
select 'fct_loans', source, row_key, partition_month, strftime(disbursed_on, '%Y-%m')
from fct_loans
where partition_month <> strftime(disbursed_on, '%Y-%m')
union all
select 'fct_trainings', source, row_key, partition_month, strftime(started_on, '%Y-%m')
from fct_trainings
where partition_month <> strftime(started_on, '%Y-%m')
union all
select 'fct_candidates', source, row_key, partition_month, strftime(applied_on, '%Y-%m')
from fct_candidates
where partition_month <> strftime(applied_on, '%Y-%m')
union all
select 'fct_vacancies', source, row_key, partition_month, strftime(opened_on, '%Y-%m')
from fct_vacancies
where partition_month <> strftime(opened_on, '%Y-%m')
union all
select 'fct_p3mi_licences', source, row_key, partition_month, strftime(licensed_on, '%Y-%m')
from fct_p3mi_licences
where partition_month <> strftime(licensed_on, '%Y-%m')
union all
select 'fct_p3mi_sanctions', source, row_key, partition_month, strftime(imposed_on, '%Y-%m')
from fct_p3mi_sanctions
where partition_month <> strftime(imposed_on, '%Y-%m')
union all
select 'fct_social_security_members', source, row_key, partition_month, strftime(counted_on, '%Y-%m')
from fct_social_security_members
where partition_month <> strftime(counted_on, '%Y-%m')
union all
select 'fct_social_security_claims', source, row_key, partition_month, strftime(month_start, '%Y-%m')
from fct_social_security_claims
where partition_month <> strftime(month_start, '%Y-%m')
union all
select 'fct_villages', source, row_key, partition_month, strftime(decreed_on, '%Y-%m')
from fct_villages
where partition_month <> strftime(decreed_on, '%Y-%m')
union all
select 'fct_registrations', source, row_key, partition_month, strftime(registered_on, '%Y-%m')
from fct_registrations
where partition_month <> strftime(registered_on, '%Y-%m')
union all
select 'fct_arrivals', source, row_key, partition_month, strftime(arrived_on, '%Y-%m')
from fct_arrivals
where partition_month <> strftime(arrived_on, '%Y-%m')
union all
select 'fct_reintegration', source, row_key, partition_month, strftime(returned_on, '%Y-%m')
from fct_reintegration
where partition_month <> strftime(returned_on, '%Y-%m')
union all
select 'fct_identity_checks', source, row_key, partition_month, strftime(checked_on, '%Y-%m')
from fct_identity_checks
where partition_month <> strftime(checked_on, '%Y-%m')
union all
select 'fct_missing_migrants', source, row_key, partition_month, strftime(incident_on, '%Y-%m')
from fct_missing_migrants
where partition_month <> strftime(incident_on, '%Y-%m')
union all
select 'fct_partner_flows', source, row_key, partition_month, strftime(flow_on, '%Y-%m')
from fct_partner_flows
where partition_month <> strftime(flow_on, '%Y-%m')
union all
select 'fct_remittance_costs', source, row_key, partition_month, strftime(quarter_start, '%Y-%m')
from fct_remittance_costs
where partition_month <> strftime(quarter_start, '%Y-%m')
union all
select 'fct_manual_indicators', source, row_key, partition_month, strftime(period_start, '%Y-%m')
from fct_manual_indicators
where partition_month <> strftime(period_start, '%Y-%m')
union all
select 'fct_partner_programmes', source, row_key, partition_month, strftime(started_on, '%Y-%m')
from fct_partner_programmes
where partition_month <> strftime(started_on, '%Y-%m')
union all
select 'fct_cooperation_commitments', source, row_key, partition_month, strftime(met_on, '%Y-%m')
from fct_cooperation_commitments
where partition_month <> strftime(met_on, '%Y-%m')
union all
select 'fct_ministry_budget', source, row_key, partition_month, strftime(year_start, '%Y-%m')
from fct_ministry_budget
where partition_month <> strftime(year_start, '%Y-%m')
union all
select 'fct_publication_calendar', source, row_key, partition_month, strftime(due_on, '%Y-%m')
from fct_publication_calendar
where partition_month <> strftime(due_on, '%Y-%m')
