/* What `lindung run` does with one file of placements, as a plain DuckDB script would do it: read the
   CSV as text, normalise in SQL, write sorted zstd Parquet by month, load it, count the KPIs.
   It makes the same columns from the same code lists and takes the same rows; the last phases are the
   models of this repository, word for word. It leaves out what a script leaves out: nothing is kept
   as it was delivered, encrypted, synced, read a second time, quarantined, checked or compared; a
   record with a problem is dropped without a word, and a row does not know its line, because numbering
   the rows would take the reader's second processor away. A token is one keyed SHA-256, where the program
   takes an HMAC. The harness puts in what stands in double braces and times each phase. */

-- phase: normalise and write
set TimeZone = 'Asia/Jakarta';
set enable_progress_bar = false;

create temp macro said(t) as nullif(trim(t), '');
create temp macro key_of(t) as replace(replace(replace(replace(lower(trim(t)), ' ', ''), '.', ''), '(', ''), ')', '');
create temp macro word_of(t) as lower(trim(t));
create temp macro month_of(t) as list_position(
    ['januari', 'februari', 'maret', 'april', 'mei', 'juni', 'juli', 'agustus', 'september', 'oktober', 'november', 'desember'], lower(t));
create temp macro day_of(t) as cast(coalesce(
    try_strptime(t, ['%d/%m/%Y', '%Y-%m-%d', '%d-%m-%Y']),
    try_strptime(split_part(t, ' ', 1) || '/' || month_of(split_part(t, ' ', 2)) || '/' || split_part(t, ' ', 3), '%d/%m/%Y')) as date);
create temp macro token_of(purpose, t) as cast(substr(sha256('{{.Key}}' || purpose || t), 1, 32) as uuid);
create temp macro list_of(name) as table (from read_csv('{{.Lists}}/' || name || '.csv', comment = '#', header = true, all_varchar = true, quote = '"'));

create temp table spelling as
with names as (
    select 'country' as list, unnest([iso3, iso2, name_id, name_en]) as name, iso3 as code from list_of('country')
    union all select 'country', alias, iso3 from list_of('country_alias')
    union all select 'sex', unnest([code, name_id, name_en] || string_split(coalesce(aliases, ''), ';')), code from list_of('sex')
    union all select 'education', unnest([code, name_id, name_en] || string_split(coalesce(aliases, ''), ';')), code from list_of('education')
    union all select 'marital', unnest([code, name_id, name_en] || string_split(coalesce(aliases, ''), ';')), code from list_of('marital')
    union all select 'scheme', unnest([code, name_id, name_en] || string_split(coalesce(aliases, ''), ';')), code from list_of('scheme')
    union all select 'employer_type', unnest([code, name_id, name_en] || string_split(coalesce(aliases, ''), ';')), code from list_of('employer_type')
    union all select 'unit', unnest([code, name] || string_split(coalesce(aliases, ''), ';')), code from list_of('unit')
    union all select 'occupation', unnest([code, name_id, name_en]), code from list_of('occupation')
    union all select 'occupation', alias, code from list_of('occupation_alias')
    union all select 'currency', code, code from list_of('currency')
    union all select 'province', name, kemendagri from list_of('province')
    union all select 'province', alias, kemendagri from list_of('province_alias')
)
select list, if(list = 'country', key_of(name), word_of(name)) as name, min(code) as code
from names
where name <> ''
group by 1, 2
having count(distinct code) = 1;

create temp table province as select kemendagri as code from list_of('province');
create temp table old_province as select kemendagri as code from list_of('province') union select bps from list_of('province') where bps is not null union select '54';
create temp table regency as
select kemendagri as code, province_kemendagri as province, key_of(name) as name, key_of(replace(name, 'Kabupaten', '')) as bare
from list_of('regency');

create temp view delivered as
select *, cast(null as bigint) as row_no
from read_csv('{{.CSV}}', auto_detect = false, header = true, delim = ';', quote = '"', escape = '"', null_padding = true,
    columns = { {{range .Columns}}{{.}}: 'varchar', {{end}}beyond_1: 'varchar', beyond_2: 'varchar', beyond_3: 'varchar'});

create temp view cleaned as
select
    row_no, said(id_penempatan) as placement_id, said(nik) as nik, said(no_paspor) as passport, word_of(jenis_kelamin) as sex,
    day_of(said(tgl_lahir)) as born_on, word_of(pendidikan) as education, word_of(status_kawin) as marital,
    said(kode_provinsi) as province_code, word_of(provinsi) as province, said(kode_kabkota) as regency_code, key_of(kabkota) as regency,
    word_of(skema) as scheme, word_of(jenis_pemberi_kerja) as employer_type, key_of(negara_tujuan) as country,
    word_of(jabatan) as occupation, said(jabatan) as job_title, said(p3mi) as p3mi, word_of(upt) as unit,
    said(tgl_daftar) as registered_text, day_of(said(tgl_daftar)) as registered_on,
    day_of(said(tgl_selesai_layanan)) as completed_on,
    said(tgl_berangkat) as departed_text, day_of(said(tgl_berangkat)) as departed_on,
    try_cast(said(lama_kontrak_bulan) as smallint) as contract_months,
    said(gaji) as wage_text, try_cast(replace(replace(said(gaji), '.', ''), ',', '.') as decimal(18, 2)) as wage, word_of(mata_uang) as currency,
    case lower(trim(jaminan_sosial)) when 'y' then true when 't' then false end as social_security,
    case lower(trim(reentry)) when 'y' then true when 't' then false end as reentry,
    case upper(trim(status)) when 'SELESAI' then 'completed' when 'BATAL' then 'cancelled' end as status,
    try_cast(said(tgl_batal) as timestamp) - interval 7 hour as cancelled_at,
    try_cast(said(diperbarui) as timestamp) - interval 7 hour as source_updated_at,
    coalesce(beyond_1, '') = '' and coalesce(beyond_2, '') = '' and coalesce(beyond_3, '') = '' as is_whole
from delivered;

create temp view normalised as
select
    placement_id,
    case when nik is null or is_filler then null else token_of('nik', nik) end as nik_token,
    case when nik is null then 'missing' when is_valid and not is_filler then 'valid' else 'invalid' end as nik_check,
    case when passport is not null then token_of('passport', upper(passport)) end as passport_token,
    sexes.code as sex, cast(year(born_on) as smallint) as birth_year, educations.code as education, maritals.code as marital,
    coalesce(province.code, regency.province) as province_kemendagri, regency.code as regency_kemendagri,
    coalesce(schemes.code, 'UNK') as scheme, employers.code as employer_type, countries.code as country,
    occupations.code as occupation, job_title, p3mi, units.code as unit, registered_on, completed_on, departed_on, contract_months,
    wage, currencies.code as wage_currency, social_security, reentry, status, cancelled_at,
    '{{.Source}}' as source, strftime(completed_on, '%Y-%m') as period, placement_id as row_key, source_updated_at,
    uuid '{{.Object}}' as object_id, row_no,
    hash(placement_id, nik, passport, sex, born_on, education, marital, province_code, regency_code, scheme, employer_type, country, occupation,
        p3mi, unit, registered_on, completed_on, departed_on, contract_months, wage, currency, social_security, cleaned.reentry, status, cancelled_at) as row_hash,
    1 as normaliser
from (
    select *,
        nik = '1234567890123456' or nik = repeat(left(nik, 1), 16) as is_filler,
        try_cast(substr(nik, 3, 2) as int) between 1 and 79 and substr(nik, 3, 2) <> '70' and substr(nik, 5, 2) <> '00'
            and left(nik, 2) in (from old_province) and (sex = 'p') = (substr(nik, 7, 2) > '40')
            and try_cast(substr(nik, 7, 2) as int) % 40 between 1 and 31 and substr(nik, 9, 2) between '01' and '12'
            as is_valid
    from cleaned
) as cleaned
left join spelling as sexes on sexes.list = 'sex' and sexes.name = cleaned.sex
left join spelling as educations on educations.list = 'education' and educations.name = cleaned.education
left join spelling as maritals on maritals.list = 'marital' and maritals.name = cleaned.marital
left join spelling as schemes on schemes.list = 'scheme' and schemes.name = cleaned.scheme
left join spelling as employers on employers.list = 'employer_type' and employers.name = cleaned.employer_type
left join spelling as occupations on occupations.list = 'occupation' and occupations.name = cleaned.occupation
left join spelling as units on units.list = 'unit' and units.name = cleaned.unit
left join spelling as currencies on currencies.list = 'currency' and currencies.name = cleaned.currency
left join spelling as provinces on provinces.list = 'province' and provinces.name = cleaned.province
left join province on province.code = cleaned.province_code
left join regency on regency.code = cleaned.regency_code
inner join spelling as countries on countries.list = 'country' and countries.name = cleaned.country
where is_whole
    and placement_id is not null and status is not null and completed_on is not null and source_updated_at is not null
    and (nik is null or (length(nik) = 16 and not contains(nik, '.') and try_cast(nik as bigint) is not null))
    and (province_code is null or (province.code is not null and province.code = provinces.code))
    and (regency_code is null or (regency.code is not null and cleaned.regency in (regency.name, regency.bare) and regency.province = province.code))
    and (registered_text is null or registered_on <= completed_on)
    and (departed_text is null or departed_on >= registered_on)
    and (wage_text is null or wage >= 0);

copy (from normalised order by period, source, row_key, source_updated_at, object_id, row_no)
to '{{.Out}}/lake' (format parquet, compression zstd, row_group_size 122880, partition_by (period), write_partition_columns true);

-- phase: load
create table run as select date '{{.AsOf}}' as as_of, date '2025-12-01' as report_month, 'plain' as release_id, 'sample' as origin;
-- What the months of other datasets are read from; empty here, as it is on the other side.
create table fct_cases (received_on date);
create table fct_case_events (occurred_on date);
create table fct_remittances (quarter_start date);
create table fct_mission_cases (period_start date, month_no integer);
create table fct_returns (returned_on date);
create table fct_shelter_stays (checked_in_on date);
create table fct_shelter_capacity (valid_from date);
create table fct_legal_aid (started_on date);
create table fct_empowerment_events (held_on date);
create table fct_businesses (formed_on date);
create table fct_loans (disbursed_on date);
create table fct_trainings (started_on date);
create table fct_candidates (applied_on date);
create table fct_reintegration (returned_on date);
create table fct_vacancies (opened_on date);
create table fct_registrations (registered_on date);
create table fct_arrivals (arrived_on date);
create table fct_identity_checks (checked_on date);
create table fct_social_security_members (counted_on date);
create table fct_social_security_claims (month_start date);
create table fct_p3mi_licences (licensed_on date);
create table fct_p3mi_sanctions (imposed_on date);
create table fct_villages (decreed_on date);
create table fct_exchange_rates (rate_on date);

create table fct_placements as
select
    source, row_key, placement_id, coalesce(nik_token, passport_token) as person_token, nik_check, sex, birth_year, education, marital,
    province_kemendagri, regency_kemendagri, scheme, employer_type, country, occupation, job_title, p3mi, unit,
    registered_on, completed_on as placed_on, departed_on, contract_months, wage as contract_wage, wage_currency,
    social_security as has_social_security, reentry as is_reentry, status, cancelled_at, period as partition_month,
    source_updated_at, cast(1 as bigint) as commit_no, timestamptz '{{.AsOf}}' as known_at, object_id, row_no
from read_parquet('{{.Out}}/lake/**/*.parquet', hive_partitioning = false)
qualify row_number() over (partition by source, row_key order by source_updated_at desc nulls last, commit_no desc, row_no desc, object_id desc) = 1;

-- phase: count
{{range .Models}}create table {{.Name}} as
{{.SQL}};

{{end}}create table figures as
{{range $i, $m := .KPIs}}{{if $i}}union all {{end}}select '{{$m.Meta.ID}}' as kpi, * from {{$m.Name}}
{{end}}order by kpi, measure, period_type, period_start, period, breakdown, member;
checkpoint;
