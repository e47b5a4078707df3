/* One row: one published value of one series, for one area and time, in its unit.
   Why: what other producers measure is a denominator or a comparison here; it is kept apart from what
   the ministry counts, with who said it and when. A value that was published as missing stays null. */
select
    source,
    row_key,
    indicator,
    title,
    area,
    area_kind,
    province_kemendagri,
    regency_kemendagri,
    counterpart,
    time as time_text,
    time_kind,
    starts_on,
    ends_on,
    sex,
    class_1,
    class_2,
    class_3,
    -- Dividing by a whole power of ten rounds once; multiplying by its inverse would round twice.
    case
        when value_decimals >= 0 then cast(value_digits as double) / pow(10, value_decimals)
        else cast(value_digits as double) * pow(10, -value_decimals)
    end as value,
    unit,
    currency,
    status,
    origin,
    note,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_statistics
order by indicator, starts_on, source, row_key
