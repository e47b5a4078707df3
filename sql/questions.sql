-- Twenty questions that analysts ask, each one query over a release. They are examples to start from, their
-- answers on the sample world are tested, and the benchmark runs them. Figures come from the table figures
-- or from a mart; rows of fct_ tables are asked only for what no KPI answers.

-- name: why_differs
-- id: Mengapa angka saya berbeda dengan yang dicetak kementerian untuk 2023?
-- en: Why does my number differ from what the ministry printed for 2023?
select r.kpi, r.printed_breakdown, r.published, r.computed, r.difference, r.reason_code, r.reason_en, p.url
from meta.reconciliation as r
left join dim_publication as p on p.code = r.publication
where r.kpi = 'PLC-01' and r.period = '2023' and r.class = 'differs'
order by abs(r.difference) desc, r.no
limit 10;

-- name: what_changed
-- id: Apa yang berubah pada penempatan 2023 sejak rilis sebelumnya, dan mengapa?
-- en: What changed in the placements of 2023 since the release before, and why?
select kpi, measure, period, breakdown, member, old_value, new_value, delta, cause, reason_en
from meta.restatements
where new_release = (select release_id from meta.release) and kpi = 'PLC-01' and measure = 'services' and period = '2023'
order by member <> '', abs(delta) desc, member
limit 12;

-- name: placements_by_year
-- id: Berapa layanan penempatan per tahun, dan berapa persen berubah?
-- en: How many placement services were there each year, and by how many per cent did they change?
select period, value as services,
    round(100 * (value / lag(value) over (order by period_start) - 1), 2) as change_percent
from figures
where kpi = 'PLC-01' and measure = 'services' and period_type = 'year' and breakdown = 'total' and value is not null
order by period_start;

-- name: top_destinations
-- id: Sepuluh negara tujuan terbesar tahun terakhir yang penuh?
-- en: What are the ten largest destinations of the last full year?
select f.member, c.name_id, c.name_en, f.value as services
from figures as f
left join dim_country as c on c.code = f.member
where f.kpi = 'PLC-01' and f.measure = 'services' and f.period_type = 'year' and f.breakdown = 'country'
    and f.period = (select strftime(report_month, '%Y') from run)
order by f.value desc, f.member
limit 10;

-- name: provinces_of_origin
-- id: Dari provinsi mana PMI berasal, dan berapa bagiannya?
-- en: Which provinces do workers come from, and what is each one's share?
select f.member, p.name_id, f.value as services, round(100 * f.value / sum(f.value) over (), 2) as share_percent
from figures as f
left join (select distinct on (code) code, name_id from dim_province order by code, valid_from desc nulls last) as p on p.code = f.member
where f.kpi = 'PLC-01' and f.measure = 'services' and f.breakdown = 'province' and f.period = (select strftime(report_month, '%Y') from run)
order by f.value desc, f.member
limit 10;

-- name: women_over_time
-- id: Bagaimana porsi perempuan per triwulan?
-- en: What is the share of women by quarter?
select period, round(value, 2) as share_percent, numerator as women, denominator as services
from figures
where kpi = 'PLC-07' and period_type = 'quarter' and breakdown = 'total' and value is not null
order by period_start;

-- name: complaints_by_month
-- id: Berapa pengaduan per bulan pada 2024, dan berapa per 10.000 penempatan?
-- en: How many complaints came each month of 2024, and how many per 10,000 placements?
select c.period, c.value as received, round(r.value, 1) as per_10000_placements
from figures as c
left join figures as r on r.kpi = 'CMP-02' and r.period = c.period and r.breakdown = 'total' and r.period_type = 'month'
where c.kpi = 'CMP-01' and c.breakdown = 'total' and c.period_type = 'month' and c.period like '2024-%'
order by c.period;

-- name: resolution_cohorts
-- id: Dari pengaduan tiap triwulan, berapa yang selesai dalam 30, 90 dan 180 hari?
-- en: Of each quarter's complaints, how many were resolved within 30, 90 and 180 days?
select period, measure, round(value, 1) as share_percent, status
from figures
where kpi = 'CMP-03' and period_type = 'quarter' and breakdown = 'total' and period >= '2024-Q1'
order by period, measure;

-- name: open_cases_by_age
-- id: Berapa kasus terbuka, menurut umurnya?
-- en: How many cases are open, by age?
select period, open_cases, open_0_30_days, open_31_90_days, open_91_180_days, open_over_180_days
from mart_case_backlog
where period_type = 'month' and breakdown = 'total' and period = (select strftime(report_month, '%Y-%m') from run);

-- name: remittances_by_country
-- id: Dari negara mana remitansi datang, pada tahun terakhir yang dirinci menurut negara?
-- en: Which countries did remittances come from, in the last year that is known by country?
select f.period, f.member, c.name_en, f.value as amount, d.unit
from figures as f
join meta.kpis as d on d.kpi = f.kpi and d.measure = f.measure and d.is_default
left join dim_country as c on c.code = f.member
where f.kpi = 'REM-01' and f.period_type = 'year' and f.breakdown = 'country' and f.value is not null
order by f.period_start desc, f.value desc, f.member
limit 10;

-- name: off_target
-- id: Indikator mana yang di bawah targetnya?
-- en: Which KPIs are below their target?
select t.kpi, t.measure, t.period, t.target_value, f.value, round(100 * f.value / t.target_value, 1) as attained_percent, t.publication
from dim_target as t
join figures as f on f.kpi = t.kpi and f.measure = t.measure and f.period = t.period and f.breakdown = 'total'
join meta.kpis as d on d.kpi = t.kpi and d.measure = t.measure
where t.is_in_force and f.value is not null and d.direction = 'up' and f.value < t.target_value
order by t.kpi, t.period, t.measure;

-- name: not_available
-- id: Angka apa yang tidak tersedia untuk bulan laporan?
-- en: Which figures are not available for the report month?
select f.kpi, f.measure, f.status, d.sources
from figures as f
join meta.kpis as d on d.kpi = f.kpi and d.measure = f.measure
where f.breakdown = 'total' and f.period = (select strftime(report_month, '%Y-%m') from run) and f.value is null
order by f.kpi, f.measure;

-- name: where_from
-- id: Dari feed dan sistem mana CMP-01 berasal?
-- en: Which feeds and systems does CMP-01 come from?
select c.feed, c.source, c.dataset, count(*) as commits, sum(c.records)::bigint as records, max(c.known_at)::date as newest
from meta.kpis as k
join meta.commits as c on list_contains(string_split(k.sources, ', '), c.dataset)
where k.kpi = 'CMP-01' and k.is_default and c.kind <> 'withheld'
group by c.feed, c.source, c.dataset
order by c.feed;

-- name: quarantine_by_feed
-- id: Feed mana yang paling banyak rekamannya dikarantina, dan karena apa?
-- en: Which feeds have the most records in quarantine, and why?
select feed, code, column_name, problems, records
from meta.rejects
order by records desc, feed, code, column_name
limit 10;

-- name: rows_accounted_for
-- id: Apakah setiap rekaman penempatan dapat dipertanggungjawabkan?
-- en: Is every placement record accounted for?
select dataset, records, accepted, quarantined, current_rows, superseded, duplicates, tombstoned,
    records = accepted + quarantined and accepted = current_rows + superseded + duplicates + tombstoned as balances
from meta.conservation
where dataset in ('placements', 'cases', 'case_events')
order by dataset;

-- name: failed_checks
-- id: Pemeriksaan mutu mana yang tidak lulus?
-- en: Which quality checks did not pass?
select name, severity, dimension, offending, title_en
from meta.checks
where not passed
order by severity, offending desc, name;

-- name: time_to_place
-- id: Berapa hari dari pendaftaran sampai E-PMI, menurut skema?
-- en: How many days pass from registration to the E-PMI, by scheme?
select f.period, f.member, s.name_id, f.measure, f.value as days
from figures as f
left join dim_scheme as s on s.code = f.member
where f.kpi = 'PLC-10' and f.breakdown = 'scheme' and f.period_type = 'year' and f.value is not null
order by f.period, f.member, f.measure;

-- name: wages_by_country
-- id: Berapa upah kontrak median menurut negara, dari berapa kontrak?
-- en: What is the median contract wage by country, and of how many contracts?
select m.member, c.name_en, m.wages as contracts, round(m.median_wage_idr) as median_wage_idr
from mart_contract_wages as m
left join dim_country as c on c.code = m.member
where m.breakdown = 'country' and m.period_type = 'year' and m.period_start = date_trunc('year', (select report_month from run))
    and m.wages >= 50
order by m.median_wage_idr desc, m.member
limit 10;

-- name: repeat_workers
-- id: Berapa orang ditempatkan satu kali, dua kali, dan seterusnya?
-- en: How many persons were placed once, twice and so on?
select services, count(*) as persons
from (
    select person_token, count(*) as services
    from fct_placements
    where person_token is not null and cancelled_at is null
    group by person_token
)
group by services
having count(*) >= 10
order by services;

-- name: withheld_cells
-- id: Apa yang tidak dimuat berkas umum, dan mengapa?
-- en: What does the file for the public leave out, and why?
select kpi, breakdown, sum(cells)::bigint as cells, rule, reason_en
from meta.suppressions
where kpi = 'CMP-01'
group by kpi, breakdown, rule, reason_en
order by kpi, breakdown, rule;
