package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "xml",
		Summary:    "an XML document that holds a list of elements",
		Extensions: []string{".xml"},
		New:        func() Settings { return &XML{MaxCell: MaxCell, MaxRows: MaxRows} },
	})
}

// XML decodes the elements of one list in an XML document, streaming: memory holds
// one of them at a time, however long the list.
//
// An element inside becomes a column, those inside it columns with dots
// ("worker.nik"), an attribute a column with @ ("worker.@id"), text beside elements
// one with #text. An element that is there more than once becomes a list as JSON
// text, as in the format json; which elements may be is declared under lists, so that
// one alone reads the same. Names count without their namespace prefix. Text stays as
// written.
//
// Document types are refused, and with them every entity that a file could define.
type XML struct {
	RecordPath string   `yaml:"record_path" need:"yes" doc:"the element that is a record, with all those around it, without prefixes: Envelope/Body/Rows/Row"`
	Lists      []string `yaml:"lists" doc:"columns (worker.phone) that are lists even where there is one element alone"`
	MaxCell    int      `yaml:"max_cell" doc:"bytes in a value; a longer one is a fault of its record; default 65536"`
	MaxRows    int64    `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *XML) Check() error {
	problems := []error{checkLimits(s.MaxCell, s.MaxRows)}
	parts := strings.Split(s.RecordPath, "/")
	if len(parts) > xmlMaxDepth || slices.ContainsFunc(parts, func(p string) bool { return p == "" || strings.ContainsAny(p, ":@ *[") }) {
		problems = append(problems, fmt.Errorf("record_path: %q is not a path of element names such as Envelope/Body/Rows/Row, without prefixes", s.RecordPath))
	}
	if slices.Contains(s.Lists, "") {
		problems = append(problems, errors.New("lists: a name is empty"))
	}
	return errors.Join(problems...)
}

// Decode yields the records of one object.
func (s *XML) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "xml", func(yield func(*Batch) bool) error {
		d := xmlDecoder{ctx: ctx, settings: s, path: strings.Split(s.RecordPath, "/"), yield: yield}
		return d.run(r)
	})
}

type xmlDecoder struct {
	ctx      context.Context
	settings *XML
	path     []string
	yield    func(*Batch) bool
	xml      *xmlReader
	tree     xmlTree
	columns  xmlColumns
	rows     *builder
	deepest  int // parts of the path that were found
	others   []string
}

func (d *xmlDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	text, translated, err := decodeXML(r)
	if err != nil {
		return err
	}
	d.xml, d.rows = newXMLReader(text), newBuilder(placeItem)
	d.tree = xmlTree{xml: d.xml, names: map[string]string{}}
	d.columns = newXMLColumns(d.settings, translated)
	if err := d.level(0); err != nil {
		return err
	}
	if d.deepest < len(d.path)-1 {
		return fmt.Errorf("record_path %s: there is no element %s where it should be (there are: %s): correct record_path, or look whether the source answered with an error",
			d.settings.RecordPath, d.path[d.deepest], memberNames(d.others))
	}
	return d.flush()
}

func (d *xmlDecoder) flush() error {
	header := d.columns.header
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(header[:len(header):len(header)], string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}

// level reads the elements at one part of the path, up to the end of the one around
// them or of the document.
func (d *xmlDecoder) level(part int) error {
	for {
		kind, err := d.xml.next()
		if err != nil || kind == xmlEnd || kind == xmlEOF {
			return err
		}
		if kind != xmlStart {
			continue
		}
		last := part == len(d.path)-1
		switch {
		case string(d.xml.name) != d.path[part]:
			if part == d.deepest && len(d.others) <= 10 && !slices.Contains(d.others, string(d.xml.name)) {
				d.others = append(d.others, strings.ToValidUTF8(string(d.xml.name), "?"))
			}
			err = d.xml.skip()
		case last:
			d.deepest = max(d.deepest, part)
			err = d.record()
		default:
			if part == d.deepest {
				d.deepest, d.others = part+1, nil
			}
			err = d.level(part + 1)
		}
		if err != nil {
			return err
		}
	}
}

func (d *xmlDecoder) record() error {
	number := d.rows.total() + 1
	if number > d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for smaller files", d.settings.MaxRows)
	}
	node, err := d.tree.read()
	if err == nil {
		err = d.columns.record(node, d.rows, number)
	}
	if err != nil {
		return fmt.Errorf("item %d: %w", number, err)
	}
	if d.rows.full() {
		return d.flush()
	}
	return nil
}
