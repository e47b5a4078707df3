/* One row: one type of employer.
   Why: "formal and informal" became "legal entity and individual" in 2025: one code carries both. */
select
    code,
    name_id,
    name_en
from ref_employer_type
order by code
