-- What the bulletin's tables and the reports by province, destination and partner read, laid over the small release: every
-- breakdown parts its total by fixed shares and leaves the remainder unknown, so that members add up. Synthetic.
create temp table parts(kpi text, measure text, breakdown text, member text, part double);
insert into parts values
    ('PLC-01', 'services', 'province', '35', 0.27), ('PLC-01', 'services', 'province', '33', 0.22), ('PLC-01', 'services', 'province', '32', 0.21),
    ('PLC-01', 'services', 'province', '52', 0.11), ('PLC-01', 'services', 'province', '18', 0.08), ('PLC-01', 'services', 'province', '53', 0.0002),
    ('PLC-01', 'services', 'occupation', 'PRT', 0.26), ('PLC-01', 'services', 'occupation', 'CAREGIVER', 0.18), ('PLC-01', 'services', 'occupation', 'LADANG', 0.09),
    ('PLC-01', 'services', 'education', 'SD', 0.22), ('PLC-01', 'services', 'education', 'SMP', 0.31), ('PLC-01', 'services', 'education', 'SMA', 0.44),
    ('PLC-01', 'services', 'marital', 'BELUM', 0.31), ('PLC-01', 'services', 'marital', 'KAWIN', 0.43), ('PLC-01', 'services', 'marital', 'CERAI', 0.25),
    ('PLC-01', 'services', 'unit', 'BP3MI-JATIM', 0.3), ('PLC-01', 'services', 'unit', 'BP3MI-NTB', 0.2),
    ('PLC-01', 'services_g2g', 'country', 'KOR', 0.9), ('PLC-01', 'services_g2g', 'country', 'JPN', 0.06), ('PLC-01', 'services_g2g', 'country', 'DEU', 0.03),
    ('CMP-01', 'received', 'category', 'K01', 0.3), ('CMP-01', 'received', 'category', 'K03', 0.2), ('CMP-01', 'received', 'category', 'K07', 0.15), ('CMP-01', 'received', 'category', 'K19', 0.004),
    ('CMP-01', 'received', 'country', 'MYS', 0.3), ('CMP-01', 'received', 'country', 'SAU', 0.2), ('CMP-01', 'received', 'country', 'TWN', 0.2), ('CMP-01', 'received', 'country', 'OMN', 0.005),
    ('CMP-01', 'received', 'province', '35', 0.25), ('CMP-01', 'received', 'province', '52', 0.3), ('CMP-01', 'received', 'province', '53', 0.003),
    ('CMP-01', 'received', 'channel', 'LANGSUNG', 0.4), ('CMP-01', 'received', 'channel', 'EPENGADUAN', 0.3),
    ('CMP-01', 'received', 'procedure', 'PROSEDURAL', 0.2), ('CMP-01', 'received', 'procedure', 'NONPROSEDURAL', 0.78),
    ('CMP-01', 'received', 'sex', 'P', 0.55), ('CMP-01', 'received', 'sex', 'L', 0.45),
    ('CMP-01', 'received', 'status', 'SELESAI', 0.5), ('CMP-01', 'received', 'status', 'DITUTUP_ADM', 0.2), ('CMP-01', 'received', 'status', 'MEDIASI', 0.1), ('CMP-01', 'received', 'status', 'KLARIFIKASI_1', 0.2),
    ('RET-01', 'returns', 'return_class', 'TERKENDALA', 0.5), ('RET-01', 'returns', 'return_class', 'DEPORTASI', 0.4), ('RET-01', 'returns', 'return_class', 'SAKIT', 0.05),
    ('RET-01', 'returns', 'province', '52', 0.3), ('RET-01', 'returns', 'province', '53', 0.005),
    ('RET-05', 'arrivals', 'country', 'MYS', 0.5), ('RET-05', 'arrivals', 'country', 'TWN', 0.3), ('RET-05', 'arrivals', 'province', '35', 0.4);
insert into parts select 'PLC-01', 'services', 'regency', '35' || lpad(cast(i as text), 2, '0'), 0.007 + i * 0.0001 from range(1, 31) as r(i);
insert into parts select 'SKL-03', m, 'country', c, p from (values ('applied'), ('interviewed'), ('language_passed'), ('visa'), ('departed'), ('recognised')) as s(m), (values ('KOR', 0.9), ('JPN', 0.08), ('DEU', 0.02)) as c(c, p);

create temp table months as
with calendar as (select cast(unnest(generate_series(date '2022-01-01', date '2025-12-01', interval 1 month)) as date) as start)
select 'PLC-01' as kpi, 'services_g2g' as measure, period_start as start, floor(value * 0.035) as n from figures where kpi = 'PLC-01' and measure = 'services' and breakdown = 'total' and period_type = 'month'
union all select 'RET-01', 'returns', start, 900 + month(start) * 37 % 200 from calendar
union all select 'BFR-03', 'prevented', start, 300 + month(start) * 17 % 90 from calendar
union all select 'RET-05', 'arrivals', start, if(start < date '2024-07-01', 200 + month(start) * 11 % 40, null) from calendar
union all select 'SKL-03', s.m, start, floor((400 + month(start) * 7 % 30) * s.p) from calendar, (values ('applied', 1.0), ('interviewed', 0.7), ('language_passed', 0.6), ('visa', 0.5), ('departed', 0.45), ('recognised', 0.1)) as s(m, p);

create temp table totals as
select kpi, measure, period_start as start, value as n from figures where (kpi, measure) in (('PLC-01', 'services'), ('CMP-01', 'received')) and breakdown = 'total' and period_type = 'month'
union all select * from months;

delete from figures where (kpi = 'PLC-01' and breakdown = 'province') or (kpi = 'CMP-01' and breakdown = 'country');
create temp table parted as
with shared as (select kpi, measure, breakdown, member, start, floor(n * part) as n from totals inner join parts using (kpi, measure) where n is not null)
select * from shared where n > 0
union all
select kpi, measure, breakdown, 'UNKNOWN', start, any_value(totals.n) - sum(shared.n) as n from shared inner join totals using (kpi, measure, start) group by all having any_value(totals.n) > sum(shared.n)
union all
select kpi, measure, 'total', '', start, n from months;

insert into figures by name
with told as (
    select kpi, measure, breakdown, member, 'month' as period_type, strftime(start, '%Y-%m') as period, start as period_start, n from parted
    union all select kpi, measure, breakdown, member, 'quarter', strftime(start, '%Y') || '-Q' || quarter(start), cast(date_trunc('quarter', start) as date), if(count(n) < count(*), null, sum(n)) from parted group by all
    union all select kpi, measure, breakdown, member, 'year', strftime(start, '%Y'), cast(date_trunc('year', start) as date), if(count(n) < count(*), null, sum(n)) from parted group by all)
select kpi, measure, period_type, period, period_start, breakdown, member, n::double as numerator, null::double as denominator, n::double as value,
    if(n is null, 'not_available', if(period_start >= date '2025-07-01', 'provisional', 'reported')) as status
from told
where not (kpi = 'RET-05' and breakdown <> 'total' and period_type <> 'month' and period_start >= date '2024-01-01');

-- Regencies lie in East Java: who is not in one of them, and all of the other provinces, are unknown there.
update figures set member = 'UNKNOWN' where breakdown = 'regency' and member = 'UNKNOWN';
insert into figures by name
select kpi, measure, period_type, period, period_start, breakdown, '35-UNKNOWN' as member, p.value - r.n as numerator, null::double as denominator, p.value - r.n as value, p.status
from (select kpi, measure, period_type, period, period_start, value, status from figures where kpi = 'PLC-01' and measure = 'services' and breakdown = 'province' and member = '35') as p
inner join (select period, 'regency' as breakdown, sum(value) as n from figures where breakdown = 'regency' and member like '35%' group by all) as r using (period) where p.value > r.n;
update figures set value = figures.value - k.value, numerator = figures.numerator - k.value
from (select period, value from figures where breakdown = 'regency' and member = '35-UNKNOWN') as k
where figures.breakdown = 'regency' and figures.member = 'UNKNOWN' and figures.period = k.period;

insert into figures by name
select 'PLC-01' as kpi, 'services_p3mi' as measure, 'year' as period_type, period, period_start, if(p.member = '', 'total', 'p3mi') as breakdown, p.member, p.n * y as numerator, null::double as denominator, p.n * y as value, 'reported' as status
from (select period, period_start, 1000.0 + year(period_start) - 2000 as y from figures where kpi = 'PLC-01' and measure = 'services' and breakdown = 'total' and period_type = 'year'),
    (select '' as member, 465 as n union all select 'PT Contoh ' || lpad(cast(i as text), 2, '0') || ' (CONTOH)', i from range(1, 31) as r(i)) as p;

insert into figures by name
select 'CMP-03' as kpi, m as measure, 'month' as period_type, period, period_start, 'total' as breakdown, '' as member, floor(value * p) as numerator, value as denominator, 100 * floor(value * p) / value as value,
    'reported' as status
from figures, (values ('within_30', 0.2, date '2025-11-01'), ('within_180', 0.6, date '2025-07-01')) as s(m, p, until)
where kpi = 'CMP-01' and breakdown = 'total' and period_type = 'month' and period_start < until;

insert into figures by name
select 'COP-01' as kpi, m as measure, 'year' as period_type, cast(y as text) as period, make_date(y, 1, 1) as period_start, if(partner = '', 'total', 'partner') as breakdown, partner as member,
    n * p as numerator, null::double as denominator, n * p as value, 'provisional' as status
from (values ('committed_usd_million', 2.0), ('disbursed_usd_million', 1.5), ('flows_without_price', 0.0), ('disbursed_share', 75.0)) as s(m, p), range(2023, 2026) as years(y),
    (values ('GIZ', 1.2), ('ILO', 0.8), ('', 2.0)) as partners(partner, n) where m <> 'disbursed_share' or n > 0;
insert into figures by name
select 'COP-02' as kpi, 'persons' as measure, 'year' as period_type, cast(y as text) as period, make_date(y, 1, 1) as period_start, if(partner = '', 'total', 'partner') as breakdown, partner as member,
    n::double as numerator, null::double as denominator, n::double as value, 'provisional' as status
from range(2023, 2026) as years(y), (values ('GIZ', 36), ('ILO', 5), ('', 41)) as partners(partner, n);

insert into meta.kpis by name select * from (values
    ('PLC-01', 'kpi_plc_01', 'placement', 'Penempatan', 'Placements', 'services_g2g', false, 'services', true, 'Layanan G to G', 'G to G services', 'placements'),
    ('PLC-01', 'kpi_plc_01', 'placement', 'Penempatan', 'Placements', 'services_p3mi', false, 'services', true, 'Layanan lewat P3MI', 'Services through P3MI', 'placements'),
    ('CMP-03', 'kpi_cmp_03', 'complaint', 'Penyelesaian', 'Resolution', 'within_30', false, '%', false, 'Selesai dalam 30 hari', 'Resolved within 30 days', 'cases, case_events'),
    ('CMP-03', 'kpi_cmp_03', 'complaint', 'Penyelesaian', 'Resolution', 'within_180', false, '%', false, 'Selesai dalam 180 hari', 'Resolved within 180 days', 'cases, case_events'),
    ('RET-01', 'kpi_ret_01', 'legal_protection', 'Pemulangan', 'Returns', 'returns', true, 'returns', true, 'Pemulangan', 'Returns', 'returns'),
    ('BFR-03', 'kpi_bfr_03', 'legal_protection', 'Pencegahan', 'Prevented', 'prevented', true, 'departures', true, 'Keberangkatan dicegah', 'Departures prevented', 'returns'),
    ('RET-05', 'kpi_ret_05', 'legal_protection', 'Kedatangan', 'Arrivals', 'arrivals', true, 'kedatangan', true, 'Kedatangan', 'Arrivals', 'arrivals'),
    ('SKL-03', 'kpi_skl_03', 'skills', 'Corong', 'Funnel', 'applied', true, 'kandidat', true, 'Mendaftar', 'Applied', 'candidates'),
    ('SKL-03', 'kpi_skl_03', 'skills', 'Corong', 'Funnel', 'interviewed', false, 'kandidat', true, 'Lulus wawancara', 'Interview passed', 'candidates'),
    ('SKL-03', 'kpi_skl_03', 'skills', 'Corong', 'Funnel', 'language_passed', false, 'kandidat', true, 'Lulus bahasa', 'Language passed', 'candidates'),
    ('SKL-03', 'kpi_skl_03', 'skills', 'Corong', 'Funnel', 'visa', false, 'kandidat', true, 'Visa', 'Visa given', 'candidates'),
    ('SKL-03', 'kpi_skl_03', 'skills', 'Corong', 'Funnel', 'departed', false, 'kandidat', true, 'Berangkat', 'Departed', 'candidates'),
    ('SKL-03', 'kpi_skl_03', 'skills', 'Corong', 'Funnel', 'recognised', false, 'kandidat', true, 'Diakui', 'Recognised', 'candidates'),
    ('COP-01', 'kpi_cop_01', 'cooperation', 'Komitmen', 'Commitments', 'committed_usd_million', false, 'juta USD', false, 'Komitmen', 'Committed', 'partner_flows'),
    ('COP-01', 'kpi_cop_01', 'cooperation', 'Komitmen', 'Commitments', 'disbursed_usd_million', false, 'juta USD', false, 'Pencairan', 'Disbursed', 'partner_flows'),
    ('COP-01', 'kpi_cop_01', 'cooperation', 'Komitmen', 'Commitments', 'disbursed_share', true, '%', false, 'Bagian cair', 'Share disbursed', 'partner_flows'),
    ('COP-01', 'kpi_cop_01', 'cooperation', 'Komitmen', 'Commitments', 'flows_without_price', false, 'aliran', false, 'Aliran tanpa nilai', 'Flows without a price', 'partner_flows'),
    ('COP-02', 'kpi_cop_02', 'cooperation', 'Penerima manfaat', 'Beneficiaries', 'persons', true, 'orang', false, 'Penerima manfaat', 'Persons reached', 'partner_activities'))
    as k(kpi, model, theme, kpi_title_id, kpi_title_en, measure, is_default, unit, additive, title_id, title_en, sources);

create table dim_province as select code, 'Provinsi ' || code as name_id, 'Province ' || code as name_en
from (select unnest(['11','12','13','14','15','16','17','18','19','21','31','32','33','34','35','36','51','52','53','61','62','63','64','65','71','72','73','74','75','76','81','82','91','92','93','94','95','96']) as code);
create table dim_partner as select code, code as name_id, code as name_en from (select unnest(['DFAT','GIZ','ILO','IOM','JICA','KOICA','UNODC']) as code);
create table dim_status as select * from (values ('SELESAI', 'Selesai', 'resolved'), ('DITUTUP_ADM', 'Ditutup secara administratif', 'closed administratively'), ('MEDIASI', 'Mediasi', 'mediation'), ('DILIMPAHKAN', 'Dilimpahkan', 'handed over')) as s(code, name_id, name_en);
create table dim_theme as select * from (values ('HUKUM', 'Pelindungan hukum', 'legal protection'), ('PENEMPATAN', 'Penempatan terampil', 'skilled placement')) as s(code, name_id, name_en);
create table fct_partner_programmes as select * from (values
    ('PM-1', 'PENEMPATAN', 'GIZ', 'Contoh: bahasa Jerman', 'X-1;X-2', null, date '2023-01-01', date '2025-12-31', 'Contoh perjanjian'),
    ('PM-1', 'HUKUM', 'GIZ', 'Contoh: bahasa Jerman', 'X-1;X-2', null, date '2023-01-01', date '2025-12-31', 'Contoh perjanjian'))
    as p(programme_id, theme, partner, title, iati_activities, unit, started_on, ended_on, evidence);
create table fct_cooperation_commitments as select * from (values
    ('KM-1', 'Contoh: pertemuan', date '2025-03-11', 'GIZ', 'PENEMPATAN', 'Contoh: kursus', date '2025-06-09', 'BERJALAN', null::date))
    as p(commitment_id, meeting, met_on, partner, theme, promise, due_on, state, kept_on);
