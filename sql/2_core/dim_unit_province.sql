/* One row: one province that one service unit serves.
   Why: figures by unit and figures by province meet here. Where a province has no BP3MI of its own, the nearest
   one is an assumption until the ministry confirms it, and `is_own` says so. */
select
    unit,
    kemendagri as province_kemendagri,
    basis = 'own' as is_own
from ref_unit_province
order by unit, province_kemendagri
