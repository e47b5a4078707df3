package formats

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A workbook is what the cells of one sheet need from the rest of the file.
type workbook struct {
	files    map[string]*zip.File
	budget   int64 // bytes that may still be unpacked
	limit    int64
	sheets   []sheetRef
	date1904 bool
	dates    []bool // by cell style: shows a date
	strings  sharedStrings
}

type sheetRef struct {
	name, part string
	hidden     bool
}

// sharedStrings holds all texts of a workbook in one piece.
type sharedStrings struct {
	text []byte
	ends []uint32
}

func (s *sharedStrings) get(i int) ([]byte, bool) {
	if i < 0 || i >= len(s.ends) {
		return nil, false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.text[from:s.ends[i]], true
}

// errUnzip is wrapped by the error about a file that unpacks to too much.
var errUnzip = errors.New("the workbook unpacks to more than max_unzip allows")

// part opens one part of the workbook; what is read of it counts against the
// budget as it is unpacked, whatever sizes the file declares.
func (w *workbook) part(name string) (io.ReadCloser, error) {
	file, ok := w.files[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if !ok {
		return nil, fmt.Errorf("the workbook has no part %q: the file is damaged or no workbook", name)
	}
	r, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("opening part %s: %w", name, err)
	}
	return &countedPart{r, w}, nil
}

type countedPart struct {
	io.ReadCloser
	book *workbook
}

func (p *countedPart) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.book.budget -= int64(n); p.book.budget < 0 {
		return n, fmt.Errorf("%w (%d bytes): ask for a smaller file, or raise max_unzip", errUnzip, p.book.limit)
	}
	return n, err
}

// each runs f for every element that starts in a part.
func (w *workbook) each(name string, f func(x *xmlReader) error) error {
	r, err := w.part(name)
	if err != nil {
		return err
	}
	defer r.Close()
	x := newXMLReader(r)
	for {
		kind, err := x.next()
		if err == nil && kind == xmlStart {
			err = f(x)
		}
		if err != nil {
			return fmt.Errorf("part %s: %w", name, err)
		}
		if kind == xmlEOF {
			return nil
		}
	}
}

// openWorkbook reads everything but the cells.
func openWorkbook(data []byte, limit int64) (*workbook, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("opening the workbook: it is not a whole ZIP file: %w", err)
	}
	if len(z.File) > 10_000 {
		return nil, fmt.Errorf("the workbook has %d parts: no real one has more than 10000", len(z.File))
	}
	w := &workbook{files: make(map[string]*zip.File, len(z.File)), budget: limit, limit: limit}
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if _, ok := w.files[name]; ok {
			return nil, errors.New("the workbook has two parts of one name: the file is damaged")
		}
		w.files[name] = f
	}
	main := "xl/workbook.xml"
	roots, err := w.relations("_rels/.rels")
	if err != nil {
		return nil, err
	}
	if r, ok := firstOf(roots, "officeDocument"); ok {
		main = r.target
	}
	relations, err := w.relations(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"))
	if err != nil {
		return nil, err
	}
	if err := w.readMain(main, relations); err != nil {
		return nil, err
	}
	if r, ok := firstOf(relations, "styles"); ok {
		if err := w.readStyles(r.target); err != nil {
			return nil, err
		}
	}
	if r, ok := firstOf(relations, "sharedStrings"); ok {
		if err := w.readStrings(r.target); err != nil {
			return nil, err
		}
	}
	return w, nil
}

type relation struct{ id, kind, target string }

// firstOf finds the first relation of a kind, in the order of the document.
func firstOf(relations []relation, kind string) (relation, bool) {
	i := slices.IndexFunc(relations, func(r relation) bool { return r.kind == kind })
	if i < 0 {
		return relation{}, false
	}
	return relations[i], true
}

// relations reads a relationship part.
func (w *workbook) relations(name string) ([]relation, error) {
	var relations []relation
	folder := path.Dir(path.Dir(name))
	err := w.each(name, func(x *xmlReader) error {
		if string(x.name) != "Relationship" || string(x.attr("TargetMode")) == "External" {
			return nil
		}
		id, kind := string(x.attr("Id")), string(x.attr("Type"))
		target, err := x.attrText("Target")
		if err != nil {
			return err
		}
		if !strings.HasPrefix(target, "/") {
			target = path.Join(folder, target)
		}
		relations = append(relations, relation{id, kind[strings.LastIndexByte(kind, '/')+1:], target})
		return nil
	})
	return relations, err
}

func (w *workbook) readMain(name string, relations []relation) error {
	return w.each(name, func(x *xmlReader) error {
		switch string(x.name) {
		case "workbookPr":
			flag := string(x.attr("date1904"))
			w.date1904 = flag == "1" || flag == "true"
		case "sheet":
			title, err := x.attrText("name")
			if err != nil {
				return err
			}
			state := string(x.attr("state"))
			// "id" is r:id without its prefix; "sheetId" is another attribute.
			id := string(x.attr("id"))
			if i := slices.IndexFunc(relations, func(r relation) bool { return r.id == id && r.kind == "worksheet" }); i >= 0 {
				w.sheets = append(w.sheets, sheetRef{title, relations[i].target, state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
}

// readStyles finds out which cell styles show dates.
func (w *workbook) readStyles(name string) error {
	custom := map[int]bool{}
	inCells := false
	return w.each(name, func(x *xmlReader) error {
		switch string(x.name) {
		case "numFmt":
			id, err := strconv.Atoi(string(x.attr("numFmtId")))
			code, codeErr := x.attrText("formatCode")
			if err != nil || codeErr != nil {
				return errors.Join(errors.New("a number format without a number"), codeErr)
			}
			if !inCells {
				custom[id] = isDateFormat(code)
			}
		case "cellXfs":
			inCells = true
		case "cellStyleXfs", "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id, _ := strconv.Atoi(string(x.attr("numFmtId")))
				date, ok := custom[id]
				w.dates = append(w.dates, ok && date || !ok && builtInDate(id))
			}
		}
		return nil
	})
}

// readStrings reads the shared texts: plain ones, and the runs of rich ones
// without their phonetic hints.
func (w *workbook) readStrings(name string) error {
	err := w.each(name, func(x *xmlReader) (err error) {
		switch string(x.name) {
		case "si":
			w.strings.text, err = richText(x, w.strings.text)
			w.strings.ends = append(w.strings.ends, uint32(len(w.strings.text)))
		}
		return err
	})
	return err
}

// richText appends the text of an si or is element that started.
func richText(x *xmlReader, dst []byte) ([]byte, error) {
	for depth := 1; depth > 0; {
		kind, err := x.next()
		if err != nil {
			return dst, err
		}
		switch kind {
		case xmlEnd:
			depth--
		case xmlStart:
			switch string(x.name) {
			case "t":
				from := len(dst)
				if dst, err = x.content(dst); err == nil {
					dst = append(dst[:from], undoX(dst[from:])...)
				}
			case "rPh":
				err = x.skip()
			default:
				depth++
			}
			if err != nil {
				return dst, err
			}
		}
	}
	return dst, nil
}

// sheet finds the sheet to read: by name, or the first that is not hidden.
func (w *workbook) sheet(name string) (sheetRef, error) {
	titles := make([]string, 0, len(w.sheets))
	for _, s := range w.sheets {
		if name == "" && !s.hidden || name != "" && strings.EqualFold(strings.TrimSpace(name), strings.TrimSpace(s.name)) {
			return s, nil
		}
		titles = append(titles, s.name)
	}
	if name == "" {
		return sheetRef{}, errors.New("the workbook has no visible sheet: name one under sheet")
	}
	return sheetRef{}, fmt.Errorf("the workbook has no sheet %q: correct sheet (there are: %s)", name, strings.Join(titles, ", "))
}
