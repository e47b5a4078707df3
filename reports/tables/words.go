package tables

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kp2mi/lindung/reports/document"
)

// A Text is in both languages of reports.
type Text struct{ ID, EN string }

// In is the text in a document's language.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ID
}

// A Mark is a shorthand and what it means.
type Mark struct {
	Mark    string
	Meaning Text
}

// Marks are the shorthands that files of tables use.
var Marks = []Mark{
	{"[p]", Text{"sementara, masih dapat berubah", "provisional, may still change"}},
	{"[r]", Text{"direvisi sejak terbitan sebelumnya", "revised since the last publication"}},
	{"[x]", Text{"tidak tersedia; bukan nol", "not available; not zero"}},
	{"[c]", Text{"disamarkan karena jumlahnya kecil", "confidential: suppressed because the number is small"}},
	{Nothing, Text{"tidak ada isian untuk baris ini", "nothing to say for this row"}},
}

// Facts names what every file says about where its figures come from, in its order.
func Facts(doc *document.Document) []Fact {
	r := doc.Release
	facts := []Fact{
		{Text{"Penerbit", "Publisher"}, doc.Publisher},
		{Text{"Pokok laporan", "Subject"}, doc.Subject},
		{Text{"Status", "Status"}, doc.Status},
		{Text{"Rilis", "Release"}, r.ID},
		{Text{"Data per", "Data as of"}, Day(r.AsOf)},
		{Text{"Diterbitkan", "Published"}, Instant(r.Published)},
		{Text{"Catatan commit", "Commit log"}, head(r)},
		{Text{"Hash isi rilis", "Hash of the release's content"}, r.Hash},
		{Text{"Hash SQL dan konfigurasi", "Hash of SQL and configuration"}, r.CodeHash},
		{Text{"Versi program", "Program version"}, r.Program},
	}
	if doc.Sample != "" {
		facts = append([]Fact{{Text{"Peringatan", "Warning"}, doc.Sample}}, facts...)
	}
	for i := range facts {
		if facts[i].Value == "" {
			facts[i].Value = "[x]"
		}
	}
	return facts
}

// A Fact is something about a report as a whole.
type Fact struct {
	Name  Text
	Value string
}

// Line says in one line which report a sheet or file belongs to; sample data are named first.
func Line(doc *document.Document) string {
	parts := []string{doc.Sample, Text{"Rilis ", "Release "}.In(doc.Lang) + doc.Release.ID, Text{"data per ", "data as of "}.In(doc.Lang) + Day(doc.Release.AsOf),
		doc.Status, short(doc.Release.Hash)}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " · ")
}

// jakarta is where the reports' days are.
var jakarta = time.FixedZone("WIB", 7*60*60)

// Day writes the day of an instant in Jakarta.
func Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(jakarta).Format(time.DateOnly)
}

// Instant writes an instant as in Jakarta.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(jakarta).Format("2006-01-02 15:04 WIB")
}

func head(r document.Release) string {
	if r.LogHash == "" {
		return ""
	}
	return strconv.FormatInt(r.LogHead, 10) + " (" + r.LogHash + ")"
}

// short is as much of a hash as tells releases apart.
func short(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}
