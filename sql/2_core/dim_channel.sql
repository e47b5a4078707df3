/* One row: one channel by which complaints arrive.
   Why: channels come and go (SMS, e-Pengaduan); old cases keep theirs. */
select
    code,
    name_id,
    name_en
from ref_channel
order by code
