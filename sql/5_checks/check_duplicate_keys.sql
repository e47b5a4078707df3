/* One row: one business key that a fact holds more than once.
   Why: a doubled key is counted twice everywhere. */
with keys as (
    select 'fct_placements' as fact, source, row_key from fct_placements
    union all
    select 'fct_cases', source, row_key from fct_cases
    union all
    select 'fct_case_events', source, row_key from fct_case_events
    union all
    select 'fct_remittances', source, row_key from fct_remittances
    union all
    select 'fct_exchange_rates', source, row_key from fct_exchange_rates
    union all
    select 'fct_tki_stock', source, row_key from fct_tki_stock
    union all
    select 'fct_published_figures', source, row_key from fct_published_figures
    union all
    select 'fct_statistics', source, row_key from fct_statistics
    union all
    select 'fct_returns', source, row_key from fct_returns
    union all
    select 'fct_shelter_stays', source, row_key from fct_shelter_stays
    union all
    select 'fct_shelter_capacity', source, row_key from fct_shelter_capacity
    union all
    select 'fct_legal_aid', source, row_key from fct_legal_aid
    union all
    select 'fct_mission_cases', source, row_key from fct_mission_cases
    union all
    select 'fct_empowerment_events', source, row_key from fct_empowerment_events
    union all
    select 'fct_businesses', source, row_key from fct_businesses
    union all
    select 'fct_loans', source, row_key from fct_loans
    union all
    select 'fct_trainings', source, row_key from fct_trainings
    union all
    select 'fct_candidates', source, row_key from fct_candidates
    union all
    select 'fct_vacancies', source, row_key from fct_vacancies
    union all
    select 'fct_p3mi_licences', source, row_key from fct_p3mi_licences
    union all
    select 'fct_p3mi_sanctions', source, row_key from fct_p3mi_sanctions
    union all
    select 'fct_social_security_members', source, row_key from fct_social_security_members
    union all
    select 'fct_social_security_claims', source, row_key from fct_social_security_claims
    union all
    select 'fct_villages', source, row_key from fct_villages
    union all
    select 'fct_registrations', source, row_key from fct_registrations
    union all
    select 'fct_arrivals', source, row_key from fct_arrivals
    union all
    select 'fct_reintegration', source, row_key from fct_reintegration
    union all
    select 'fct_identity_checks', source, row_key from fct_identity_checks
    union all
    select 'fct_missing_migrants', source, row_key from fct_missing_migrants
    union all
    select 'fct_partner_activities', source, row_key from fct_partner_activities
    union all
    select 'fct_partner_flows', source, row_key from fct_partner_flows
    union all
    select 'fct_remittance_costs', source, row_key from fct_remittance_costs
    union all
    select 'fct_manual_indicators', source, row_key from fct_manual_indicators
    union all
    select 'fct_partner_programmes', source, row_key from fct_partner_programmes
    union all
    select 'fct_cooperation_commitments', source, row_key from fct_cooperation_commitments
    union all
    select 'fct_ministry_budget', source, row_key from fct_ministry_budget
    union all
    select 'fct_publication_calendar', source, row_key from fct_publication_calendar
)

select fact, source, row_key, count(*) as fact_rows
from keys
group by all
having count(*) > 1
