/* One row: one legal service or path of a case.
   Why: litigation and non-litigation are told apart by `path_type`. */
select
    code,
    name_id,
    name_en,
    kind as path_type
from ref_path
order by code
