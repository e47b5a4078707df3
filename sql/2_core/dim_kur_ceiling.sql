/* One row: the ceiling of KUR for migrant workers in one year, as it was published.
   Why: what was paid out is compared with what might be; a year without a published ceiling is not compared. */
select
    cast(year as smallint) as year_no,
    cast(ceiling_idr as decimal(18, 2)) as ceiling_idr,
    source as publication
from ref_kur_ceiling
order by year_no
