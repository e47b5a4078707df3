/* One row: one placement company, with what its licences say together.
   Why: placements name the company; whether and since when it may place is its licences' to say. */
select
    p3mi as code,
    any_value(province_kemendagri order by licensed_on desc, licence_no desc) as province_kemendagri,
    count(*) as licences,
    min(licensed_on) as first_licensed_on,
    case when bool_or(coalesce(valid_until, ended_on) is null) then null else max(least(valid_until, ended_on - 1)) end as in_force_until
from stg_p3mi_licences
where p3mi is not null
group by p3mi
order by code
