package transforms

import (
	"errors"
	"strings"
	"testing"
)

func TestBindNamesEveryMistake(t *testing.T) {
	env := testEnv(t)
	tests := []struct {
		name    string
		dataset string
		env     *Env
		m       Mapping
		want    []string
	}{
		{"unknown fields and codes", "placements", env, Mapping{Feed: "f", Fields: map[string]string{"contry": "negara", "status": "s"}, Codes: map[string]map[string]string{"statuss": {"a": "b"}}},
			[]string{`fields: names no column "contry" (did you mean country?)`, `codes: names no column "statuss" (did you mean status?)`, "known: placement_id"}},
		{"unknown key", "placements", env, Mapping{KeyColumns: []string{"nomor"}}, []string{`key: "nomor" is no column of the dataset; use placement_id`}},
		{"personal key", "placements", env, Mapping{KeyColumns: []string{"nik_token"}}, []string{`key: column "nik_token" is identifier data`}},
		{"two versions", "placements", env, Mapping{VersionColumn: "diubah", Fields: map[string]string{"source_updated_at": "waktu"}}, []string{`name different columns; keep one`}},
		{"time zone", "cases", env, Mapping{Units: Units{TimeZone: "Asia/Bogor"}}, []string{`finding time zone "Asia/Bogor": unknown`}},
		{"scale", "cases", env, Mapping{Units: Units{Scale: "juta"}}, []string{`scale "juta": not a whole number above zero`}},
		{"decimal", "cases", env, Mapping{Units: Units{Decimal: "koma"}}, []string{`decimal "koma": not known; use ,, .`}},
		{"date order", "cases", env, Mapping{Units: Units{DateOrder: "ydm"}}, []string{`date_order "ydm": not known`}},
		{"region codes", "cases", env, Mapping{Units: Units{RegionCodes: "bpn"}}, []string{`region_codes "bpn": not known; use kemendagri, bps`}},
		{"currency", "cases", env, Mapping{Units: Units{Currency: "Kerang"}}, []string{`currency "Kerang": not in the currency list`}},
		{"period", "cases", env, Mapping{PeriodFrom: "2024"}, []string{`periods: "2024" is not a month`}},
		{"no lists", "cases", &Env{}, Mapping{}, []string{"no code lists"}},
		{"no tokens", "cases", &Env{Lists: env.Lists}, Mapping{}, []string{"holds identifiers and there is no token key"}},
		{"the pipeline's own", "rejects", env, Mapping{}, []string{"takes no feed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := Lookup(tt.dataset)
			_, err := d.Bind(tt.env, tt.m)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("Bind = %v\nwant %q in it", err, want)
				}
			}
		})
	}
}

func TestMissingColumns(t *testing.T) {
	d, n := bind(t, testEnv(t), "placements", Mapping{Fields: map[string]string{"completed_on": "selesai"}})
	_, err := n.Normalise(tableOf(t, "placement_id,country\nP-1,Taiwan\n"), [16]byte{}, d.NewRows())
	var missing *MissingColumns
	if !errors.As(err, &missing) || strings.Join(missing.Columns, " ") != "completed_on (selesai)" {
		t.Fatalf("Normalise = %v, want completed_on (selesai) missing", err)
	}
	// The next batch has the column: the normaliser recovers.
	rows := d.NewRows()
	if _, err := n.Normalise(tableOf(t, "placement_id,country, SELESAI \nP-1,Taiwan,2024-01-01\n"), [16]byte{}, rows); err != nil || rows.Len() != 1 {
		t.Fatalf("Normalise = %v, %d rows", err, rows.Len())
	}
}

// A header may change between batches (JSON objects leave out what they do not have); columns are
// then found anew, and what is not there is empty.
func TestHeaderMayChange(t *testing.T) {
	d, n := bind(t, testEnv(t), "placements", Mapping{})
	rows := d.NewRows()
	for _, text := range []string{"placement_id,country,completed_on,sex\nP-1,Taiwan,2024-01-01,L\n", "sex,completed_on,country,placement_id\nP,2024-01-02,Malaysia,P-2\n", "placement_id,country,completed_on\nP-3,Taiwan,2024-01-03\n"} {
		if rejects, err := n.Normalise(tableOf(t, text), [16]byte{}, rows); err != nil || len(rejects) > 0 {
			t.Fatal(err, rejects)
		}
	}
	got := rows.(*rowset[Placement, *Placement]).rows
	if *got[0].Sex != "L" || *got[1].Sex != "P" || got[1].Country != "MYS" || got[2].Sex != nil {
		t.Fatalf("columns were not found anew:\n%s", dump(rows))
	}
}

func TestVersions(t *testing.T) {
	const text = "placement_id,country,completed_on,diubah\nP-1,Taiwan,2024-01-01,2024-01-05T00:00:00Z\nP-2,Taiwan,2024-01-01,\n"
	at := func(m Mapping) string {
		rows, rejects := normaliseText(t, "placements", text, m)
		var b strings.Builder
		for _, r := range rows.(*rowset[Placement, *Placement]).rows {
			if r.SourceUpdatedAt == nil {
				b.WriteString("null ")
				continue
			}
			us := *r.SourceUpdatedAt
			b.WriteString(dayText(int32(us/86400_000_000)) + " ")
		}
		for _, r := range rejects {
			b.WriteString(r.Problems[0].Code + " ")
		}
		return b.String()
	}
	observed := mustTime("2025-01-31T00:00:00Z")
	tests := []struct {
		name string
		m    Mapping
		want string
	}{
		{"no version, no delivery time", Mapping{}, "null null "},
		{"delivery time alone", Mapping{ObservedAt: observed}, "2025-01-31 2025-01-31 "},
		{"their header", Mapping{VersionColumn: "diubah", ObservedAt: observed}, "2024-01-05 2025-01-31 "},
		{"their header, nothing to fall back on", Mapping{VersionColumn: "diubah"}, "2024-01-05 missing_required "},
		{"our column", Mapping{VersionColumn: "source_updated_at", Fields: map[string]string{"source_updated_at": "diubah"}, ObservedAt: observed}, "2024-01-05 2025-01-31 "},
		{"another column of ours", Mapping{VersionColumn: "completed_on"}, "2023-12-31 2023-12-31 "},
	}
	for _, tt := range tests {
		if got := at(tt.m); got != tt.want {
			t.Errorf("%s: versions %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestStructuralRejects(t *testing.T) {
	d, n := bind(t, testEnv(t), "placements", Mapping{Fields: map[string]string{"p3mi": "Perusahaan", "placement_id": "No"}})
	batch := tableOf(t, "Perusahaan,No,country,completed_on\n"+
		"PT Contoh,1,Taiwan,2024-01-01\n"+ // good
		" perusahaan ,NO,Country,completed_on\n"+
		"Grand Total,,,\n"+
		",Jumlah 2024,,\n"+
		"Total Karya Contoh,2,Taiwan,2024-01-01\n"+ // a company, no total
		"PT Contoh,3,Taiwan,2024-01-01\n")
	batch.faults = map[int][2]string{5: {RaggedRow, "record: 7 cells for 4 columns; correct the source"}}
	rows := d.NewRows()
	rejects, err := n.Normalise(batch, [16]byte{9}, rows)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rejects {
		got = append(got, r.Place+" "+r.Problems[0].Code)
		if r.Object != [16]byte{9} || len(r.Problems) != 1 {
			t.Errorf("reject %+v", r)
		}
	}
	if want := "line 3 repeated_header, line 4 totals_row, line 5 totals_row, line 7 ragged_row"; strings.Join(got, ", ") != want {
		t.Errorf("rejects %s, want %s", strings.Join(got, ", "), want)
	}
	if rows.Len() != 2 {
		t.Errorf("%d rows, want 2", rows.Len())
	}
}

// A total that codes: names is a value: statistics have a sex "Total", which stands for both.
func TestATotalThatTheFeedNamesIsAValue(t *testing.T) {
	for _, c := range []struct {
		codes    map[string]map[string]string
		accepted int
	}{{nil, 1}, {map[string]map[string]string{"sex": {"Total": "-"}}, 2}} {
		d, n := bind(t, testEnv(t), "statistics", Mapping{KeyColumns: []string{"indicator", "area", "time", "sex"}, Codes: c.codes, ObservedAt: mustTime("2025-01-31T00:00:00Z")})
		rows := d.NewRows()
		rejects, err := n.Normalise(tableOf(t, "indicator,area,time,sex,value\nX,IDN,2024,Total,2\nX,IDN,2024,Male,1\n"), [16]byte{}, rows)
		if err != nil || rows.Len() != c.accepted || len(rejects) != 2-c.accepted {
			t.Errorf("codes %v: %d rows, rejects %v, %v", c.codes, rows.Len(), rejects, err)
		}
	}
}

func TestInputs(t *testing.T) {
	want := map[string]string{
		"placements":        "placement_id sex nik passport birth_date education marital province_code province regency_code regency scheme employer_type country job_title p3mi unit registered_on completed_on departed_on contract_months wage wage_currency social_security reentry status cancelled_at source_updated_at",
		"cases":             "case_id received_at sex nik passport channel relation procedure country province_code province category p3mi unit status closure_reason outcome path amount_recovered source_updated_at",
		"case_events":       "case_id seq status occurred_at unit closure_reason source_updated_at",
		"remittances":       "year quarter country channel amount_usd source_updated_at",
		"exchange_rates":    "rate_on currency kind rate_idr unit source_updated_at",
		"tki_stock":         "year quarter country persons source_updated_at",
		"statistics":        "indicator title area province_code province regency_code regency counterpart time sub_time sex class_1 class_2 class_3 value unit_mult unit currency status origin note source_updated_at",
		"published_figures": "no period measure breakdown value unit vintage source flag source_updated_at",
		"missing_migrants":  "incident_id main_id incident_on incident_type region unsd_region country dead missing dead_and_missing survivors females males children region_of_origin country_of_origin origin_country cause location latitude longitude route information_source urls source_quality source_updated_at",
		"rejects":           "", "tombstones": "",
		"returns":                 "return_id sex nik passport province_code province regency_code regency country return_class category procedure point unit returned_on source_updated_at",
		"shelter_stays":           "stay_id sex nik passport province_code province location shelter_id country unit category checked_in_on checked_out_on source_updated_at",
		"shelter_capacity":        "shelter_id valid_from location country unit beds source_updated_at",
		"legal_aid":               "aid_id case_id sex nik passport province_code province path category place forum country unit started_on ended_on result amount_recovered recovered_currency source_updated_at",
		"mission_cases":           "year month country topic cases_received cases_resolved death_penalty_open death_penalty_freed amount_recovered_idr source_updated_at",
		"empowerment_events":      "participation_id event_id sex nik passport province_code province regency_code regency beneficiary country event_type programme partner unit held_on business_id score_before score_after source_updated_at",
		"businesses":              "business_id sex nik passport province_code province regency_code regency beneficiary country sector unit formed_on active_6m active_12m income_6m_idr income_12m_idr linked_sale source_updated_at",
		"loans":                   "loan_id sex nik passport province_code province regency_code regency lender loan_kind country disbursed_on disbursed_idr outstanding_idr collectibility source_updated_at",
		"trainings":               "training_id sex nik passport province_code province training_kind course language level country programme target_group provider funder unit started_on ended_on exam_on passed certified source_updated_at",
		"candidates":              "candidate_id sex nik passport province_code province programme batch country target_group applied_on interview_passed_on language_passed_on visa_on departed_on recognised_on withdrawn_on source_updated_at",
		"vacancies":               "order_id country job_title scheme p3mi quota filled opened_on closed_on source_updated_at",
		"p3mi_licences":           "licence_no p3mi province_code province status licensed_on valid_until ended_on source_updated_at",
		"p3mi_sanctions":          "sanction_id licence_no sanction_kind imposed_on lifted_on source_updated_at",
		"social_security_members": "year month country sex members source_updated_at",
		"social_security_claims":  "year month country sex claim_kind filed paid fatal paid_idr source_updated_at",
		"villages":                "village_code village province_code province regency_code regency decree_no unit decreed_on source_updated_at",
		"registrations":           "registration_id placement_id sex nik passport province_code province regency_code regency scheme country unit registered_on opp_on epmi_on source_updated_at",
		"arrivals":                "arrival_id sex nik passport province_code province country point arrived_on source_updated_at",
		"reintegration":           "reintegration_id return_id sex nik passport province_code province regency_code regency country unit eligible returned_on social_on source_updated_at",
		"identity_checks":         "check_id nik result checked_on source_updated_at",
		"partner_activities":      "iati_identifier reporting_org_ref reporting_org_type reporting_org secondary_reporter title title_language title_en title_id activity_status planned_start actual_start planned_end actual_end hierarchy parent_activities child_activities humanitarian default_currency funding_orgs accountable_orgs extending_orgs implementing_orgs recipient_countries recipient_regions recipients sectors sectors_check collaboration_type default_flow_type default_finance_type default_aid_type transactions budgets planned_disbursements last_updated source_updated_at",
		"partner_flows":           "iati_identifier reporting_org_ref reporting_org_type secondary_reporter hierarchy parent_activities child_activities flow_kind flow_no flow_ref transaction_type budget_type budget_status humanitarian flow_date period_end value currency value_date provider_org_ref provider_org provider_activity_id receiver_org_ref receiver_org receiver_activity_id recipient_no recipient_country recipient_region recipient_vocabulary recipient_percentage recipients recipients_from sectors sectors_check sectors_from flow_type finance_type aid_type source_updated_at",
		"remittance_costs":        "time sub_time sending_country receiving_country firm service_no firm_type product payment_instrument access_point pickup_method pickup_location coverage speed amount_usd amount_local fee_local currency margin_percent cost_percent is_transparent collected_on note source_updated_at",
		"manual_indicators":       "kpi period country unit value document dated_on signed_by source_updated_at",
		"partner_programmes":      "programme_id theme partner title iati_activities unit started_on ended_on evidence source_updated_at",
		"cooperation_commitments": "commitment_id meeting met_on partner theme promise due_on state kept_on source_updated_at",
		"ministry_budget":         "year budget_unit theme need_idr ceiling_idr realised_idr source_updated_at",
		"publication_calendar":    "publication due_on published_on source_updated_at",
	}
	for _, d := range Datasets() {
		if got := strings.Join(d.Inputs(), " "); got != want[d.Name()] {
			t.Errorf("%s reads %s\nwant %s", d.Name(), got, want[d.Name()])
		}
	}
	d, _ := Lookup("placements")
	for input, class := range map[string]string{"nik": "identifier", "passport": "identifier", "birth_date": "personal", "sex": "personal", "wage": "specific", "country": "open", "no_such": "personal"} {
		if got := d.InputClass(input); got != class {
			t.Errorf("InputClass(%s) = %s, want %s", input, got, class)
		}
	}
}

// Values of personal columns never reach a message, whatever is wrong with them.
func TestMessagesKeepSecrets(t *testing.T) {
	const secrets = "placement_id,nik,passport,birth_date,country,completed_on,sex,wage,province,regency_code\n" +
		"P-1,32010141O190000,,31-02-1990,Taiwan,2024-01-01,,,,\n" +
		"P-2,3.20101E+15,,kelahiran 1990,Taiwan,2024-01-01,,,,\n" +
		"P-3,,,,3201014101900000,3201014101900000,0812-3456-7890,3201-0141-0190,Siti Contoh Rahasia,3201014101900000\n" +
		"P-4,,,,Siti Contoh Rahasia,X0000123,Siti Contoh Rahasia,0812-3456-7890,Jl. Contoh No. 5,\n"
	_, rejects := normaliseText(t, "placements", secrets, Mapping{})
	if len(rejects) != 4 {
		t.Fatalf("%d rejects, want 4", len(rejects))
	}
	for _, r := range rejects {
		for _, p := range r.Problems {
			for _, secret := range []string{"32010", "3.20101E", "1990", "0812", "Siti", "X0000123", "Jl. Contoh"} {
				if strings.Contains(p.Message, secret) {
					t.Errorf("%s shows %q: %s", r.Place, secret, p.Message)
				}
			}
		}
	}
}
