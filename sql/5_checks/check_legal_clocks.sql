/* One row: one row of the legal clocks that says what cannot be: two lengths for one day, days in the wrong order,
   a length without a known unit, or a rule without its regulation.
   Why: the list is edited by people, and two rules for one day would count every event of it twice. */
with clocks as (
    select *, row_number() over (order by code, valid_from nulls first, valid_to nulls last, length) as row_no
    from dim_legal_clock
)

select clocks.code, clocks.valid_from, clocks.valid_to, clocks.length, clocks.length_unit, clocks.status
from clocks
where
    clocks.valid_from > clocks.valid_to
    or clocks.length <= 0
    or (clocks.length is null) <> (clocks.length_unit is null)
    or coalesce(clocks.length_unit not in ('day', 'working day', 'month'), false)
    or coalesce(clocks.status not in ('in force', 'to confirm', 'comparison'), true)
    or (clocks.status <> 'comparison' and (clocks.authority is null or clocks.article is null))
    or exists (
        from clocks as others
        where
            clocks.code = others.code
            and clocks.row_no <> others.row_no
            and coalesce(clocks.valid_from <= others.valid_to, true)
            and coalesce(others.valid_from <= clocks.valid_to, true)
    )
order by code, valid_from nulls first
