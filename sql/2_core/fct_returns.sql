/* One row: one person who came home in one of the classes, or was kept from leaving.
   Why: the base of the return KPIs. A prevented departure is no return: count by `return_class`, never over all
   of them. */
select
    source,
    row_key,
    return_id,
    coalesce(nik_token, passport_token) as person_token,
    nik_check,
    sex,
    province_kemendagri,
    regency_kemendagri,
    country,
    return_class,
    return_class <> 'PENCEGAHAN' as is_return,
    category,
    procedure,
    point,
    unit,
    returned_on,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_returns
order by returned_on, source, row_key
