/* One row: one kind of shelter.
   Why: beds and nights of missions, of the ministry and of partners are counted apart. */
select
    code,
    name_id,
    name_en
from ref_shelter_location
order by code
