/* One row: one incident in which migrants died or went missing on their way.
   Why: it is the only account of the dangers of the way that is comparable between regions; it is the
   count of others, from reports, and has nothing to do with the ministry's cases. Nobody counted is
   null; the sum of dead and missing takes what is known of either. */
select
    source,
    row_key,
    incident_id,
    main_id,
    incident_on,
    incident_type,
    region,
    unsd_region,
    country as incident_country,
    dead,
    missing,
    case when dead is not null or missing is not null then coalesce(dead, 0) + coalesce(missing, 0) end as dead_and_missing,
    survivors,
    females,
    males,
    children,
    region_of_origin,
    country_of_origin,
    origin_country,
    cause,
    location,
    latitude,
    longitude,
    route,
    information_source,
    urls,
    source_quality,
    period as partition_month,
    source_updated_at,
    commit_no,
    known_at,
    object_id,
    row_no
from stg_missing_migrants
order by incident_on, source, row_key
