package pipelines

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/transforms"
)

// sheetOf writes cells as a workbook; change may do what cells are not enough for.
func sheetOf(t *testing.T, rows [][]any, change func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = f.SetSheetRow("Sheet1", at, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		if err := change(f); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// normaliseAs decodes and normalises an object as a feed of the catalogue would.
func normaliseAs(t *testing.T, feed string, object []byte) (rows transforms.Rows, rejects []transforms.Reject) {
	t.Helper()
	f, err := findFeed(catalogue(t), feed)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := formatRules(f, "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasetOf(f)
	if err != nil {
		t.Fatal(err)
	}
	n, err := d.Bind(catalogueEnv(t), mappingOf(f, time.Date(2026, 2, 7, 0, 0, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	rows = d.NewRows()
	for b, err := range rules[0].decode.Decode(t.Context(), "object", bytes.NewReader(object)) {
		if err != nil {
			t.Fatal(err)
		}
		bad, err := n.Normalise(b, [16]byte{1}, rows)
		if err != nil {
			t.Fatal(err)
		}
		rejects = append(rejects, bad...)
	}
	return rows, rejects
}

// rowsAs reads rows back from their Parquet file.
func rowsAs[T any](t *testing.T, rows transforms.Rows) []T {
	t.Helper()
	var file bytes.Buffer
	if err := rows.WriteParquet(&file); err != nil {
		t.Fatal(err)
	}
	back, err := parquet.Read[T](bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// The real matrix of 2017 becomes statistics: every country has a code but two that ISO 3166 does not
// know, which are areas and cannot be the other side of a pair.
func TestCatalogueReadsTheRealMatrixOfKNOMAD(t *testing.T) {
	matrix, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "worldbank", "WB_Bilateral_Remittance_Estimates_2017.xlsx"))
	if err != nil {
		t.Skip("the real matrix is not at hand")
	}
	rows, rejects := normaliseAs(t, "knomad_remittances", matrix)
	if rows.Len() != 214*214-4-2*214 || len(rejects) != 2*214 {
		t.Errorf("%d rows, %d rejects", rows.Len(), len(rejects))
	}
	for _, r := range rejects {
		if len(r.Problems) != 1 || r.Problems[0].Code != transforms.UnknownCode || r.Problems[0].Column != "counterpart" {
			t.Fatalf("%s: %v", r.Place, r.Problems)
		}
	}
	for _, s := range rowsAs[transforms.Statistic](t, rows) {
		if s.RowKey == "KNOMAD.REMITTANCE|IDN|SAU|2017" {
			if *s.ValueDigits != 34004372560350635 || *s.ValueDecimals != 7 || *s.Currency != "USD" || s.AreaKind != "country" {
				t.Errorf("Saudi Arabia to Indonesia: %d with %d decimals, %s", *s.ValueDigits, *s.ValueDecimals, *s.Currency)
			}
			return
		}
	}
	t.Error("Saudi Arabia to Indonesia is missing")
}

func TestCatalogueReadsTheShapesOfKNOMAD(t *testing.T) {
	matrix := sheetOf(t, [][]any{
		{"Bilateral estimates for 2017 (millions of US$)"}, {"receiving (across) / sending (down)", "Indonesia", "Korea, Rep.", "Channel Islands", "WORLD"},
		{"Indonesia", 0, 1.5, 2, 3.5}, {"Korea, Rep.", 10.25, 0, 0, 10.25}, {"WORLD", 10.25, 1.5, 2, 13.75},
	}, nil)
	for feed, want := range map[string]string{
		"knomad_remittances": "KNOMAD.REMITTANCE|IDN|IDN|2017 KNOMAD.REMITTANCE|KOR|IDN|2017 KNOMAD.REMITTANCE|CHI|IDN|2017 " +
			"KNOMAD.REMITTANCE|IDN|KOR|2017 KNOMAD.REMITTANCE|KOR|KOR|2017 KNOMAD.REMITTANCE|CHI|KOR|2017",
		"knomad_migrants": "KNOMAD.MIGRANT_STOCK|IDN|IDN|2017 KNOMAD.MIGRANT_STOCK|KOR|IDN|2017 KNOMAD.MIGRANT_STOCK|CHI|IDN|2017 " +
			"KNOMAD.MIGRANT_STOCK|IDN|KOR|2017 KNOMAD.MIGRANT_STOCK|KOR|KOR|2017 KNOMAD.MIGRANT_STOCK|CHI|KOR|2017",
	} {
		keys, rejects := rowsOf(t, feed, matrix)
		if got := strings.Join(keys, " "); got != want || len(rejects) > 0 {
			t.Errorf("%s: %s, rejects %v", feed, got, rejects)
		}
	}
	update := "Year,Recipient WB A3,Source WB A3,Bilateral remittances (current US$),Migrant stock in source country,Allocation status\n2024,IDN,MYS,3900000000.5,2500000,allocated\n"
	rows, rejects := normaliseAs(t, "bilateral_update", []byte(update))
	if got := rowsAs[transforms.Statistic](t, rows); len(got) != 1 || len(rejects) > 0 || got[0].RowKey != "CGD.REMITTANCE|IDN|MYS|2024" || *got[0].ValueDigits != 39000000005 {
		t.Errorf("rows %v, rejects %v", got, rejects)
	}
}

// htcdsForm is the form as it comes: machine names in a hidden row, labels below them, rows numbered
// beforehand, one column without a machine name.
func htcdsForm(t *testing.T, cases [][]any) []byte {
	names := []any{nil, "cas_CaseOwner", "prs_Salutation", "prs_FirstName", "prs_SecondName", "con_Consent", "prs_Birthdate", "prs_Gender", "prs_Citizenship", "prs_Title",
		"prs_Email", "prs_HomePhone", "prs_MobilePhone", "prs_MailingCity", "prs_MailingCountry", "prs_MailingState", "prs_MailingStreet", "prs_MailingPostalCode",
		"vic_TraffickingStatus", "vic_TraffickinStatusDecisionMakingOrg", "vic_MethodOfRecruitment", "vic_LocationOfRecruitment", "vic_MethodsOfControl",
		"vic_TypeOfExploitation", "vic_ForcedLabourIndustry", "vic_TypeOfSexExploitation", "vic_LocationOfExploitation", "cas_Status", "cas_ReferringOrganisation",
		"cas_IncomingReferralDate", "cas_ReferringPrimaryCaseWorker", "cas_ReasonForIncomingReferral", "cas_IncomingReferralDetails", "cas_ReferredOrganisation",
		"cas_ReferredPrimaryCaseWorker", nil, "cas_OutgoingReferralDate", "cas_OutgoingReferralDetails", "cas_ReasonForCaseClosure"}
	labels := make([]any, len(names))
	for i := range labels {
		labels[i] = "Label"
	}
	labels[0] = nil
	rows := append([][]any{names, labels}, cases...)
	for n := len(cases) + 1; n <= 1000; n++ {
		rows = append(rows, []any{n})
	}
	return sheetOf(t, rows, func(f *excelize.File) error { return f.SetRowVisible("Sheet1", 1, false) })
}

// A filled form becomes cases; of the persons in it nothing goes further than sex, country and dates.
func TestCatalogueReadsTheFormOfHTCDS(t *testing.T) {
	private := []string{"Sari", "Contoh", "sari@contoh.example", "+62000000000", "Jalan Contoh 1", "Petugas Contoh", "cerita korban", "1990-01-01"}
	full := func(n int, gender, country, status, day any) []any {
		row := make([]any, 39)
		for i := range row {
			row[i] = private[i%len(private)]
		}
		row[0], row[7], row[26], row[27], row[29] = n, gender, country, status, day
		return row
	}
	form := htcdsForm(t, [][]any{full(1, "Female", "Malaysia", "Open", "15/01/2024"), full(2, "Man", "Arab Saudi", "Closed", "2024-02-29"), full(3, "Female", "Kuala Lumpur", "Open", "15/01/2024")})
	rows, rejects := normaliseAs(t, "htcds_cases", form)
	cases := rowsAs[transforms.Case](t, rows)
	if len(cases) != 2 || cases[0].RowKey != "1" || *cases[0].Sex != "P" || *cases[0].Country != "MYS" || cases[0].Category != "K19" || cases[0].Status != "VERIFIKASI" ||
		cases[1].Period != "2024-02" || *cases[1].Sex != "L" || cases[1].Status != "DITUTUP_ADM" || cases[1].NIKToken != nil || cases[1].PassportToken != nil {
		t.Errorf("cases %+v", cases)
	}
	if len(rejects) != 1 || rejects[0].Place != "Sheet1!A5" || rejects[0].Problems[0].Column != "country" {
		t.Errorf("rejects %v", rejects)
	}
	var file bytes.Buffer
	if err := parquet.Write(&file, cases, parquet.Compression(&parquet.Uncompressed)); err != nil {
		t.Fatal(err)
	}
	for _, text := range private {
		if bytes.Contains(file.Bytes(), []byte(text)) {
			t.Errorf("%q of the form is in the rows", text)
		}
	}
}

// The real form has the columns that the feed reads and leaves out, and no case.
func TestCatalogueKnowsTheRealFormOfHTCDS(t *testing.T) {
	form, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "iom", "HTCDS_Excel_v2.0.xlsx"))
	if err != nil {
		t.Skip("the real form is not at hand")
	}
	if rows, rejects := normaliseAs(t, "htcds_cases", form); rows.Len() > 0 || len(rejects) > 0 {
		t.Errorf("%d rows, rejects %v of an empty form", rows.Len(), rejects)
	}
	f, err := findFeed(catalogue(t), "htcds_cases")
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasetOf(f)
	if err != nil {
		t.Fatal(err)
	}
	run := feedRun{feed: f, dataset: d}
	filled, err := excelize.OpenReader(bytes.NewReader(form))
	if err == nil {
		err = filled.SetCellStr("Sheet1", "B3", "x")
	}
	var out bytes.Buffer
	if err == nil {
		err = filled.Write(&out)
	}
	if err != nil {
		t.Fatal(err)
	}
	rules, err := formatRules(f, "")
	if err != nil {
		t.Fatal(err)
	}
	records := 0
	for b, err := range rules[0].decode.Decode(t.Context(), "form", bytes.NewReader(out.Bytes())) {
		if err != nil {
			t.Fatal(err)
		}
		if records += b.Len(); len(b.Header()) != 39 {
			t.Errorf("%d columns", len(b.Header()))
		}
		if unknown := run.undeclared(b.Header()); len(unknown) > 0 {
			t.Errorf("columns that the feed neither reads nor leaves out: %v", unknown)
		}
	}
	if records != 1 {
		t.Errorf("%d records", records)
	}
}
