package data

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// format is raised when a reader of the description would misunderstand a newer one.
const format = 1

// A description is what is said about the files. Its frame is that of CSV on the Web; what that
// standard has no word for has the names of a release's manifest.
type description struct {
	Context   []any              `json:"@context"`
	Format    int                `json:"format"`
	Title     string             `json:"dc:title"`
	Publisher string             `json:"dc:publisher"`
	Language  string             `json:"dc:language"`
	Issued    string             `json:"dc:issued,omitempty"`
	Banner    string             `json:"banner,omitempty"`
	Report    reportFacts        `json:"report"`
	Release   releaseFacts       `json:"release"`
	Marks     []markFacts        `json:"marks"`
	Reading   map[string]string  `json:"reading"`
	Tables    []tableDescription `json:"tables"`
}

type reportFacts struct {
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Status  string `json:"status"`
}

type releaseFacts struct {
	ID          string `json:"release_id"`
	AsOf        string `json:"as_of"`
	LogHead     int64  `json:"log_head"`
	LogHash     string `json:"log_hash"`
	ContentHash string `json:"content_hash"`
	CodeHash    string `json:"code_hash"`
	Program     string `json:"code_version,omitempty"`
}

type markFacts struct {
	Mark   string            `json:"mark"`
	Titles map[string]string `json:"titles"`
}

type tableDescription struct {
	URL     string            `json:"url"`
	ID      string            `json:"id"`
	Titles  map[string]string `json:"titles"`
	Section string            `json:"section,omitempty"`
	Notes   []string          `json:"notes,omitempty"`
	Rows    int               `json:"rows"`
	Files   []File            `json:"files"`
	Dialect map[string]any    `json:"dialect"`
	Schema  tableSchema       `json:"tableSchema"`
}

type tableSchema struct {
	Columns []columnFacts `json:"columns"`
}

type columnFacts struct {
	Name     string            `json:"name"`
	Titles   map[string]string `json:"titles"`
	Datatype string            `json:"datatype"`
	Unit     string            `json:"unit,omitempty"`
	MarksOf  string            `json:"marks_of,omitempty"`
	Null     string            `json:"null"`
	Required bool              `json:"required"`
}

func describe(doc *document.Document) *description {
	r := doc.Release
	d := &description{
		Context: []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": doc.Lang}}, Format: format,
		Title: doc.Title, Publisher: doc.Publisher, Language: doc.Lang, Banner: doc.Sample,
		Report:  reportFacts{doc.Kind, doc.Subject, doc.Status},
		Release: releaseFacts{r.ID, tables.Day(r.AsOf), r.LogHead, r.LogHash, r.Hash, r.CodeHash, r.Program},
		Reading: map[string]string{"id": reading.ID, "en": reading.EN},
	}
	if !r.Published.IsZero() {
		d.Issued = r.Published.UTC().Format(time.RFC3339)
	}
	for _, m := range tables.Marks {
		d.Marks = append(d.Marks, markFacts{m.Mark, map[string]string{"id": m.Meaning.ID, "en": m.Meaning.EN}})
	}
	return d
}

// reading is what somebody has to know before the first number.
var reading = tables.Text{
	ID: "Angka ditulis utuh dengan titik desimal; persen sebagai 29.4, bukan 0.294. Kolom kosong berarti tidak ada nilai, tandanya ada di kolom _mark. Dalam CSV, teks yang dapat dijalankan lembar kerja diawali apostrof; dalam Parquet tidak. Baris jumlah ikut tertulis.",
	EN: "Numbers are written in full with a decimal point; per cent as 29.4, not 0.294. An empty column means there is no value, its mark is in the column _mark. In CSV a text that a spreadsheet could run begins with an apostrophe; not in Parquet. Rows of totals are among the rows."}

func (d *description) table(t tables.Table, columns []column, known titles, files []File) tableDescription {
	out := tableDescription{URL: files[0].Name, ID: t.ID, Titles: known.of(t.ID), Section: t.Section, Rows: len(t.Rows), Files: files,
		Dialect: map[string]any{"encoding": "utf-8", "header": true, "delimiter": ",", "quoteChar": `"`, "doubleQuote": true, "lineTerminators": []string{"\r\n"}}}
	for _, n := range t.Notes {
		out.Notes = append(out.Notes, n.String())
	}
	for _, c := range columns {
		facts := columnFacts{Name: c.name, Titles: known.of(t.ID, c.of.Name), Datatype: "string", Unit: c.of.Unit}
		switch {
		case c.marks:
			facts.MarksOf, facts.Unit, facts.Titles = c.of.Name, "", markTitles(facts.Titles)
		case c.numbers != nil:
			facts.Datatype = "double"
		default:
			facts.Required = true
		}
		facts.Titles["und"] = c.name // what the file's head has
		out.Schema.Columns = append(out.Schema.Columns, facts)
	}
	return out
}

func markTitles(of map[string]string) map[string]string {
	out := map[string]string{}
	for lang, title := range of {
		out[lang] = title + " – " + tables.Text{ID: "tanda", EN: "mark"}.In(lang)
	}
	return out
}

func (d *description) json() ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(d); err != nil {
		return nil, fmt.Errorf("describing the tables: %w", err)
	}
	return b.Bytes(), nil
}

// titles are the titles of tables and columns by language: [table, column], or [table].
type titles map[[2]string]map[string]string

func (t titles) of(table string, column ...string) map[string]string {
	key := [2]string{table}
	if len(column) > 0 {
		key[1] = column[0]
	}
	out := map[string]string{}
	for lang, title := range t[key] {
		out[lang] = title
	}
	return out
}

func (t titles) add(lang, table, column, title string) {
	key := [2]string{table, column}
	if t[key] == nil {
		t[key] = map[string]string{}
	}
	t[key][lang] = title
}

// titlesOf collects them. A report says the same in every language, so a table or column that a
// translation lacks is a mistake.
func titlesOf(doc *document.Document, found []tables.Table, translations []*document.Document) (titles, error) {
	all := titles{}
	all.take(doc.Lang, found)
	for _, other := range translations {
		if other.Lang == doc.Lang || other.Subject != doc.Subject || other.Release.ID != doc.Release.ID {
			return nil, fmt.Errorf("report %q (%s, %s) is no translation of %q (%s, %s)", other.Title, other.Lang, other.Release.ID, doc.Title, doc.Lang, doc.Release.ID)
		}
		theirs, err := tables.Collect(other)
		if err != nil {
			return nil, fmt.Errorf("language %s: %w", other.Lang, err)
		}
		all.take(other.Lang, theirs)
		for _, t := range found {
			for _, c := range append([]document.Column{{}}, t.Columns...) {
				if _, ok := all[[2]string{t.ID, c.Name}][other.Lang]; !ok {
					return nil, fmt.Errorf("table %s, column %q: not in the report's language %s", t.ID, c.Name, other.Lang)
				}
			}
		}
	}
	return all, nil
}

func (t titles) take(lang string, found []tables.Table) {
	for _, table := range found {
		t.add(lang, table.ID, "", table.Title)
		for _, c := range table.Columns {
			t.add(lang, table.ID, c.Name, c.Title)
		}
	}
}
