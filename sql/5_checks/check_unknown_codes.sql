/* One row: one code that facts carry and the reference list does not know.
   Why: a figure under such a code has no name, no neighbours and no history. */
with used as (
    select 'fct_placements' as fact, 'country' as list, country as code from fct_placements
    union all select 'fct_placements', 'province', province_kemendagri from fct_placements
    union all select 'fct_placements', 'scheme', scheme from fct_placements
    union all select 'fct_placements', 'employer_type', employer_type from fct_placements
    union all select 'fct_placements', 'sex', sex from fct_placements
    union all select 'fct_placements', 'education', education from fct_placements
    union all select 'fct_placements', 'occupation', occupation from fct_placements
    union all select 'fct_placements', 'unit', unit from fct_placements
    union all select 'fct_cases', 'country', country from fct_cases
    union all select 'fct_cases', 'province', province_kemendagri from fct_cases
    union all select 'fct_cases', 'category', category from fct_cases
    union all select 'fct_cases', 'channel', channel from fct_cases
    union all select 'fct_cases', 'procedure', procedure from fct_cases
    union all select 'fct_cases', 'unit', unit from fct_cases
    union all select 'fct_case_events', 'status', status from fct_case_events
    union all select 'fct_remittances', 'country', country from fct_remittances
    union all select 'fct_tki_stock', 'country', country from fct_tki_stock
    union all select 'fct_statistics', 'country', area from fct_statistics where area_kind = 'country'
    union all select 'fct_statistics', 'country', counterpart from fct_statistics
    union all select 'fct_statistics', 'province', province_kemendagri from fct_statistics
    union all select 'fct_statistics', 'sex', sex from fct_statistics
    union all select 'fct_returns', 'country', country from fct_returns
    union all select 'fct_returns', 'province', province_kemendagri from fct_returns
    union all select 'fct_returns', 'return_class', return_class from fct_returns
    union all select 'fct_returns', 'category', category from fct_returns
    union all select 'fct_returns', 'point', point from fct_returns
    union all select 'fct_returns', 'unit', unit from fct_returns
    union all select 'fct_shelter_stays', 'shelter_location', location from fct_shelter_stays
    union all select 'fct_shelter_stays', 'country', country from fct_shelter_stays
    union all select 'fct_shelter_stays', 'unit', unit from fct_shelter_stays
    union all select 'fct_shelter_capacity', 'shelter_location', location from fct_shelter_capacity
    union all select 'fct_shelter_capacity', 'country', country from fct_shelter_capacity
    union all select 'fct_shelter_capacity', 'unit', unit from fct_shelter_capacity
    union all select 'fct_legal_aid', 'path', path from fct_legal_aid
    union all select 'fct_legal_aid', 'legal_result', result from fct_legal_aid
    union all select 'fct_legal_aid', 'country', country from fct_legal_aid
    union all select 'fct_legal_aid', 'unit', unit from fct_legal_aid
    union all select 'fct_mission_cases', 'country', country from fct_mission_cases
    union all select 'fct_empowerment_events', 'beneficiary', beneficiary from fct_empowerment_events
    union all select 'fct_empowerment_events', 'empowerment_type', event_type from fct_empowerment_events
    union all select 'fct_empowerment_events', 'province', province_kemendagri from fct_empowerment_events
    union all select 'fct_empowerment_events', 'country', country from fct_empowerment_events
    union all select 'fct_empowerment_events', 'unit', unit from fct_empowerment_events
    union all select 'fct_businesses', 'province', province_kemendagri from fct_businesses
    union all select 'fct_businesses', 'country', country from fct_businesses
    union all select 'fct_businesses', 'unit', unit from fct_businesses
    union all select 'fct_loans', 'loan_kind', loan_kind from fct_loans
    union all select 'fct_loans', 'collectibility', collectibility from fct_loans
    union all select 'fct_loans', 'province', province_kemendagri from fct_loans
    union all select 'fct_loans', 'country', country from fct_loans
    union all select 'fct_trainings', 'language', language from fct_trainings
    union all select 'fct_trainings', 'language_level', level from fct_trainings
    union all select 'fct_trainings', 'target_group', target_group from fct_trainings
    union all select 'fct_trainings', 'skill_programme', programme from fct_trainings
    union all select 'fct_trainings', 'country', country from fct_trainings
    union all select 'fct_trainings', 'unit', unit from fct_trainings
    union all select 'fct_candidates', 'skill_programme', programme from fct_candidates
    union all select 'fct_candidates', 'target_group', target_group from fct_candidates
    union all select 'fct_candidates', 'country', country from fct_candidates
    union all select 'fct_vacancies', 'country', country from fct_vacancies
    union all select 'fct_vacancies', 'occupation', occupation from fct_vacancies
    union all select 'fct_vacancies', 'scheme', scheme from fct_vacancies
    union all select 'fct_p3mi_licences', 'province', province_kemendagri from fct_p3mi_licences
    union all select 'fct_p3mi_licences', 'licence_status', status from fct_p3mi_licences
    union all select 'fct_p3mi_sanctions', 'sanction_kind', sanction_kind from fct_p3mi_sanctions
    union all select 'fct_social_security_members', 'country', country from fct_social_security_members
    union all select 'fct_social_security_members', 'sex', sex from fct_social_security_members
    union all select 'fct_social_security_claims', 'country', country from fct_social_security_claims
    union all select 'fct_social_security_claims', 'sex', sex from fct_social_security_claims
    union all select 'fct_social_security_claims', 'claim_kind', claim_kind from fct_social_security_claims
    union all select 'fct_villages', 'province', province_kemendagri from fct_villages
    union all select 'fct_villages', 'unit', unit from fct_villages
    union all select 'fct_registrations', 'scheme', scheme from fct_registrations
    union all select 'fct_registrations', 'province', province_kemendagri from fct_registrations
    union all select 'fct_registrations', 'country', country from fct_registrations
    union all select 'fct_registrations', 'unit', unit from fct_registrations
    union all select 'fct_arrivals', 'country', country from fct_arrivals
    union all select 'fct_arrivals', 'province', province_kemendagri from fct_arrivals
    union all select 'fct_arrivals', 'point', point from fct_arrivals
    union all select 'fct_reintegration', 'province', province_kemendagri from fct_reintegration
    union all select 'fct_reintegration', 'country', country from fct_reintegration
    union all select 'fct_reintegration', 'unit', unit from fct_reintegration
    union all select 'fct_identity_checks', 'identity_result', result from fct_identity_checks
    union all select 'fct_missing_migrants', 'country', origin_country from fct_missing_migrants
    union all select 'fct_partner_flows', 'country', country from fct_partner_flows
    union all select 'fct_manual_indicators', 'manual_indicator', kpi from fct_manual_indicators
    union all select 'fct_manual_indicators', 'country', country from fct_manual_indicators
    union all select 'fct_manual_indicators', 'unit', unit from fct_manual_indicators
    union all select 'fct_partner_programmes', 'theme', theme from fct_partner_programmes
    union all select 'fct_partner_programmes', 'partner', partner from fct_partner_programmes
    union all select 'fct_partner_programmes', 'unit', unit from fct_partner_programmes
    union all select 'fct_cooperation_commitments', 'partner', partner from fct_cooperation_commitments
    union all select 'fct_cooperation_commitments', 'theme', theme from fct_cooperation_commitments
    union all select 'fct_cooperation_commitments', 'commitment_state', state from fct_cooperation_commitments
    union all select 'fct_ministry_budget', 'theme', theme from fct_ministry_budget
),

counted as (select fact, list, code, count(*) as fact_rows from used where code is not null group by all),

known as (
    select 'country' as list, code from dim_country
    union all select 'province', code from dim_province
    union all select 'scheme', code from dim_scheme
    union all select 'employer_type', code from dim_employer_type
    union all select 'sex', code from dim_sex
    union all select 'education', code from dim_education
    union all select 'occupation', code from dim_occupation
    union all select 'unit', code from dim_unit
    union all select 'category', code from dim_category
    union all select 'channel', code from dim_channel
    union all select 'procedure', code from dim_procedure
    union all select 'status', code from dim_status
    union all select 'return_class', code from dim_return_class
    union all select 'point', code from dim_point
    union all select 'shelter_location', code from dim_shelter_location
    union all select 'path', code from dim_path
    union all select 'legal_result', code from dim_legal_result
    union all select 'beneficiary', code from dim_beneficiary
    union all select 'empowerment_type', code from dim_empowerment_type
    union all select 'loan_kind', code from dim_loan_kind
    union all select 'collectibility', code from dim_collectibility
    union all select 'language', code from dim_language
    union all select 'language_level', code from dim_language_level
    union all select 'target_group', code from dim_target_group
    union all select 'skill_programme', code from dim_skill_programme
    union all select 'licence_status', code from dim_licence_status
    union all select 'sanction_kind', code from dim_sanction_kind
    union all select 'claim_kind', code from dim_claim_kind
    union all select 'identity_result', code from dim_identity_result
    union all select 'manual_indicator', code from dim_manual_indicator
    union all select 'theme', code from dim_theme
    union all select 'partner', code from dim_partner
    union all select 'commitment_state', code from dim_commitment_state
)

select fact, list, code, fact_rows
from counted
anti join known using (list, code)
order by fact, list, code
