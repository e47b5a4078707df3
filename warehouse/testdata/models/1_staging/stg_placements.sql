/* One row: one placement as its source told it last. Why: facts count each placement once. */
with ended as (
    select source, row_key, max(commit_no) as ended_in from lake_tombstones where dataset = 'placements' group by all
)
select told.source, told.row_key, told.period, told.source_updated_at, told.commit_no, told.known_at, told.object_id, told.row_no,
    told.placement_id, told.nik_token, told.country, told.completed_on, told.wage, told.status
from lake_placements as told
left join ended on ended.source = told.source and ended.row_key = told.row_key
where ended.ended_in is null or told.commit_no > ended.ended_in
qualify row_number() over (partition by told.source, told.row_key
    order by told.source_updated_at desc nulls last, told.commit_no desc, told.row_no desc, told.object_id desc) = 1
