/* One row: one sanction against a licence that was never delivered.
   Why: sanctioned companies are a share of the licensed ones; such a sanction belongs to none of them. */
select sanctions.source, sanctions.row_key, sanctions.licence_no, sanctions.imposed_on
from fct_p3mi_sanctions as sanctions
anti join fct_p3mi_licences as licences on sanctions.source = licences.source and sanctions.licence_no = licences.licence_no
order by sanctions.source, sanctions.row_key
