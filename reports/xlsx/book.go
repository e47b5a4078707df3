package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// Write writes a document as a workbook. The same document gives the same bytes.
func Write(w io.Writer, doc *document.Document) error {
	found, err := tables.Collect(doc)
	if err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	b := &book{file: excelize.NewFile(), doc: doc, names: map[string]bool{}, styles: map[style]int{}, objects: map[string]any{}}
	defer b.file.Close()
	if err := b.file.SetDefaultFont(font); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	b.file.SetZipWriter(func(to io.Writer) excelize.ZipWriter { return newOrderedZip(to) })
	if err := b.write(found); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	var out bytes.Buffer
	if err := b.file.Write(&out); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	_, err = out.WriteTo(w)
	return err
}

// A book is a workbook under way.
type book struct {
	file    *excelize.File
	doc     *document.Document
	names   map[string]bool // of sheets, lower case
	styles  map[style]int
	tables  int            // table objects so far
	objects map[string]any // all of them but the last

	cells []excelize.Cell // of the row being written

	contents string // name of the sheet
	notes    string
	sources  []source // of every number, in the order of the sheets
	gaps     *gaps    // what charts draw from where a table has marks among its numbers
}

func (b *book) say(t tables.Text) string { return t.In(b.doc.Lang) }

// write makes the sheets in their order. All are named first, because they link to each other.
func (b *book) write(found []tables.Table) error {
	cover := b.named(b.say(wordCover))
	b.contents, b.notes = b.named(b.say(wordContents)), b.named(b.say(wordNotes))
	planned := make([]*tableSheet, len(found))
	for i := range found {
		planned[i] = b.plan(found[i])
	}
	definitions := b.definitions()
	code := b.code()
	b.gaps = &gaps{sheet: b.name(b.say(wordGaps))}
	provenance := b.named(b.say(wordProvenance))

	pages := []*grid{b.cover(cover), b.notesOf(found)}
	for _, t := range planned {
		pages = append(pages, b.table(t))
	}
	for _, more := range []*grid{definitions, code, b.gaps.grid(b)} {
		if more != nil {
			pages = append(pages, more)
		}
	}
	pages = append(pages, b.provenance(provenance))
	pages = append(pages[:1], append([]*grid{b.contentsOf(pages, found)}, pages[1:]...)...)
	return b.sheets(pages)
}

// sheets writes the grids and then what belongs to the workbook as a whole.
func (b *book) sheets(pages []*grid) error {
	for i, g := range pages {
		if i == 0 {
			if err := b.file.SetSheetName("Sheet1", g.name); err != nil {
				return err
			}
		} else if _, err := b.file.NewSheet(g.name); err != nil {
			return err
		}
	}
	for _, g := range pages {
		if err := b.sheet(g); err != nil {
			return fmt.Errorf("sheet %s: %w", g.name, err)
		}
	}
	for part, content := range b.objects {
		b.file.Pkg.Store(part, content)
	}
	return b.properties()
}

// properties name the publisher and no person; their dates are the release's, not the clock's.
func (b *book) properties() error {
	at := b.doc.Release.Published
	if at.IsZero() {
		at = b.doc.Release.AsOf
	}
	day := at.UTC().Format(time.RFC3339)
	title, category := b.doc.Title, b.doc.Kind
	if b.doc.Sample != "" {
		title = b.doc.Sample + " · " + title
	}
	err := b.file.SetDocProps(&excelize.DocProperties{
		Title: title, Subject: b.doc.Subject, Creator: b.doc.Publisher, LastModifiedBy: b.doc.Publisher, Category: category,
		Language: b.doc.Lang, Created: day, Modified: day, ContentStatus: b.doc.Status, Identifier: b.doc.Release.Hash,
		Description: tables.Line(b.doc), Version: b.doc.Release.ID,
	})
	if err != nil {
		return err
	}
	return b.file.SetAppProps(&excelize.AppProperties{Application: "Lindung", Company: b.doc.Publisher})
}
