package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

func init() {
	Register(Kind{
		Name:       "bps_datacontent",
		Summary:    "tables of Statistics Indonesia (BPS) as its web service answers them",
		Extensions: []string{".json"},
		New:        func() Settings { return &BPSDatacontent{MaxBytes: 64 << 20, MaxCell: MaxCell, MaxRows: MaxRows} },
	})
}

// BPSDatacontent decodes the answers of BPS's web service to model=data: five
// lists (row items, variable, characteristics, years, periods of the year) and
// the object datacontent, in which each value stands under the codes of its five
// items written one after another. Each value is a record.
//
// Codes differ in width, so that a key cannot be cut into its codes. It is done
// the other way round: all keys that the lists make are generated and looked up.
// A key in datacontent that no combination makes, and one that two make, are
// errors that name it, because a value whose meaning is a guess is none. A
// combination without key has no value and is no record.
//
// Numbers keep the digits they are written with; labels and notes are handed on
// as they are, with their HTML. An answer that says that there is no data is an
// object without records; any other status is an error with BPS's own message.
type BPSDatacontent struct {
	MaxBytes int64 `yaml:"max_bytes" doc:"bytes that the answer may have; default 67108864"`
	MaxCell  int   `yaml:"max_cell" doc:"bytes in a value; a longer one is a fault of its record; default 65536"`
	MaxRows  int64 `yaml:"max_rows" doc:"values in an object, and combinations of its lists; more is an error; default 20000000"`
}

// bpsHeader are the columns: the codes and labels of the five lists in BPS's own
// words, the value, and what the answer says of all of them.
var bpsHeader = []string{
	"var", "var_label", "vervar", "vervar_label", "turvar", "turvar_label", "th", "th_label", "turth", "turth_label",
	"value", "unit", "note", "subject", "vertical", "last_update", "key",
}

// Check reports what is wrong with the settings, without an object.
func (s *BPSDatacontent) Check() error {
	if s.MaxBytes < 1 {
		return errors.New("max_bytes: must be more than 0")
	}
	return checkLimits(s.MaxCell, s.MaxRows)
}

// Decode yields the records of one object.
func (s *BPSDatacontent) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "bps_datacontent", func(yield func(*Batch) bool) error {
		d := bpsDecoder{ctx: ctx, settings: s, rows: newBuilder(placeItem), shared: map[*string]span{}, yield: yield}
		return d.run(r)
	})
}

type bpsDecoder struct {
	ctx      context.Context
	settings *BPSDatacontent
	yield    func(*Batch) bool
	answer   bpsAnswer
	rows     *builder
	shared   map[*string]span // texts that many records of the batch have
}

// A bpsCell is a value of datacontent, and which items of the lists it is about.
type bpsCell struct {
	key     string
	at, end int
	items   *[bpsLists]int32
}

func (d *bpsDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	data, err := io.ReadAll(&limitReader{r: r, left: d.settings.MaxBytes})
	if err != nil {
		return err
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if trimmed := bytes.TrimLeft(data, " \r\n\t"); len(trimmed) > 0 && trimmed[0] == '<' {
		return errors.New("this begins like HTML or XML, not JSON: look whether the service answered with an error page")
	}
	d.answer.text = jsonscan.Text{Data: data, Final: true}
	if err := d.answer.read(); err != nil {
		return err
	}
	cells, err := d.cells()
	if err != nil {
		return err
	}
	if err := d.explain(cells); err != nil {
		return err
	}
	for i := range cells {
		d.record(&cells[i], int64(i)+1)
		if d.rows.full() {
			if err := d.flush(); err != nil {
				return err
			}
		}
	}
	return d.flush()
}

// cells finds the values of datacontent. PHP writes an object without members as
// a list.
func (d *bpsDecoder) cells() (cells []bpsCell, err error) {
	t, at := d.answer.text, d.answer.content
	if at < 0 || t.Data[at] == 'n' {
		return nil, nil
	}
	if t.Data[at] != '{' {
		if i, err := t.Space(at + 1); t.Data[at] == '[' && err == nil && t.Data[i] == ']' {
			return nil, nil
		}
		return nil, errors.New("datacontent is no object: the service has changed, or this is another answer")
	}
	i, more, err := t.First(at, '}')
	for more && err == nil {
		raw, form, value, keyErr := t.Key(i)
		if keyErr != nil {
			return nil, keyErr
		}
		key, _ := jsonscan.AppendText(nil, raw, form)
		if int64(len(cells)) == d.settings.MaxRows {
			return nil, fmt.Errorf("more than max_rows (%d) values: raise the limit or ask for fewer years", d.settings.MaxRows)
		}
		if i, err = t.Value(value); err == nil {
			cells = append(cells, bpsCell{key: string(key), at: value, end: i})
			i, more, err = t.Next(i, '}')
		}
	}
	return cells, err
}

// explain generates the keys of all combinations and notes which cell each is.
func (d *bpsDecoder) explain(cells []bpsCell) error {
	if len(cells) == 0 {
		return nil
	}
	byKey := make(map[string]*bpsCell, len(cells))
	for i := range cells {
		if byKey[cells[i].key] != nil {
			return fmt.Errorf("datacontent has the key %.60q twice: which value is meant cannot be known; ask BPS", cells[i].key)
		}
		byKey[cells[i].key] = &cells[i]
	}
	lists, combinations := &d.answer.lists, int64(1)
	for _, list := range lists {
		if combinations *= int64(len(list)); combinations > d.settings.MaxRows {
			return fmt.Errorf("the lists make more than max_rows (%d) combinations: ask for fewer years at a time", d.settings.MaxRows)
		}
	}
	var ambiguous error
	var items [bpsLists]int32
	var generate func(depth int, key []byte)
	generate = func(depth int, key []byte) {
		if depth == bpsLists {
			cell := byKey[string(key)]
			if cell == nil || ambiguous != nil {
				return
			}
			if cell.items != nil {
				ambiguous = fmt.Errorf("the key %.60q is made by two combinations of the lists (%s; %s): which one its value belongs to cannot be known; ask for fewer items at a time, or ask BPS",
					cell.key, d.answer.codes(*cell.items), d.answer.codes(items))
				return
			}
			found := items
			cell.items = &found
			return
		}
		for i, item := range lists[depth] {
			items[depth] = int32(i)
			generate(depth+1, append(key, item.code...))
		}
	}
	generate(0, make([]byte, 0, 256))
	if ambiguous != nil {
		return ambiguous
	}
	for i := range cells {
		if cells[i].items == nil {
			return fmt.Errorf("datacontent has the key %.60q (value %d of %d), which no combination of the lists vervar, var, turvar, tahun and turtahun makes: its value cannot be placed; ask for the answer again, or ask BPS",
				cells[i].key, i+1, len(cells))
		}
	}
	return nil
}

// record appends the record of a cell.
func (d *bpsDecoder) record(c *bpsCell, place int64) {
	a := &d.answer
	item := func(list int) *bpsItem { return &a.lists[list][c.items[list]] }
	variable := item(bpsVar)
	for _, list := range [...]int{bpsVar, bpsVervar, bpsTurvar, bpsTahun, bpsTurtahun} {
		d.share(&item(list).code)
		d.share(&item(list).label)
	}
	var problem fault
	value, known, ok := a.scalar(c.at)
	switch {
	case !known:
		problem = fault{MalformedRecord, "the value is neither a number nor a text"}
	case !ok:
		problem = fault{BadEncoding, "the value holds bytes or escapes that are not text"}
	case len(value) > d.settings.MaxCell:
		problem = fault{TooLongCell, fmt.Sprintf("the value has %d bytes, more than max_cell (%d)", len(value), d.settings.MaxCell)}
		value = ""
	}
	d.rows.cell([]byte(value))
	for _, text := range []*string{&variable.unit, &variable.note, &variable.subject, &a.vertical, &a.updated} {
		d.share(text)
	}
	d.rows.cell([]byte(c.key))
	d.rows.endRow(place, problem)
}

// share appends a cell whose text other records of the batch have too: an answer
// repeats its note for every value, and must not need so many times its memory.
func (d *bpsDecoder) share(text *string) {
	at, ok := d.shared[text]
	if ok {
		d.rows.spans = append(d.rows.spans, at)
		return
	}
	d.rows.cell([]byte(*text))
	d.shared[text] = d.rows.spans[len(d.rows.spans)-1]
}

func (d *bpsDecoder) flush() error {
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(bpsHeader, string(d.rows.text))) {
		return errStopped
	}
	clear(d.shared)
	return d.ctx.Err()
}
