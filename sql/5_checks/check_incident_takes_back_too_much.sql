/* One row: one main incident of which more missing or survivors were taken back than its parts counted.
   Why: a part may correct another with a number below zero; if that leaves less than nobody, the minus
   is a typing error, or a part of the incident is not here. */
select source, coalesce(main_id, incident_id) as main_incident, sum(missing) as missing_in_all, sum(survivors) as survivors_in_all
from fct_missing_migrants
group by source, main_incident
having missing_in_all < 0 or survivors_in_all < 0
