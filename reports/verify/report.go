package verify

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// A Report is what a finished file says: what it is, and every number in it.
type Report struct {
	Meta    map[string]string // by the names of package document, such as document.MetaRelease
	Numbers []Number
}

// A Number is one number of a finished file, as its reader sees it.
type Number struct {
	Place string   // for people: "line 97 (id, Indikator pokok)", "sheet P1, cell C7"
	Lang  string   // of Text
	Text  string   // as printed; empty where a file holds the value alone
	Value *float64 // of a file that holds values, such as a workbook; with a text both are compared
	Ref   document.Reference
	Bare  bool // marked as a number, and without a reference
}

// Release is the release that the file names as its own; without a name it is the one that
// most of its figures are of.
func (r *Report) Release() string {
	if id := r.Meta[document.MetaRelease]; id != "" {
		return id
	}
	count, most := map[string]int{}, ""
	for _, id := range r.mentions() {
		if count[id]++; count[id] > count[most] {
			most = id
		}
	}
	return most
}

// Releases are all releases that the file's numbers are of, and its own.
func (r *Report) Releases() []string {
	all := append(r.mentions(), r.Release())
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(id string) bool { return id == "" })
}

func (r *Report) mentions() (all []string) {
	for _, n := range r.Numbers {
		for _, text := range append([]string{n.Ref.Figure}, n.Ref.Bases...) {
			if a, err := figures.ParseAddress(text); err == nil && a.Release != "" {
				all = append(all, a.Release)
			}
		}
	}
	return all
}

// A reader reads one form of finished file.
type reader struct {
	form  string
	ends  []string // of names
	reads func(content []byte) (*Report, error)
}

// readers are the forms that can be verified. A form is added by its reader: everything after it
// knows numbers and references alone.
var readers = []reader{
	{"HTML", []string{".html", ".htm"}, readHTML},
	{"XLSX", []string{".xlsx"}, readWorkbook},
}

// Verifiable says whether files of this name can be read back.
func Verifiable(name string) bool {
	_, found := readerOf(name)
	return found
}

func readerOf(name string) (reader, bool) {
	end := strings.ToLower(path.Ext(name))
	for _, r := range readers {
		if slices.Contains(r.ends, end) {
			return r, true
		}
	}
	return reader{}, false
}

// Read reads a finished file by the end of its name.
func Read(name string, content []byte) (*Report, error) {
	r, found := readerOf(name)
	if !found {
		var forms []string
		for _, r := range readers {
			forms = append(forms, r.form+" ("+strings.Join(r.ends, ", ")+")")
		}
		return nil, fmt.Errorf("verifying %s: a file of this form cannot be read back; give one of: %s", name, strings.Join(forms, "; "))
	}
	report, err := r.reads(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))
	if err != nil {
		return nil, fmt.Errorf("verifying %s: reading it as %s: %w", name, r.form, err)
	}
	if len(report.Numbers) == 0 {
		return nil, fmt.Errorf("verifying %s: it holds no number that names its figures; give a report as lindung wrote it", name)
	}
	return report, nil
}
