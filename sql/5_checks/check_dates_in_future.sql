/* One row: one fact row that is dated after run.as_of (a case, an event, a rate, a return …).
   Why: what has not happened yet cannot be counted; such a date is a typing error or a plan. */
select 'fct_placements' as fact, source, row_key, placed_on as dated_on
from fct_placements
cross join run
where placed_on > run.as_of
union all
select 'fct_cases', source, row_key, received_on
from fct_cases
cross join run
where received_on > run.as_of
union all
select 'fct_case_events', source, row_key, occurred_on
from fct_case_events
cross join run
where occurred_on > run.as_of
union all
select 'fct_remittances', source, row_key, quarter_start
from fct_remittances
cross join run
where quarter_start > run.as_of
union all
select 'fct_exchange_rates', source, row_key, rate_on
from fct_exchange_rates
cross join run
where rate_on > run.as_of
union all
select 'fct_tki_stock', source, row_key, stock_on
from fct_tki_stock
cross join run
where stock_on > run.as_of
union all
select 'fct_returns', source, row_key, returned_on
from fct_returns
cross join run
where returned_on > run.as_of
union all
select 'fct_shelter_stays', source, row_key, checked_in_on
from fct_shelter_stays
cross join run
where checked_in_on > run.as_of
union all
select 'fct_legal_aid', source, row_key, started_on
from fct_legal_aid
cross join run
where started_on > run.as_of
union all
select 'fct_mission_cases', source, row_key, period_start
from fct_mission_cases
cross join run
where period_start > run.as_of
union all
select 'fct_empowerment_events', source, row_key, held_on
from fct_empowerment_events
cross join run
where held_on > run.as_of
union all
select 'fct_businesses', source, row_key, formed_on
from fct_businesses
cross join run
where formed_on > run.as_of
union all
select 'fct_loans', source, row_key, disbursed_on
from fct_loans
cross join run
where disbursed_on > run.as_of
union all
select 'fct_trainings', source, row_key, started_on
from fct_trainings
cross join run
where started_on > run.as_of
union all
select 'fct_candidates', source, row_key, applied_on
from fct_candidates
cross join run
where applied_on > run.as_of
union all
select 'fct_vacancies', source, row_key, opened_on
from fct_vacancies
cross join run
where opened_on > run.as_of
union all
select 'fct_p3mi_licences', source, row_key, licensed_on
from fct_p3mi_licences
cross join run
where licensed_on > run.as_of
union all
select 'fct_p3mi_sanctions', source, row_key, imposed_on
from fct_p3mi_sanctions
cross join run
where imposed_on > run.as_of
union all
select 'fct_social_security_members', source, row_key, counted_on
from fct_social_security_members
cross join run
where counted_on > run.as_of
union all
select 'fct_social_security_claims', source, row_key, month_start
from fct_social_security_claims
cross join run
where month_start > run.as_of
union all
select 'fct_villages', source, row_key, decreed_on
from fct_villages
cross join run
where decreed_on > run.as_of
union all
select 'fct_registrations', source, row_key, registered_on
from fct_registrations
cross join run
where registered_on > run.as_of
union all
select 'fct_arrivals', source, row_key, arrived_on
from fct_arrivals
cross join run
where arrived_on > run.as_of
union all
select 'fct_reintegration', source, row_key, returned_on
from fct_reintegration
cross join run
where returned_on > run.as_of
union all
select 'fct_identity_checks', source, row_key, checked_on
from fct_identity_checks
cross join run
where checked_on > run.as_of
union all
select 'fct_missing_migrants', source, row_key, incident_on
from fct_missing_migrants
cross join run
where incident_on > run.as_of
union all
select 'fct_partner_flows', source, row_key, flow_on
from fct_partner_flows
cross join run
where flow_kind = 'transaction' and flow_on > run.as_of
union all
select 'fct_remittance_costs', source, row_key, quarter_start
from fct_remittance_costs
cross join run
where quarter_start > run.as_of
union all
select 'fct_manual_indicators', source, row_key, dated_on
from fct_manual_indicators
cross join run
where dated_on > run.as_of
union all
select 'fct_cooperation_commitments', source, row_key, met_on
from fct_cooperation_commitments
cross join run
where met_on > run.as_of
union all
select 'fct_cooperation_commitments', source, row_key, kept_on
from fct_cooperation_commitments
cross join run
where kept_on > run.as_of
union all
select 'fct_publication_calendar', source, row_key, published_on
from fct_publication_calendar
cross join run
where published_on > run.as_of
