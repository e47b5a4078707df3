/* One row: the capacity of one shelter from one day on.
   Why: occupancy needs the beds of every single day; `valid_to` is the last day before the shelter's next row. */
select
    source,
    row_key,
    shelter_id,
    valid_from,
    lead(valid_from) over (partition by source, shelter_id order by valid_from) - 1 as valid_to,
    location,
    country,
    unit,
    beds,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_shelter_capacity
order by valid_from, source, row_key
