/* One row: one spelling of one development partner, without blanks, punctuation, accents and capitals.
   Why: registers of participants and courses write who held or paid them as free text. A spelling of two partners
   names neither. */
with spelled as (
    select code, unnest([code, name_id, name_en] || string_split(coalesce(aliases, ''), ';')) as spelling
    from ref_partner
)

select
    regexp_replace(lower(strip_accents(spelling)), '[^a-z0-9]', '', 'g') as name,
    min(code) as partner
from spelled
group by name
having name <> '' and count(distinct code) = 1
order by name
