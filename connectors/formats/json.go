package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

func init() {
	Register(Kind{
		Name:       "json",
		Summary:    "a JSON document that holds a list of items",
		Extensions: []string{".json"},
		New:        func() Settings { return &JSON{MaxCell: MaxCell, MaxRows: MaxRows} },
	})
}

// JSON decodes the items of one list in a JSON document, streaming: memory holds
// one item at a time, however long the list.
//
// Members of nested objects become columns with dots ("worker.nik"), arrays
// inside an item stay JSON text, null and a missing member read as "". Numbers
// keep the digits they are written with. An item that names a member twice has
// a fault: which of the two values is meant cannot be known.
type JSON struct {
	ItemsPath string `yaml:"items_path" doc:"where the list is: member names and list indexes joined by dots (data.items, 1); default: the document itself is the list"`
	MaxCell   int    `yaml:"max_cell" doc:"bytes in a value; a longer one is a fault of its record; default 65536"`
	MaxRows   int64  `yaml:"max_rows" doc:"items in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *JSON) Check() error {
	if s.ItemsPath != "" && slices.Contains(strings.Split(s.ItemsPath, "."), "") {
		return fmt.Errorf("items_path: %q has an empty part", s.ItemsPath)
	}
	return checkLimits(s.MaxCell, s.MaxRows)
}

func checkLimits(maxCell int, maxRows int64) error {
	if maxCell < 1 || maxCell > 64<<20 {
		return errors.New("max_cell: must lie between 1 and 67108864 bytes")
	}
	if maxRows < 1 {
		return errors.New("max_rows: must be more than 0")
	}
	return nil
}

// Decode yields the items of one object.
func (s *JSON) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "json", func(yield func(*Batch) bool) error {
		d := jsonDecoder{ctx: ctx, settings: s, flat: newFlattener(s.MaxCell), rows: newBuilder(placeItem), yield: yield}
		return d.run(r)
	})
}

type jsonDecoder struct {
	ctx      context.Context
	settings *JSON
	stream   *jsonStream
	flat     *flattener
	rows     *builder
	yield    func(*Batch) bool
}

func (d *jsonDecoder) run(r io.Reader) (err error) {
	if err = d.settings.Check(); err != nil {
		return err
	}
	if d.stream, err = newJSONStream(r); err != nil {
		return err
	}
	var path []string
	if d.settings.ItemsPath != "" {
		path = strings.Split(d.settings.ItemsPath, ".")
	}
	if err := d.walk(path, 0); err != nil {
		return err
	}
	// What follows the document must be read too: a second document would mean
	// that this is not what it seems.
	if err := d.stream.try(func(t jsonscan.Text) (int, error) { return 0, t.End(0) }); err != nil {
		return err
	}
	return d.flush()
}

// flush yields the records collected so far.
func (d *jsonDecoder) flush() error {
	if len(d.rows.places) == 0 {
		return nil
	}
	header := d.flat.header[:len(d.flat.header):len(d.flat.header)]
	if !d.yield(d.rows.take(header, string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}

// walk goes down the path to the list; done is how many parts lie behind.
func (d *jsonDecoder) walk(path []string, done int) error {
	c, err := d.stream.peek()
	if err != nil {
		return err
	}
	if done == len(path) {
		return d.list(c, path)
	}
	switch c {
	case '{':
		return d.walkObject(path, done)
	case '[':
		return d.walkArray(path, done)
	}
	return fmt.Errorf("items_path %q leads into a value that has no members: correct it", strings.Join(path, "."))
}

func (d *jsonDecoder) walkObject(path []string, done int) error {
	var names []string
	found := false
	more, err := d.stream.enter('}')
	for more && err == nil {
		name, err := d.stream.key()
		if err != nil {
			return err
		}
		if name == path[done] {
			if found {
				return fmt.Errorf("the document names %q twice: which list is meant cannot be known", name)
			}
			found = true
			err = d.walk(path, done+1)
		} else {
			if len(names) <= 10 {
				names = append(names, name)
			}
			err = d.stream.skip()
		}
		if err != nil {
			return err
		}
		if more, err = d.stream.next('}'); err != nil {
			return err
		}
	}
	if err == nil && !found {
		err = fmt.Errorf("items_path %q: there is no member %q (there are: %s): correct items_path, or look whether the source answered with an error",
			strings.Join(path, "."), path[done], memberNames(names))
	}
	return err
}

func (d *jsonDecoder) walkArray(path []string, done int) error {
	want, err := strconv.Atoi(path[done])
	if err != nil || want < 0 {
		return fmt.Errorf("items_path %q: %q is asked for in a list: name an index, from 0", strings.Join(path, "."), path[done])
	}
	count := 0
	more, err := d.stream.enter(']')
	for more && err == nil {
		if count == want {
			err = d.walk(path, done+1)
		} else {
			err = d.stream.skip()
		}
		count++
		if err == nil {
			more, err = d.stream.next(']')
		}
	}
	if err == nil && count <= want {
		err = fmt.Errorf("items_path %q: the list has %d elements, none with index %d", strings.Join(path, "."), count, want)
	}
	return err
}

// list reads the items; c is the first byte of what should be a list.
func (d *jsonDecoder) list(c byte, path []string) error {
	switch c {
	case 'n': // null: a list without items, as some sources write it
		return d.stream.skip()
	case '[':
	case '{':
		return d.notAList()
	default:
		return fmt.Errorf("items_path %q leads to a plain value, not to a list: correct it", strings.Join(path, "."))
	}
	more, err := d.stream.enter(']')
	for more && err == nil {
		if d.rows.total() == d.settings.MaxRows {
			return fmt.Errorf("more than max_rows (%d) items: raise the limit or ask for smaller pages", d.settings.MaxRows)
		}
		number := d.rows.total() + 1
		err = d.stream.try(func(t jsonscan.Text) (int, error) {
			if len(t.Data) == 0 {
				return 0, jsonscan.ErrShort
			}
			used, err := d.flat.record(t, d.rows, number)
			if err != nil {
				d.rows.dropRow()
			}
			return used, err
		})
		if err != nil {
			return fmt.Errorf("item %d: %w", number, err)
		}
		if d.rows.full() {
			if err := d.flush(); err != nil {
				return err
			}
		}
		more, err = d.stream.next(']')
	}
	return err
}

// notAList names the members of an object that stands where a list should be.
func (d *jsonDecoder) notAList() error {
	var names []string
	more, err := d.stream.enter('}')
	for more && err == nil && len(names) <= 10 {
		var name string
		if name, err = d.stream.key(); err != nil {
			return err
		}
		names = append(names, name)
		if err = d.stream.skip(); err == nil {
			more, err = d.stream.next('}')
		}
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("items_path %q leads to an object, not to a list: continue it with the member that holds the list (there are: %s)",
		d.settings.ItemsPath, memberNames(names))
}
