package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// What the canaries' feeds have in common: names, phones and addresses stand in columns that no
// field reads, as in the systems that persons come from.
const canarySource = `source: kenari
title: {id: Kenari, en: Canaries}
origin: sample
producer: Unit Kenari
contact: data@contoh.example
feeds:
`

// canaryFeed is one way in which persons arrive. Its records have the columns id, nama, nik,
// paspor, telepon, lahir, jk, provinsi, negara, tanggal, kode and uraian.
type canaryFeed struct {
	name, dataset, id, connector, formats, fields, code string
	write                                               func(t *testing.T, records [][]string) []byte
	file                                                string // in the inbox; "" for what is served
}

const canaryHeader = "id,nama,nik,paspor,telepon,lahir,jk,provinsi,negara,tanggal,kode,uraian"

var canaryFeeds = []canaryFeed{
	{name: "kenari_penempatan", dataset: "placements", id: "placement_id", code: "P2P", file: "penempatan-1.csv", write: canaryCSV,
		connector: `{kind: files, path: inbox, match: ["penempatan*.csv"]}`, formats: `{kind: csv}`,
		fields: "birth_date: lahir, completed_on: tanggal, scheme: kode, job_title: uraian"},
	{name: "kenari_aduan", dataset: "cases", id: "case_id", code: "K19",
		connector: `{kind: rest, url: "${env:CANARY_URL}/aduan", auth: {kind: bearer, token: "${env:CANARY_TOKEN}"}, paging: {kind: page, param: page, items_path: data}, retry: {attempts: 1}}`,
		formats:   `{kind: json, items_path: data}`, write: canaryJSON,
		fields: `received_at: tanggal, category: kode, p3mi: uraian, status: "=Baru"`},
	{name: "kenari_pulang", dataset: "returns", id: "return_id", code: "deportasi", file: "pulang-1.xlsx", write: canaryXLSX,
		connector: `{kind: files, path: inbox, match: ["pulang*.xlsx"]}`, formats: `{kind: xlsx}`,
		fields: `returned_on: tanggal, return_class: kode`},
	{name: "kenari_singgah", dataset: "shelter_stays", id: "stay_id", code: "K24", file: "singgah-1.xml", write: canaryXML,
		connector: `{kind: files, path: inbox, match: ["singgah*.xml"]}`, formats: `{kind: xml, record_path: daftar/orang}`,
		fields: `checked_in_on: tanggal, category: kode, shelter_id: uraian, location: "=PERWAKILAN"`},
	{name: "kenari_latih", dataset: "trainings", id: "training_id", code: "BAHASA", file: "latih-1.zip", write: canaryZIP,
		connector: `{kind: files, path: inbox, match: ["latih*.zip"]}`, formats: `{kind: ndjson, unpack: [{kind: zip, members: ["*.ndjson"]}]}`,
		fields: `started_on: tanggal, training_kind: kode, course: uraian`},
	{name: "kenari_kredit", dataset: "loans", id: "loan_id", code: "KUR_PMI", file: "kredit-1.txt", write: canaryFixed,
		connector: `{kind: files, path: inbox, match: ["kredit*.txt"]}`, formats: canaryFixedFormat,
		fields: `disbursed_on: tanggal, loan_kind: kode, lender: uraian, disbursed_idr: "=25000000"`},
	{name: "kenari_datang", dataset: "arrivals", id: "arrival_id", file: "datang-1.html", write: canaryHTML,
		connector: `{kind: files, path: inbox, match: ["datang*.html"]}`, formats: `{kind: html_table}`,
		fields: `arrived_on: tanggal`},
	{name: "kenari_daftar", dataset: "registrations", id: "registration_id", code: "G2G", file: "daftar-1.csv.gz", write: canaryGzip,
		connector: `{kind: files, path: inbox, match: ["daftar*.gz"]}`, formats: `{kind: csv, unpack: [{kind: gzip}]}`,
		fields: `registered_on: tanggal, scheme: kode, placement_id: uraian`},
}

func (f canaryFeed) yaml() string {
	fields := f.id + ": id, nik: nik, passport: paspor, sex: jk, province: provinsi, country: negara, " + f.fields
	return fmt.Sprintf("  %s:\n    dataset: %s\n    role: authoritative\n    connector: %s\n    formats: [%s]\n    key: [%s]\n    delivery: changes\n    deletes: none\n"+
		"    limits: {max_delivery: 2MiB}\n    thresholds: {max_rejects: 1000, max_reject_share: 0.9}\n    units: {date_order: ymd}\n    fields: {%s}\n",
		f.name, f.dataset, f.connector, f.formats, f.id, fields)
}

// records are a feed's persons. Of ten records six are what they should be; the others are wrong in
// ways in which values end up where nobody expects them.
func (f canaryFeed) records(persons []canary) [][]string {
	var all [][]string
	for i, c := range persons {
		country, on, nik, id, words := "Taiwan", "2024-02-03", c.NIK, fmt.Sprintf("%s-%04d", strings.ToUpper(f.dataset[:3]), i), "Rumah Bahagia"
		r := []string{id, c.Name, nik, c.Passport, c.Phone, c.Birth, c.Sex, c.Province, country, on, f.code, words}
		if i%10 >= 6 {
			canaryFlaw(r, c, i/10%12)
		}
		all = append(all, r)
	}
	return all
}

const (
	colID, colName, colNIK, colPassport, colBirth, colSex, colProvince, colCountry, colOn, colCode, colWords = 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11
)

// canaryFlaw makes a record wrong in one of twelve ways.
func canaryFlaw(r []string, c canary, way int) {
	switch way {
	case 0:
		r[colCountry] = c.NIK
	case 1:
		r[colCountry], r[colCode] = c.Name, c.Passport
	case 2: // a column is missing at the left: a name stands where a code is asked for
		copy(r[1:], r[2:])
		r[colCountry], r[colCode], r[colProvince] = c.Given, c.Given, c.Given
	case 3:
		r[colNIK] = strings.Replace(c.NIK[:1]+"."+c.NIK[1:13]+"E+15", "..", ".", 1)
	case 4:
		r[colOn] = c.Phone
	case 5:
		r[colBirth], r[colOn] = "1990-02-31", c.NIK
	case 6:
		r[colSex], r[colProvince] = c.Given+" "+c.NIK, c.Name
	case 7:
		r[colID], r[colOn] = "", c.Name
	case 8:
		r[colID] = c.NIK
	case 9:
		r[colWords] = "Perawat " + c.NIK
	case 10:
		r[colNIK], r[colCountry] = c.NIK[:15], strings.ToUpper(c.Name)
	case 11:
		r[colWords], r[colCode] = "=HYPERLINK("+c.NIK+")", c.Phone
	}
}

func canaryCSV(_ *testing.T, records [][]string) []byte {
	lines := []string{strings.ReplaceAll(canaryHeader, ",", ";")}
	for _, r := range records {
		lines = append(lines, strings.Join(r, ";"))
	}
	lines = append(lines, records[0][colName]+";"+records[0][colNIK], "Jumlah;;;;;;;;;;;") // a ragged row and one of totals
	return []byte(strings.Join(lines, "\n") + "\n")
}

func canaryGzip(t *testing.T, records [][]string) []byte { return gzipped(t, canaryCSV(t, records)) }

func gzipped(t *testing.T, raw []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// canaryItem is a record as a system's interface gives it. One that has a NIK for its number also has
// a member that is called after it.
func canaryItem(r []string) map[string]any {
	item := map[string]any{}
	for i, name := range strings.Split(canaryHeader, ",") {
		item[name] = r[i]
	}
	if r[colID] == r[colNIK] {
		item["anak"] = map[string]any{r[colNIK]: r[colName]}
	}
	return item
}

func canaryJSON(t *testing.T, records [][]string) []byte {
	items := []map[string]any{}
	for _, r := range records {
		items = append(items, canaryItem(r))
	}
	raw, err := json.Marshal(map[string]any{"data": items})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func canaryZIP(t *testing.T, records [][]string) []byte {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	w, err := archive.Create("latih.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewEncoder(w)
	for _, r := range records {
		if err := lines.Encode(canaryItem(r)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fmt.Fprintf(w, "{\"nik\": \"%s\", \"nama\": %s\n", records[0][colNIK], records[0][colName]); err != nil { // no JSON
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// canaryXLSX writes some of the identity numbers as numbers, which a workbook keeps as floating point.
func canaryXLSX(t *testing.T, records [][]string) []byte {
	book := excelize.NewFile()
	defer book.Close()
	rows := append([][]string{strings.Split(canaryHeader, ",")}, records...)
	for i, r := range rows {
		cells := make([]any, len(r))
		for j, text := range r {
			cells[j] = text
			if number := int64(0); j == colNIK && i%8 == 7 {
				if _, err := fmt.Sscan(text, &number); err == nil {
					cells[j] = number
				}
			}
		}
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func canaryXML(t *testing.T, records [][]string) []byte {
	var b bytes.Buffer
	b.WriteString("<daftar>\n")
	for _, r := range records {
		b.WriteString("<orang>")
		for i, name := range strings.Split(canaryHeader, ",") {
			fmt.Fprintf(&b, "<%s>", name)
			if err := xml.EscapeText(&b, []byte(r[i])); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "</%s>", name)
		}
		b.WriteString("</orang>\n")
	}
	b.WriteString("</daftar>\n")
	return b.Bytes()
}

func canaryHTML(_ *testing.T, records [][]string) []byte {
	var b strings.Builder
	b.WriteString("<html><body><table><tr><th>" + strings.ReplaceAll(canaryHeader, ",", "</th><th>") + "</th></tr>\n")
	for _, r := range records {
		b.WriteString("<tr>")
		for _, cell := range r {
			b.WriteString("<td>" + html.EscapeString(cell) + "</td>")
		}
		b.WriteString("</tr>\n")
	}
	return []byte(b.String() + "</table></body></html>\n")
}

const canaryWidth = 40

var canaryFixedFormat = func() string {
	var columns []string
	for name := range strings.SplitSeq(canaryHeader, ",") {
		columns = append(columns, fmt.Sprintf("{name: %s, length: %d}", name, canaryWidth))
	}
	return "{kind: fixed_width, columns: [" + strings.Join(columns, ", ") + "]}"
}()

func canaryFixed(_ *testing.T, records [][]string) []byte {
	var b strings.Builder
	for _, r := range records {
		for _, cell := range r {
			fmt.Fprintf(&b, "%-*s", canaryWidth, cell)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%s%s\n", records[0][colName], records[0][colNIK]) // a line that is too short
	return []byte(b.String())
}
