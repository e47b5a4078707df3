package transforms

import (
	"strings"
	"testing"
)

func profileOf(texts ...string) *Profile {
	p := NewProfile()
	for _, text := range texts {
		p.Add(text)
	}
	return p
}

func TestAProfileSaysWhatTextsLookLike(t *testing.T) {
	for _, tt := range []struct {
		texts                string
		form, order, decimal string
		needsOrder           bool
	}{
		{"3201014101900000|3578014101900000", "16 digits", "", "", false},
		{"1|22|333", "digits", "", "", false},
		{"1.250.000|22.500,50|-", "number with decimal comma", "", ",", false},
		{"1,250,000.00|22.5", "number with decimal point", "", ".", false},
		{"Rp 22.376|1.250", "number", "", "", false},
		{"02/01/2024|17/02/2024", "day, day/month/year", "dmy", "", true},
		{"01/02/2024|02/17/2024", "day, month/day/year", "mdy", "", true},
		{"01/02/2024|02/03/2024", "day, in digits", "", "", true},
		{"17/02/2024|02/17/2024", "day, in digits", "", "", true},
		{"2024-01-31|2024-02-01", "day, year first", "", "", false},
		{"31 Januari 2024|Senin, 1 Peb 2024", "day, month in words", "", "", false},
		{"2024-01-31T10:00:00+07:00|2024-01-31 10:00", "day and time", "", "", false},
		{"ya|tidak|Ya", "yes/no", "", "", false},
		{"Siti Contoh|Budi Contoh", "text", "", "", false},
		{"|-|n/a", "empty", "", "", false},
		{"2024-01-31|2024-02-01|2024-02-02|besok", "mixed", "", "", false},
		{"3201014101900000|3201014101900000|3201014101900000|3201014101900000|3201014101900000|3201014101900000|3201014101900000|3201014101900000|3201014101900000|320", "16 digits", "", "", false},
	} {
		p := profileOf(strings.Split(tt.texts, "|")...)
		if p.Form() != tt.form || p.DateOrder() != tt.order || p.Decimal() != tt.decimal || p.NeedsDateOrder() != tt.needsOrder {
			t.Errorf("%s: %q, order %q (needed %v), decimal %q", tt.texts, p.Form(), p.DateOrder(), p.NeedsDateOrder(), p.Decimal())
		}
	}
}

func TestAProfileKnowsCodeListsAndRegions(t *testing.T) {
	lists := testEnv(t).Lists
	if got := profileOf("WA", "Tatap Muka", "Surat").Resembles(lists); got != "channel" {
		t.Errorf("resembles %q", got)
	}
	if got := profileOf("Siti", "Budi").Resembles(lists); got != "" {
		t.Errorf("names resemble %q", got)
	}
	if fit := profileOf("Hongkong", "Taiwan", "Negeri Jiran", "").Fit(Input{Name: "country", Kind: CodeInput, List: "country"}, lists); fit < 0.66 || fit > 0.67 {
		t.Errorf("two countries of three fit %v", fit)
	}
	province := Input{Name: "province_code", Kind: RegionCodeInput}
	if p := profileOf("32", "94"); p.Fit(province, lists) != 1 || p.RegionCodes(lists) != "" {
		t.Errorf("94 is Papua to one system and Papua Tengah to the other: %v %q", p.Fit(province, lists), p.RegionCodes(lists))
	}
	if got := profileOf("32", "93").RegionCodes(lists); got != "kemendagri" {
		t.Errorf("93 is a province of Kemendagri only: %q", got)
	}
}

// What a profile gives away of a column's texts is what a message may show.
func TestUnknownCodesAreShownOnlyWhenTheyAreCodes(t *testing.T) {
	lists := testEnv(t).Lists
	country := Input{Name: "country", Kind: CodeInput, List: "country", Class: "open"}
	category := Input{Name: "category", Kind: CodeInput, List: "category", Class: "specific"}
	p := profileOf("Malaysai", "Siti Contoh Binti Budi", "Negeri Jiran", "Negeri Jiran", "Negeri Jiran", "Taiwan", "jiran")
	shown := map[string]bool{}
	for _, u := range p.Unknown(country, lists, map[string]string{"JIRAN": "MYS"}) {
		shown[u.Text] = u.Showable
		if u.Text == "Malaysai" && u.Nearest != "MYS" {
			t.Errorf("nearest to Malaysai is %q", u.Nearest)
		}
	}
	want := map[string]bool{"Malaysai": true, "Siti Contoh Binti Budi": false, "Negeri Jiran": true}
	if len(shown) != len(want) {
		t.Errorf("unknown: %v", shown)
	}
	for text, may := range want {
		if shown[text] != may {
			t.Errorf("%q shown: %v", text, shown[text])
		}
	}
	for _, u := range profileOf("Kisah Panjang Orang", "Kisah Panjang Orang", "Kisah Panjang Orang").Unknown(category, lists, nil) {
		if u.Showable {
			t.Error("a repeated text of a specific column is shown")
		}
	}
}

func TestFormsThatChangeWhatTextsMean(t *testing.T) {
	for _, tt := range []struct {
		before, now string
		want        bool
	}{
		{FormDayDMY, FormDayMDY, true}, {FormDayUnclear, FormDayDMY, false}, {FormComma, FormPoint, true}, {FormDigits, FormComma, false},
		{"16 digits", FormDigits, true}, {"3 digits", "4 digits", false}, {FormText, FormDay, true}, {FormEmpty, FormText, false}, {"", FormText, false},
		{FormDigits, "16 digits", false}, // a few broken identity numbers among good ones, then none
		{FormMixed, FormDay, false}, {FormYesNo, FormText, false},
	} {
		if got := FormsDiffer(tt.before, tt.now); got != tt.want {
			t.Errorf("%q to %q: %v", tt.before, tt.now, got)
		}
	}
}

func TestShapesGiveNothingAway(t *testing.T) {
	for text, want := range map[string]string{"": "", "3201014101900000": "16 digits", "Siti Contoh": "2 words, 11 characters", "B1": "2 characters", " 7 ": "1 digit"} {
		if got := Shape(text); got != want {
			t.Errorf("Shape(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestInputsSayWhatTheyTake(t *testing.T) {
	d, _ := Lookup("cases")
	got := map[string]Input{}
	for _, in := range d.DescribeInputs() {
		got[in.Name] = in
	}
	for _, want := range []Input{
		{Name: "case_id", Kind: TextInput, Class: "internal", Required: true, Key: true},
		{Name: "received_at", Kind: MomentInput, Class: "internal", Required: true},
		{Name: "category", Kind: CodeInput, Class: "specific", List: "category", Required: true},
		{Name: "nik", Kind: NIKInput, Class: "identifier"},
		{Name: "province_code", Kind: RegionCodeInput, Class: "open"},
		{Name: "source_updated_at", Kind: MomentInput, Class: "internal"},
	} {
		if got[want.Name] != want {
			t.Errorf("%+v, want %+v", got[want.Name], want)
		}
	}
	for _, d := range Datasets() {
		if in := d.DescribeInputs(); len(in) != len(d.Inputs()) {
			t.Errorf("%s describes %d of %d inputs", d.Name(), len(in), len(d.Inputs()))
		}
	}
}

func TestTextsReadLikeTheRow(t *testing.T) {
	env := testEnv(t)
	d, _ := Lookup("tki_stock")
	n, err := d.Bind(env, Mapping{Source: "s", Feed: "f"})
	if err != nil {
		t.Fatal(err)
	}
	rows := d.NewRows()
	if rejects, err := n.Normalise(tableOf(t, "year,quarter,country,persons\n2024,Q1,Malaysia,1200\n"), [16]byte{}, rows); err != nil || len(rejects) > 0 {
		t.Fatal(rejects, err)
	}
	texts := rows.Texts(0)
	if got := strings.Join(texts[:4], "|"); got != "2024|1|MYS|1200" || len(texts) != len(rows.Columns()) {
		t.Errorf("%q of %d", got, len(texts))
	}
}
