/* One row: one line of one theme card of the report: a measure, in all or of one member.
   Why: which figures belong to which theme of the founding meeting is a decision of people and stands in two lists. */
select
    cast(lines.position as smallint) as position,
    cards.code as card,
    cast(cards.position as smallint) as card_position,
    cards.name_id as card_id,
    cards.name_en as card_en,
    cards.theme,
    lines.part_id,
    lines.part_en,
    lines.kpi,
    lines.measure,
    lines.breakdown,
    lines.member,
    lines.period_type
from ref_theme_card_line as lines
inner join ref_theme_card as cards on lines.card = cards.code
order by card_position, position
