/* One row: one dimension of data quality.
   Why: GOV-02 is told by it, and a code needs a name. */
select
    code,
    name_id,
    name_en
from ref_quality_dimension
order by code
