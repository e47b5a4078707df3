package formats

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

func init() {
	Register(Kind{
		Name:       "worldbank_json",
		Summary:    "observations as the World Bank's Indicators API answers them",
		Extensions: []string{".json"},
		New:        func() Settings { return &WorldBankJSON{MaxCell: MaxCell, MaxRows: MaxRows} },
	})
}

// WorldBankJSON decodes the answers of the World Bank's Indicators API (version
// 2): a list of two, first what the page is, then its observations. Each
// observation is a record with its members as columns ("country.id"); a value of
// null, which is a missing one, is empty, and so is the code of an area that has
// none.
//
// An error of the API comes with the status of success, as a list of one; it is
// an error here, in the API's words. A page whose number of observations is not
// what it announces is refused as cut short.
type WorldBankJSON struct {
	MaxCell int   `yaml:"max_cell" doc:"bytes in a value; a longer one is a fault of its record; default 65536"`
	MaxRows int64 `yaml:"max_rows" doc:"observations in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *WorldBankJSON) Check() error { return checkLimits(s.MaxCell, s.MaxRows) }

// Decode yields the records of one object.
func (s *WorldBankJSON) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "worldbank_json", func(yield func(*Batch) bool) error {
		list := &JSON{ItemsPath: "1", MaxCell: s.MaxCell, MaxRows: s.MaxRows}
		d := jsonDecoder{ctx: ctx, settings: list, flat: newFlattener(s.MaxCell), rows: newBuilder(placeItem), yield: yield}
		return d.worldBank(r)
	})
}

var errNoWorldBankPage = errors.New("this is no page of the World Bank's Indicators API, which is a list of two: look whether it was asked with format=json")

func (d *jsonDecoder) worldBank(r io.Reader) (err error) {
	if err = d.settings.Check(); err != nil {
		return err
	}
	if d.stream, err = newJSONStream(r); err != nil {
		return err
	}
	if c, err := d.stream.peek(); err != nil || c != '[' {
		return orNoPage(err)
	}
	more, err := d.stream.enter(']')
	if err != nil || !more {
		return orNoPage(err)
	}
	want, err := d.worldBankPage()
	if err != nil {
		return err
	}
	if more, err = d.stream.next(']'); err != nil || !more {
		return orNoPage(err)
	}
	c, err := d.stream.peek()
	if err != nil || c != '[' && c != 'n' {
		return orNoPage(err)
	}
	if err = d.list(c, nil); err != nil {
		return err
	}
	if got := d.rows.total(); got != want {
		return fmt.Errorf("the page announces %d observations and has %d: it was cut short, ask for it again", want, got)
	}
	if more, err = d.stream.next(']'); err != nil || more {
		return orNoPage(err)
	}
	if err := d.stream.try(func(t jsonscan.Text) (int, error) { return 0, t.End(0) }); err != nil {
		return err
	}
	return d.flush()
}

// orNoPage is the error that there is, else that this is no page.
func orNoPage(err error) error {
	if err == nil {
		return errNoWorldBankPage
	}
	return err
}

// worldBankPage reads what the page is and gives the number of its observations.
func (d *jsonDecoder) worldBankPage() (rows int64, err error) {
	var raw []byte
	if err := d.stream.try(func(t jsonscan.Text) (end int, err error) {
		if end, err = t.Value(0); err == nil {
			raw = bytes.Clone(t.Data[:end])
		}
		return end, err
	}); err != nil {
		return 0, err
	}
	var page struct {
		Page, Pages, Total json.RawMessage
		PerPage            json.RawMessage `json:"per_page"`
		Message            []struct{ ID, Key, Value string }
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		return 0, errNoWorldBankPage
	}
	if len(page.Message) > 0 {
		m := page.Message[0]
		return 0, fmt.Errorf("the World Bank answered with an error instead of data (%s): %s", plainMessage(m.ID+" "+m.Key), plainMessage(m.Value))
	}
	var numbers [3]int64
	for i, text := range []json.RawMessage{page.Page, page.PerPage, page.Total} {
		// The API writes some of its numbers as texts.
		n, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 32)
		if err != nil || n < 0 {
			return 0, errNoWorldBankPage
		}
		numbers[i] = n
	}
	return max(0, min(numbers[1], numbers[2]-max(0, numbers[0]-1)*numbers[1])), nil
}
