/* One row: one publication that published figures were taken from.
   Why: a printed figure is worth what its source is worth; the address lets anybody look it up. */
select
    source as code,
    url
from ref_published_sources
order by code
