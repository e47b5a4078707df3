package producers

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kp2mi/lindung/transforms"
)

//go:embed note.gohtml
var notePageText string

//go:embed note.css
var notePageStyle string

// maxPageObjects is how many objects the page lists; the JSON lists all.
const maxPageObjects = 30

// sampleMark stands on everything that is made of sample data.
const sampleMark = "DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL"

var notePage = template.Must(template.New("note").Funcs(template.FuncMap{
	"count": indonesianCount, "percent": indonesianPercent, "place": indonesianPlace, "add": func(a, b int) int { return a + b },
}).Parse(notePageText))

// A notePageView is what the page is filled with.
type notePageView struct {
	*Note
	Style    template.CSS
	Mark     string
	Issued   string
	RepairBy string
	Failed   []NoteObject // those with problems, as many as the page lists
	More     int          // with problems, and not listed
	Whole    int          // all objects
	zone     *time.Location
}

// OfObject says that the problem is one of whole files and not of records in them.
func (p NoteProblem) OfObject() bool {
	switch p.Code {
	case transforms.MissingColumn, transforms.UnreadableObject, transforms.UnknownObject, transforms.TooManyRecords, transforms.TooMuchDelivered:
		return true
	}
	return false
}

// When writes a moment as people read it.
func (v notePageView) When(t time.Time) string { return indonesianTime(t.In(v.zone)) }

// WritePage writes the note as one page that needs nothing else, in Indonesian with English beneath
// each heading. Times are written in the given zone.
func (n *Note) WritePage(w io.Writer, zone *time.Location) error {
	v := notePageView{Note: n, Style: template.CSS(notePageStyle), Issued: indonesianTime(n.KnownAt.In(zone)), Whole: len(n.Objects), zone: zone}
	if n.Origin == "sample" {
		v.Mark = sampleMark
	}
	if !n.RepairBy.IsZero() {
		v.RepairBy = indonesianTime(n.RepairBy.In(zone))
	}
	for _, o := range n.Objects {
		switch {
		case o.Quarantined == 0 && n.Withheld == nil:
		case len(v.Failed) < maxPageObjects:
			v.Failed = append(v.Failed, o)
		default:
			v.More++
		}
	}
	if err := notePage.Execute(w, v); err != nil {
		return fmt.Errorf("writing the page of note %s: %w", n.ID, err)
	}
	return nil
}

// indonesianCount groups a number the way that Indonesian does.
func indonesianCount(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "." + digits[at:]
	}
	return digits
}

func indonesianPercent(share float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(share, 'f', -1, 64), ".", ",") + "%"
}

var indonesianMonths = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

func indonesianTime(t time.Time) string {
	return fmt.Sprintf("%d %s %d, %s", t.Day(), indonesianMonths[t.Month()-1], t.Year(), t.Format("15.04 MST"))
}

// placeWords are what the places of records are made of, besides numbers and names of sheets.
var placeWords = map[string]string{
	"header": "baris nama kolom", "whole object": "seluruh objek", "recipient": "penerima",
	"transaction": "transaksi", "budget": "anggaran", "planned disbursement": "rencana pencairan", "flow": "aliran",
	"line": "baris", "row": "baris", "item": "butir", "entry": "entri", "activity": "kegiatan", "column": "kolom", "buying": "kurs beli", "selling": "kurs jual",
}

var placeWord = regexp.MustCompile(`^(header|whole object)$|(^|, )(buying|selling)$|(^|, )(line|row|item|entry|activity|column|transaction|budget|planned disbursement|flow|recipient)( [0-9]+)`)

// indonesianPlace says a place in Indonesian; the name of an archive's member before it stays.
func indonesianPlace(place string) string {
	member, at := "", place
	if i := strings.LastIndex(place, ": "); i >= 0 {
		member, at = place[:i+2], place[i+2:]
	}
	return member + placeWord.ReplaceAllStringFunc(at, func(found string) string {
		m := placeWord.FindStringSubmatch(found)
		return m[2] + m[4] + placeWords[m[1]+m[3]+m[5]] + m[6]
	})
}
