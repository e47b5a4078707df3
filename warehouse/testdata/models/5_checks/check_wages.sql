/* One row: one placement without a wage. Why: worth knowing, no reason to stop. */
select placement_id from fct_placements where wage is null
