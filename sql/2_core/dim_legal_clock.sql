/* One row: one time that a rule gives, for the clocks that start between two days.
   Why: rules change, and a clock that started under the old rule runs by it. Days and months are in columns
   of their own, because a month has no number of days; working days are in neither and no figure counts them. */
select
    code,
    name_id,
    name_en,
    starts_id,
    starts_en,
    stops_id,
    stops_en,
    cast(length as integer) as length,
    unit as length_unit,
    if(unit = 'day', cast(length as integer), if(unit = 'month', 0, null)) as clock_days,
    if(unit = 'month', cast(length as integer), if(unit = 'day', 0, null)) as clock_months,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    authority,
    article,
    status,
    note_id,
    note_en
from ref_legal_clock
order by code, valid_from nulls first
