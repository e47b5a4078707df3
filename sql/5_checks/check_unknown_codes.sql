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
)

select fact, list, code, fact_rows
from counted
anti join known using (list, code)
order by fact, list, code
