/* One row: one regency that facts place in another province than its own, or in none.
   Why: counts by regency add up to their province, and provinces to the nation, only where each row says both alike. */
with places as (
    select 'fct_placements' as fact, regency_kemendagri, province_kemendagri, count(*) as fact_rows from fct_placements group by all
    union all select 'fct_registrations', regency_kemendagri, province_kemendagri, count(*) from fct_registrations group by all
    union all select 'fct_returns', regency_kemendagri, province_kemendagri, count(*) from fct_returns group by all
    union all select 'fct_reintegration', regency_kemendagri, province_kemendagri, count(*) from fct_reintegration group by all
    union all select 'fct_empowerment_events', regency_kemendagri, province_kemendagri, count(*) from fct_empowerment_events group by all
    union all select 'fct_businesses', regency_kemendagri, province_kemendagri, count(*) from fct_businesses group by all
    union all select 'fct_loans', regency_kemendagri, province_kemendagri, count(*) from fct_loans group by all
    union all select 'fct_villages', regency_kemendagri, province_kemendagri, count(*) from fct_villages group by all
)

select places.fact, places.regency_kemendagri as regency, places.province_kemendagri as province, dim_regency.province_kemendagri as own_province, places.fact_rows
from places
left join dim_regency on places.regency_kemendagri = dim_regency.code
where
    places.regency_kemendagri is not null
    and places.province_kemendagri is distinct from dim_regency.province_kemendagri
order by places.fact, regency, province
