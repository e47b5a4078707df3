package formats

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// realIATI gives a file that a publisher or d-portal served.
func realIATI(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "iati", name))
	if err != nil {
		t.Skip("the real files are not at hand")
	}
	return data
}

// plainActivity is an activity as the standard library reads it.
type plainActivity struct {
	Identifier string `xml:"iati-identifier"`
	Currency   string `xml:"default-currency,attr"`
	Reporter   struct {
		Ref       string `xml:"ref,attr"`
		Secondary string `xml:"secondary-reporter,attr"`
	} `xml:"reporting-org"`
	Orgs []struct {
		Ref string `xml:"ref,attr"`
	} `xml:"participating-org"`
	Transactions []plainFlow `xml:"transaction"`
	Budgets      []plainFlow `xml:"budget"`
	Planned      []plainFlow `xml:"planned-disbursement"`
}

type plainFlow struct {
	Type struct {
		Code string `xml:"code,attr"`
	} `xml:"transaction-type"`
	Value struct {
		Text     string `xml:",chardata"`
		Currency string `xml:"currency,attr"`
	} `xml:"value"`
}

// Every real file is read, and the standard library finds the same activities and the
// same money in it.
func TestIATIAgreesWithEncodingXMLOnRealFiles(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "iati", "*activit*.xml"))
	if len(files) == 0 {
		t.Skip("the real files are not at hand")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data := realIATI(t, filepath.Base(file))
			var answer struct {
				Activities []plainActivity `xml:"iati-activity"`
			}
			if bytes.Contains(data, []byte("<iati-activities")) {
				if err := xml.Unmarshal(data, &answer); err != nil {
					t.Fatal(err)
				}
			} else {
				answer.Activities = make([]plainActivity, 1)
				if err := xml.Unmarshal(data, &answer.Activities[0]); err != nil {
					t.Fatal(err)
				}
			}
			var activities, money strings.Builder
			for _, a := range answer.Activities {
				fmt.Fprintf(&activities, "%s|%s|%d|%d|%d\n", strings.TrimSpace(a.Identifier), a.Reporter.Ref, len(a.Transactions), len(a.Budgets), len(a.Planned))
				for i, flows := range [][]plainFlow{a.Transactions, a.Budgets, a.Planned} {
					for n, f := range flows {
						if f.Value.Currency == "" {
							f.Value.Currency = a.Currency
						}
						fmt.Fprintf(&money, "%s|%s|%d|%s|%s|%s\n", strings.TrimSpace(a.Identifier), iatiFlowKinds[i], n+1, f.Type.Code, strings.TrimSpace(f.Value.Text), f.Value.Currency)
					}
				}
			}
			got := namedRows(t, newIATI(nil), data)
			var have strings.Builder
			for _, r := range got {
				fmt.Fprintf(&have, "%s|%s|%s|%s|%s\n", r["iati_identifier"], r["reporting_org_ref"], r["transactions"], r["budgets"], r["planned_disbursements"])
			}
			if have.String() != activities.String() {
				t.Errorf("got\n%s\nthe standard library reads\n%s", have.String(), activities.String())
			}
			have.Reset()
			// The kinds of flows alternate in some files: the order is that of the file.
			lines := []string{}
			for _, r := range namedRows(t, newIATI(flows), data) {
				if r["recipient_no"] == "1" {
					lines = append(lines, fmt.Sprintf("%s|%s|%s|%s|%s|%s\n", r["iati_identifier"], r["flow_kind"], r["flow_no"], r["transaction_type"], r["value"], r["currency"]))
				}
			}
			want := slices.Collect(strings.Lines(money.String()))
			slices.Sort(lines)
			slices.Sort(want)
			if !slices.Equal(lines, want) {
				t.Errorf("%d flows, the standard library reads %d", len(lines), len(want))
			}
		})
	}
}

func namedRows(t *testing.T, s *IATI, data []byte) []map[string]string {
	t.Helper()
	got, err := decodeAll(s, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]string, len(got.rows))
	for i, cells := range got.rows {
		rows[i] = map[string]string{}
		for k, name := range got.header {
			rows[i][name] = cells[k]
		}
	}
	return rows
}

// What is known of d-portal's answer about COVID-19.
func TestIATIReadsTheCOVIDActivities(t *testing.T) {
	data := realIATI(t, "dportal_covid_activities.xml")
	reporters, koica, indonesia := map[string]int{}, 0, 0
	for _, a := range namedRows(t, newIATI(nil), data) {
		reporters[a["reporting_org_ref"]]++
	}
	for want, s := range map[string]*IATI{"koica": newIATI(func(s *IATI) { s.Participating = []string{"KR-GOV-051"} }), "indonesia": newIATI(func(s *IATI) { s.Countries = []string{"ID"} })} {
		n := len(namedRows(t, s, data))
		if want == "koica" {
			koica = n
		} else {
			indonesia = n
		}
	}
	if len(reporters) != 18 || reporters["XM-DAC-41114"] != 100 || reporters["KR-GOV-010"] != 94 || reporters["GB-GOV-1"] != 57 || reporters["CH-4"] != 40 || koica != 82 || indonesia != 4 {
		t.Errorf("%v, KOICA takes part in %d, %d are about Indonesia", reporters, koica, indonesia)
	}
	flowsSeen, empty, negative := map[string]int{}, 0, 0
	for _, f := range namedRows(t, newIATI(flows), data) {
		if f["recipient_no"] != "1" {
			continue
		}
		flowsSeen[f["flow_kind"]]++
		if f["flow_kind"] == "transaction" && f["transaction_type"] == "" && f["value"] == "" && f["reporting_org_ref"] == "CZ-ICO-25755277" {
			empty++
		}
		if strings.HasPrefix(f["value"], "-") {
			negative++
		}
	}
	if flowsSeen["transaction"] != 1033 || flowsSeen["budget"] != 368 || flowsSeen["planned_disbursement"] != 268 || empty != 21 || negative != 39 {
		t.Errorf("%v, %d of one publisher without type and value, %d below zero", flowsSeen, empty, negative)
	}
}

// OCHA publishes what it made of the same answer: money by activity, month, and whether
// it was committed (type 2) or spent (types 3, 4 and 7), split over countries and
// sectors and turned into US dollars. What is compared:
//
//   - the cells (activity, month, kind) are the same, but for what OCHA leaves out: what
//     Korea reports as a secondary reporter, two publishers whose data it does not
//     trust, months before 2020 and after the day of its run (2021-05), and nought;
//   - where all of a cell's money is in US dollars, no rate comes between, and the sums
//     are equal within the rounding of its parts to whole dollars;
//   - where that money is split over countries, so is the part of each country.
//
// Amounts in other currencies are not compared: OCHA's rates are not at hand.
func TestIATIAgreesWithOCHA(t *testing.T) {
	data := realIATI(t, "dportal_covid_activities.xml")
	oracle := ochaCells(t)
	names := iatiCountryNames(t)
	sums, countries, foreign := map[string]float64{}, map[string]float64{}, map[string]bool{}
	spent := map[string]string{"2": "commitments", "3": "spending", "4": "spending", "7": "spending"}
	for _, f := range namedRows(t, newIATI(flows), data) {
		kind := spent[f["transaction_type"]]
		if f["flow_kind"] != "transaction" || kind == "" || f["value"] == "" || f["flow_date"] < "2020" || f["flow_date"] >= "2021-06" ||
			f["secondary_reporter"] == "1" || f["reporting_org_ref"] == "CZ-ICO-25755277" || f["reporting_org_ref"] == "XM-DAC-701-2" {
			continue
		}
		value := number(t, f["value"])
		if value == 0 {
			continue
		}
		cell := f["iati_identifier"] + "|" + f["flow_date"][:7] + "|" + kind
		if f["recipient_no"] == "1" {
			sums[cell] += value
		}
		foreign[cell] = foreign[cell] || f["currency"] != "USD"
		if f["recipient_country"] != "" {
			part := 100.0
			if f["recipient_percentage"] != "" {
				part = number(t, f["recipient_percentage"])
			}
			countries[cell+"|"+names[f["recipient_country"]]] += value * part / 100
		}
	}
	dollars, split := 0, 0
	for cell, c := range oracle {
		sum, ok := sums[cell]
		if !ok {
			t.Errorf("%s: OCHA has it, we do not", cell)
		}
		if foreign[cell] {
			continue
		}
		if dollars++; math.Abs(sum-c.total) > c.parts/2 {
			t.Errorf("%s: %.2f, OCHA has %.0f", cell, sum, c.total)
		}
		for country, total := range c.countries {
			part, ok := countries[cell+"|"+country]
			if !ok {
				continue // a region, or a country that OCHA names otherwise
			}
			if split++; math.Abs(part-total) > c.parts/2 {
				t.Errorf("%s in %s: %.2f, OCHA has %.0f", cell, country, part, total)
			}
		}
	}
	for cell := range sums {
		if _, ok := oracle[cell]; !ok {
			t.Errorf("%s: we have it, OCHA does not", cell)
		}
	}
	if len(oracle) != 430 || dollars != 108 || split != 61 {
		t.Errorf("%d cells, %d in dollars, %d parts of countries", len(oracle), dollars, split)
	}
}

type ochaCell struct {
	total, parts float64
	countries    map[string]float64
}

func ochaCells(t *testing.T) map[string]*ochaCell {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(realIATI(t, "oracle_covid_transactions.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]*ochaCell{}
	for _, l := range lines[2:] { // below the header and its tags
		key := l[9] + "|" + l[0] + "|" + l[8]
		c := cells[key]
		if c == nil {
			c = &ochaCell{countries: map[string]float64{}}
			cells[key] = c
		}
		c.total += number(t, l[11])
		c.countries[l[5]] += number(t, l[11])
		c.parts += 2 // each part was rounded, and transactions of a month were added up
	}
	return cells
}

// iatiCountryNames are the English names of countries by code, in IATI's own list.
func iatiCountryNames(t *testing.T) map[string]string {
	t.Helper()
	var list struct {
		Items []struct {
			Code  string   `xml:"code"`
			Names []string `xml:"name>narrative"`
		} `xml:"codelist-items>codelist-item"`
	}
	if err := xml.Unmarshal(realIATI(t, filepath.Join("codelists", "Country.xml")), &list); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, i := range list.Items {
		names[i.Code] = i.Names[0]
	}
	return names
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
