-- A small release: yearly totals by country as published, spread over months by fixed weights; every
-- other split follows fixed shares. revised=false is what was known in January 2024, when Hong Kong's
-- 2023 still stood at 65,916.
create schema meta;
create table meta.release as select $id as release_id, 'sample' as origin, $as_of::date as as_of,
    left($report_month, 7) as report_month, $log_head::bigint as log_head, '5f1c9a' as log_hash, 'test' as code_version;

create table yearly as
with published(code, y2022, y2023, y2024, known_2024) as (values
    ('HKG', 60065, 88167, 99773, 65916), ('TWN', 53471, 83142, 84581, 83216), ('MYS', 43125, 72257, 51723, 72260),
    ('JPN', 5832, 9673, 12720, 9673), ('SGP', 6619, 7883, 10819, 7898), ('KOR', 11571, 12582, 10750, 12580),
    ('SAU', 4675, 6290, 7759, 6310), ('ITA', 3583, 3520, 3535, 3519), ('BRN', 513, 2870, 3183, 2872),
    ('TUR', 1489, 2290, 2630, 2289), ('POL', 1897, 1524, 1320, 1524), ('ARE', 548, 976, 1244, 976),
    ('ZMB', 110, 289, 857, 289), ('QAT', 848, 307, 783, 307)),
filled as (
    select * from published
    union all
    select 'UNKNOWN', 200717 - sum(y2022), 297108 - sum(y2023), 297434 - sum(y2024), 274965 - sum(known_2024) from published)
select code, 2022 as year, y2022 as n from filled
union all select code, 2023, case when $revised then y2023 else known_2024 end from filled
union all select code, 2024, y2024 from filled where $revised
union all select code, 2025, case when code = 'UNKNOWN' then 296948 - (select sum(y2024) + 5379 - 4773 from published) when code = 'TWN' then 89960 when code = 'HKG' then 95000 else y2024 end
    from filled where $revised;

create table weights as select unnest(range(1, 13))::int as month,
    unnest([0.092, 0.171, 0.249, 0.331, 0.415, 0.5, 0.585, 0.668, 0.752, 0.838, 0.921, 1.0]) as upto;

create table cells as
with monthly as (
    select code, make_date(year, month, 1) as start,
        (floor(n * upto + 1e-6) - floor(n * coalesce(lag(upto) over (partition by code, year order by month), 0) + 1e-6))::bigint as n
    from yearly, weights),
total as (select start, sum(n) as n from monthly group by start)
select 'total' as breakdown, '' as member, start, n from total
union all select 'country', code, start, n from monthly where n > 0
union all select 'sex', s.code, start, case when s.code = 'P' then round(n * 0.63) else n - round(n * 0.63) end
    from total, (values ('P'), ('L')) s(code)
union all select 'employer_type', s.code, start, case when s.code = 'BH' then round(n * 0.55) else n - round(n * 0.55) end
    from total, (values ('BH'), ('PSR')) s(code)
union all select 'scheme', s.code, start, case when s.code = 'PTP' then round(n * 0.79) else n - round(n * 0.79) end
    from total, (values ('PTP'), ('PRS')) s(code)
union all select 'province', s.code, start, round(n * s.part)
    from total, (values ('35', 0.27), ('33', 0.22), ('32', 0.21), ('52', 0.11), ('18', 0.08), ('UNKNOWN', 0.11)) s(code, part);

create table rolled as
select breakdown, member, 'month' as period_type, strftime(start, '%Y-%m') as period, start as period_start, n from cells
union all select breakdown, member, 'quarter', strftime(start, '%Y') || '-Q' || quarter(start), date_trunc('quarter', start)::date, sum(n) from cells group by all
union all select breakdown, member, 'year', strftime(start, '%Y'), date_trunc('year', start)::date, sum(n) from cells group by all;

create table complaints as
select make_date(2024, m, 1) as start, n from (values (1, 114), (2, 81), (3, 115), (4, 112), (5, 226), (6, 116),
    (7, 115), (8, 143), (9, 134), (10, 106), (11, 96), (12, 142)) t(m, n) where $revised
union all select make_date(2025, m, 1), n from (values (1, 120), (2, 133), (3, 171), (4, 128), (5, 140), (6, 119),
    (7, 131), (8, 126), (9, 117), (10, 122), (11, 110), (12, 125)) t(m, n) where $revised;

create table complaint_rows as
select 'month' as period_type, strftime(start, '%Y-%m') as period, start as period_start, n from complaints
union all select 'quarter', strftime(start, '%Y') || '-Q' || quarter(start), date_trunc('quarter', start)::date, sum(n) from complaints group by all
union all select 'year', strftime(start, '%Y'), date_trunc('year', start)::date, sum(n) from complaints group by all;

create table remitted as
select make_date(y, 3 * q - 2, 1) as start, part * total as usd
from (values (2021, 9164.03e6), (2022, 12850e6), (2023, 14220e6), (2024, 15700e6), (2025, 16800e6)) t(y, total),
    (values (1, 0.25), (2, 0.25), (3, 0.25), (4, 0.25)) w(q, part)
where y < 2024 or $revised;

create table figures as
with placed as (select r.*, last_day(period_start) >= $as_of::date - interval 32 day as fresh from rolled r),
everything as (
    select 'PLC-01' as kpi, m.measure, period_type, period, period_start, breakdown, member, floor(n * m.part)::double as numerator,
        null::double as denominator, floor(n * m.part)::double as value, if(fresh, 'provisional', 'reported') as status
    from placed, (values ('services', 1.0), ('persons', 0.97), ('departures', 0.94)) m(measure, part)
    union all
    select s.kpi, 'share', p.period_type, p.period, p.period_start, 'total', '', p.n, t.n, 100.0 * p.n / t.n, if(t.fresh, 'provisional', 'reported')
    from (values ('PLC-04', 'employer_type', 'BH'), ('PLC-07', 'sex', 'P')) s(kpi, breakdown, member)
    join placed p on p.breakdown = s.breakdown and p.member = s.member
    join placed t on t.breakdown = 'total' and t.period_type = p.period_type and t.period = p.period
    union all
    select 'PLC-08', 'top5', period_type, period, period_start, 'total', '', sum(n) filter (rank <= 5), sum(n), 100.0 * sum(n) filter (rank <= 5) / sum(n), 'reported'
    from (select *, row_number() over (partition by period_type, period order by member = 'UNKNOWN', n desc, member) as rank from placed where breakdown = 'country') group by all
    union all
    select 'CMP-01', 'received', period_type, period, period_start, 'total', '', n, null, n, if(period = '2025-12', 'provisional', 'reported') from complaint_rows
    union all
    select 'CMP-01', 'received', period_type, period, period_start, 'country', c.code, round(n * c.part), null, round(n * c.part), 'reported'
    from complaint_rows, (values ('MYS', 0.3), ('SAU', 0.2), ('TWN', 0.2), ('HKG', 0.1), ('KHM', 0.1), ('OMN', 0.1)) c(code, part)
    union all
    select 'CMP-03', 'within_90', period_type, period, period_start, 'total', '',
        if(period_start >= date '2025-10-01', null, round(n * 0.42)), n, if(period_start >= date '2025-10-01', null, 100.0 * round(n * 0.42) / n),
        if(period_start >= date '2025-10-01', 'not_available', 'reported')
    from complaint_rows where period_type = 'month'
    union all
    select 'REM-01', 'amount_usd_million', 'quarter', strftime(start, '%Y') || '-Q' || quarter(start), start, 'total', '', usd / 1e6, null, usd / 1e6, 'reported' from remitted
    union all
    select 'REM-01', 'amount_usd_million', 'year', strftime(start, '%Y'), date_trunc('year', start)::date, 'total', '', sum(usd) / 1e6, null, sum(usd) / 1e6, 'reported' from remitted group by all)
select * from everything order by kpi, measure, period_type, period_start, breakdown, member;

create table dim_country(code text, name_id text, name_en text);
insert into dim_country values ('HKG', 'Hong Kong', 'Hong Kong'), ('TWN', 'Taiwan', 'Taiwan'), ('MYS', 'Malaysia', 'Malaysia'),
    ('JPN', 'Jepang', 'Japan'), ('SGP', 'Singapura', 'Singapore'), ('KOR', 'Korea Selatan', 'South Korea'), ('SAU', 'Arab Saudi', 'Saudi Arabia'),
    ('ITA', 'Italia', 'Italy'), ('BRN', 'Brunei Darussalam', 'Brunei Darussalam'), ('TUR', 'Turki', 'Türkiye'), ('POL', 'Polandia', 'Poland'),
    ('ARE', 'Uni Emirat Arab', 'United Arab Emirates'), ('ZMB', 'Zambia', 'Zambia'), ('QAT', 'Qatar', 'Qatar'), ('KHM', 'Kamboja', 'Cambodia'), ('OMN', 'Oman', 'Oman');
create table dim_target(kpi text, measure text, period_type text, period text, target_value double, unit text, set_on date, publication text, status text, is_in_force boolean);
insert into dim_target values
    ('PLC-01', 'services', 'year', '2023', 250000, 'services', null, 'S60', 'in force', true),
    ('PLC-01', 'services', 'year', '2024', 300000, 'services', null, 'S60', 'in force', true),
    ('PLC-01', 'services', 'year', '2025', 425000, 'services', '2025-02-25', 'S49', 'superseded', false),
    ('PLC-01', 'services', 'year', '2025', 259000, 'services', '2025-11-18', 'S61', 'in force', true),
    ('PLC-01', 'services', 'year', '2026', 500000, 'services', '2025-11-18', 'S62', 'in force', true),
    ('REM-01', 'amount_idr', 'year', '2025', 349400000000000, 'IDR', '2025-02-25', 'S49', 'in force', true);

create table meta.kpis as select * from (values
    ('PLC-01', 'kpi_plc_01', 'placement', 'Penempatan', 'Placements', 'services', true, 'services', 'up', true, 'Layanan penempatan', 'Placement services', 'Jumlah layanan penempatan yang selesai dalam periode.', 'Placement services completed in the period.', '', ''),
    ('PLC-01', 'kpi_plc_01', 'placement', 'Penempatan', 'Placements', 'persons', false, 'persons', 'up', false, 'Orang yang ditempatkan', 'Persons placed', 'Jumlah orang berbeda dengan layanan selesai dalam periode.', 'Distinct persons with a completed service in the period.', '', ''),
    ('PLC-01', 'kpi_plc_01', 'placement', 'Penempatan', 'Placements', 'departures', false, 'departures', 'up', true, 'Keberangkatan', 'Departures', 'Jumlah keberangkatan dalam periode.', 'Departures in the period.', '', ''),
    ('PLC-04', 'kpi_plc_04', 'placement', 'Pemberi kerja berbadan hukum', 'Legal-entity employers', 'share', true, '%', 'up', false, 'Porsi pemberi kerja berbadan hukum', 'Share of legal-entity employers', 'Layanan dengan pemberi kerja berbadan hukum dibagi semua layanan.', 'Services with a legal-entity employer over all services.', '', ''),
    ('PLC-07', 'kpi_plc_07', 'placement', 'Perempuan', 'Women', 'share', true, '%', 'context', false, 'Porsi perempuan', 'Share of women', 'Layanan bagi perempuan dibagi semua layanan.', 'Services for women over all services.', '', ''),
    ('PLC-08', 'kpi_plc_08', 'placement', 'Konsentrasi negara tujuan', 'Concentration of destinations', 'top5', true, '%', 'down', false, 'Porsi lima negara terbesar', 'Share of the five largest destinations', 'Layanan ke lima negara terbesar dibagi semua layanan.', 'Services to the five largest destinations over all services.', '', ''),
    ('CMP-01', 'kpi_cmp_01', 'complaints', 'Pengaduan', 'Complaints', 'received', true, 'cases', 'context', true, 'Pengaduan diterima', 'Complaints received', 'Jumlah pengaduan yang diterima dalam periode.', 'Complaints received in the period.', '', ''),
    ('CMP-03', 'kpi_cmp_03', 'complaints', 'Penyelesaian', 'Resolution', 'within_90', true, '%', 'up', false, 'Selesai dalam 90 hari', 'Resolved within 90 days', 'Pengaduan yang selesai dalam 90 hari sejak diterima dibagi pengaduan yang diterima.', 'Complaints resolved within 90 days of receipt over complaints received.', 'Dihitung setelah 90 hari berlalu sejak akhir periode.', 'Counted once 90 days have passed since the end of the period.'),
    ('REM-01', 'kpi_rem_01', 'remittance', 'Remitansi', 'Remittances', 'amount_usd_million', true, 'juta USD', 'up', false, 'Nilai remitansi', 'Remittances received', 'Nilai remitansi yang diterima, dalam dolar AS.', 'Remittances received, in US dollars.', '', ''))
    t(kpi, model, theme, kpi_title_id, kpi_title_en, measure, is_default, unit, direction, additive, title_id, title_en, definition_id, definition_en, maturity_id, maturity_en);
alter table meta.kpis add column sources text;
alter table meta.kpis add column owner text;
alter table meta.kpis add column additive_over_time boolean;
update meta.kpis set owner = case kpi[:3] when 'CMP' then 'Crisis Center KP2MI' else 'Pusat Data dan Informasi' end,
    additive_over_time = measure in ('services', 'departures', 'received', 'amount_usd_million');
update meta.kpis set sources = case kpi[:3] when 'PLC' then 'placements' when 'CMP' then 'cases, case_events' else 'remittances' end;
create table meta.models as select * from (values
    ('stg_placements', 'staging', 'select placement_id from lake_placements', 'aa11', 'lake_placements, lake_tombstones'),
    ('fct_placements', 'core', 'select * from stg_placements', 'bb22', 'stg_placements, dim_country'),
    ('dim_country', 'core', 'select iso3 as code from ref_country', 'cc33', 'ref_country'),
    ('mart_placement_counts', 'marts', 'select count(*) from fct_placements', 'dd44', 'fct_placements'),
    ('mart_available_months', 'marts', 'select received_on from lake_cases union select completed_on from lake_placements', 'dd45', 'lake_cases, lake_placements'),
    ('kpi_plc_01', 'kpis', 'select services from mart_placement_counts', 'ee55', 'mart_placement_counts, mart_available_months'),
    ('kpi_plc_04', 'kpis', 'select share from mart_placement_counts', case when $revised then 'ff67' else 'ff66' end, 'mart_placement_counts'))
    t(name, layer, sql, hash, reads);
create table meta.commits as select * from (values
    (1::bigint, 'delivery', 'bp3mi_placements', 'placements', 3000::bigint),
    (3::bigint, 'delivery', 'published_figures', 'published_figures', 644::bigint),
    (4::bigint, 'withheld', 'siskop2mi_placements', 'placements', 0::bigint),
    (9::bigint, 'delivery', 'bp3mi_placements', 'placements', 80::bigint),
    (17::bigint, 'delivery', 'pengaduan_cases', 'cases', 120::bigint))
    t(commit_no, kind, feed, dataset, row_count) where commit_no <= $log_head;
create table meta.files as select * from (values
    ('lake/placements/source=bp3mi_units/period=2022-12/aaaa.parquet', 'placements', 'bp3mi_units', 'bp3mi_placements', '2022-12', 900::bigint, 4000::bigint, 'f0', 1::bigint, timestamptz '2024-01-15 03:00:00+00'),
    ('lake/placements/source=bp3mi_units/period=2023-01/bbbb.parquet', 'placements', 'bp3mi_units', 'bp3mi_placements', '2023-01', 1000::bigint, 4100::bigint, 'f1', 1::bigint, timestamptz '2024-01-15 03:00:00+00'),
    ('lake/placements/source=bp3mi_units/period=2023-12/cccc.parquet', 'placements', 'bp3mi_units', 'bp3mi_placements', '2023-12', 1100::bigint, 4200::bigint, 'f2', 1::bigint, timestamptz '2024-01-15 03:00:00+00'),
    ('lake/placements/source=bp3mi_units/period=2023-12/dddd.parquet', 'placements', 'bp3mi_units', 'bp3mi_placements', '2023-12', 80::bigint, 900::bigint, 'f3', 2::bigint, timestamptz '2025-01-31 03:00:00+00'),
    ('lake/tombstones/source=bp3mi_units/period=2023-11/eeee.parquet', 'tombstones', 'bp3mi_units', 'bp3mi_placements', '2023-11', 1::bigint, 300::bigint, 'f4', 2::bigint, timestamptz '2025-01-31 03:00:00+00'),
    ('lake/cases/source=pengaduan/period=2023-06/ffff.parquet', 'cases', 'pengaduan', 'pengaduan_cases', '2023-06', 110::bigint, 700::bigint, 'f5', 3::bigint, timestamptz '2025-01-31 03:00:00+00'),
    ('lake/tombstones/source=pengaduan/period=2023-06/9999.parquet', 'tombstones', 'pengaduan', 'pengaduan_cases', '2023-06', 1::bigint, 300::bigint, 'f6', 3::bigint, timestamptz '2025-01-31 03:00:00+00'))
    t(path, dataset, source, feed, period, row_count, bytes, sha256, commit_no, known_at) where commit_no = 1 or $revised;
create table meta.objects as select * from (values
    (1::bigint, '00112233445566778899aabbccddeeff', '2024-01-15/bp3mi_jatim_2023.csv', 'text/csv', 70000::bigint, 3010::bigint, 3000::bigint, 10::bigint, timestamptz '2024-01-15 03:00:00+00', 'bp3mi_placements'),
    (2::bigint, 'ffeeddccbbaa99887766554433221100', '2025-01-31/bp3mi_jatim_2023.csv', 'text/csv', 9000::bigint, 82::bigint, 80::bigint, 2::bigint, timestamptz '2025-01-31 03:00:00+00', 'bp3mi_placements'),
    (3::bigint, '99887766554433221100aabbccddeeff', '2025-01-31/pengaduan.csv', 'text/csv', 9000::bigint, 110::bigint, 110::bigint, 0::bigint, timestamptz '2025-01-31 03:00:00+00', 'pengaduan_cases'))
    t(commit_no, object_id, name, media_type, bytes, records, accepted, quarantined, known_at, feed) where commit_no = 1 or $revised;
create table meta.conservation as select * from (values
    ('placements', 3092::bigint, 3080::bigint, 12::bigint, 75::bigint, 5::bigint, 0::bigint, 3000::bigint),
    ('cases', 2942::bigint, 2942::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 2942::bigint))
    t(dataset, records, accepted, quarantined, superseded, duplicates, tombstoned, current_rows);
create table meta.quality as select * from (values
    ('release', '', '', 12::bigint, 10::bigint), ('release', '', 'validity', 4::bigint, 4::bigint),
    ('source', 'bp3mi_units', '', 6::bigint, 5::bigint), ('source', 'pengaduan', '', 5::bigint, 5::bigint), ('source', 'remitansi', '', 4::bigint, 3::bigint),
    ('kpi', 'PLC-01', '', 6::bigint, 5::bigint), ('kpi', 'PLC-04', '', 6::bigint, 5::bigint), ('kpi', 'PLC-07', '', 6::bigint, 5::bigint),
    ('kpi', 'CMP-01', '', 5::bigint, 5::bigint), ('kpi', 'CMP-03', '', 10::bigint, 9::bigint))
    t(scope, member, dimension, rules_run, rules_passed) where $revised;
create table meta.freshness as select * from (values
    ('bp3mi_placements', 'bp3mi_units', 'on_time', 0::bigint), ('cases', 'pengaduan', 'on_time', 0::bigint), ('case_events', 'pengaduan', 'late', 12::bigint),
    ('remittances', 'remitansi', 'no_calendar', 0::bigint), ('costs', 'world_bank', 'never', 0::bigint)) t(feed, source, state, days_late) where $revised;
create table meta.volume as select * from (values
    ('bp3mi_placements', 'bp3mi_units', 'within'), ('cases', 'pengaduan', 'low'), ('case_events', 'pengaduan', 'high'),
    ('remittances', 'remitansi', 'no_band'), ('costs', 'world_bank', 'never')) t(feed, source, state) where $revised;
