/* One row: one sanction against the holder of one licence.
   Why: companies sanctioned are distinct licences; sanctions are rows. */
select
    source,
    row_key,
    sanction_id,
    licence_no,
    sanction_kind,
    imposed_on,
    lifted_on,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_p3mi_sanctions
order by imposed_on, source, row_key
