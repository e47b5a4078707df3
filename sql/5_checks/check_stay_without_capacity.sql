/* One row: one shelter in which people stayed on days for which its source told no capacity.
   Why: occupied nights are a share of the beds; such nights have nothing to be a share of. */
select
    stays.source,
    stays.shelter_id,
    count(*) as stays,
    min(stays.checked_in_on) as first_on
from fct_shelter_stays as stays
left join fct_shelter_capacity as capacity
    on stays.source = capacity.source
    and stays.shelter_id = capacity.shelter_id
    and stays.checked_in_on between capacity.valid_from and coalesce(capacity.valid_to, stays.checked_in_on)
where capacity.shelter_id is null
group by stays.source, stays.shelter_id
order by stays.source, stays.shelter_id
