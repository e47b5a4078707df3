package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

func init() {
	Register(Kind{
		Name:       "sdmx_json",
		Summary:    "statistics as SDMX-JSON, version 1.0 or 2.0",
		Extensions: []string{".json"},
		New: func() Settings {
			return &SDMXJSON{Deletions: "fault", MaxCell: MaxCell, MaxRows: MaxRows, MaxBytes: 64 << 20}
		},
	})
}

// SDMXJSON decodes the JSON of the SDMX standard: series or a flat list of
// observations, whose keys and attributes are indexes into a structure that may
// stand behind them. Therefore the whole message is held in memory, and capped; of
// large dataflows ask for CSV.
//
// The columns are those of SDMX-CSV: DATAFLOW, ACTION, the dimensions in the order of
// the key, the measures, the attributes, by their identifiers and with codes. Numbers
// keep the digits they are written with. Several values in one place are joined by
// semicolons; a text in several languages stays JSON. An index that leads nowhere is
// a fault of its record.
type SDMXJSON struct {
	Deletions string `yaml:"deletions" doc:"what an observation of a data set with the action Delete is: fault (it goes to quarantine), or keep (the feed reads the column ACTION); default fault"`
	MaxCell   int    `yaml:"max_cell" doc:"bytes in a value; a longer one is a fault of its record; default 65536"`
	MaxRows   int64  `yaml:"max_rows" doc:"observations in an object; more is an error; default 20000000"`
	MaxBytes  int64  `yaml:"max_bytes" doc:"bytes that the message may have; default 67108864"`
}

// Check reports what is wrong with the settings, without an object.
func (s *SDMXJSON) Check() error {
	if s.MaxBytes < 1 {
		return errors.New("max_bytes: must be more than 0")
	}
	return errors.Join(checkDeletions(s.Deletions), checkLimits(s.MaxCell, s.MaxRows))
}

// Decode yields the observations of one object.
func (s *SDMXJSON) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "sdmx_json", func(yield func(*Batch) bool) error {
		d := sdmxJSONDecoder{settings: s}
		d.out = sdmxRows{ctx: ctx, maxCell: s.MaxCell, maxRows: s.MaxRows, keepDeletions: s.Deletions == "keep", rows: newBuilder(placeItem),
			yield: yield}
		return d.run(r)
	})
}

type sdmxJSONDecoder struct {
	settings *SDMXJSON
	text     jsonscan.Text
	layouts  []*sdmxJSONLayout
	out      sdmxRows
}

func (d *sdmxJSONDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	data, err := io.ReadAll(&limitReader{r: r, left: d.settings.MaxBytes})
	if err != nil {
		return err
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if what := foreignFormat(data); what != "" {
		return fmt.Errorf("this is %s, not SDMX-JSON: name its kind under formats", what)
	}
	d.text = jsonscan.Text{Data: data, Final: true}
	root, err := d.text.Space(0)
	if err == nil {
		var end int
		if end, err = d.text.Value(root); err == nil {
			err = d.text.End(end)
		}
	}
	if err != nil {
		return fmt.Errorf("the message is no JSON, or was cut short: %w", err)
	}
	return d.message(root)
}

// message finds the parts of a message. Version 1.0 and its drafts have one
// structure, and the oldest of them no member data.
func (d *sdmxJSONDecoder) message(root int) error {
	parts := map[string]int{}
	collect := func(at int) {
		_ = d.members(at, func(name string, value int) error {
			parts[name] = value
			return nil
		})
	}
	collect(root)
	if data, ok := parts["data"]; ok {
		collect(data)
	}
	sets, hasData := parts["dataSets"]
	if errs, ok := parts["errors"]; ok {
		if err := d.errors(errs, hasData && d.text.Data[sets] == '['); err != nil {
			return err
		}
	}
	if !hasData {
		if _, empty := parts["errors"]; empty {
			return nil
		}
		return errors.New("there is no member dataSets in the message: is this SDMX-JSON with data? look whether the source answered with an error")
	}
	if err := d.structures(parts); err != nil {
		return err
	}
	err := d.elements(sets, func(_, at int) error { return d.dataSet(at) })
	if err != nil {
		return err
	}
	return d.out.flush()
}

// structures reads the structure, or the list of them, and gives every component its
// column.
func (d *sdmxJSONDecoder) structures(parts map[string]int) error {
	add := func(_, at int) error {
		end, err := d.text.Value(at)
		if err != nil {
			return err
		}
		layout, err := newSDMXJSONLayout(d.text.Data[at:end])
		if err != nil {
			return fmt.Errorf("structure %d: %w", len(d.layouts)+1, err)
		}
		d.layouts = append(d.layouts, layout)
		return nil
	}
	var err error
	if list, ok := parts["structures"]; ok {
		err = d.elements(list, add)
	} else if one, ok := parts["structure"]; ok {
		err = add(0, one)
	}
	if err != nil {
		return err
	}
	d.out.columns([]string{sdmxFlow, sdmxAction})
	for _, l := range d.layouts {
		d.out.columns(l.names())
	}
	for _, l := range d.layouts {
		l.place(d.out.index)
	}
	return d.out.checkHeader()
}

// members calls f for each member of the object at i; anything else has none. The
// text was found to be well formed before.
func (d *sdmxJSONDecoder) members(i int, f func(name string, value int) error) error {
	if d.text.Data[i] != '{' {
		return nil
	}
	i, more, err := d.text.First(i, '}')
	for more && err == nil {
		raw, form, value, keyErr := d.text.Key(i)
		if keyErr != nil {
			return keyErr
		}
		name, _ := jsonscan.AppendText(nil, raw, form)
		if err = f(string(name), value); err != nil {
			return err
		}
		if i, err = d.text.Value(value); err == nil {
			i, more, err = d.text.Next(i, '}')
		}
	}
	return err
}

// elements calls f for each element of the list at i; anything else has none.
func (d *sdmxJSONDecoder) elements(i int, f func(n, at int) error) error {
	if d.text.Data[i] != '[' {
		return nil
	}
	i, more, err := d.text.First(i, ']')
	for n := 0; more && err == nil; n++ {
		if err = f(n, i); err != nil {
			return err
		}
		if i, err = d.text.Value(i); err == nil {
			i, more, err = d.text.Next(i, ']')
		}
	}
	return err
}

// scalar is the text of a string or number, "" for anything else.
func (d *sdmxJSONDecoder) scalar(at int) string {
	end, err := d.text.Value(at)
	if err != nil {
		return ""
	}
	text, _ := sdmxScalar(d.text.Data[at:end])
	return string(text)
}

// errors reads the status messages of a message. Those of the standard mean that the
// data are missing or not all there; a service's own, from 1000 on, mean something
// only where there are no data.
func (d *sdmxJSONDecoder) errors(at int, withData bool) error {
	return d.elements(at, func(_, at int) error {
		code, title := "", ""
		_ = d.members(at, func(name string, value int) error {
			switch name {
			case "code":
				code = d.scalar(value)
			case "title", "detail":
				if text := d.scalar(value); title == "" {
					title = text
				}
			}
			return nil
		})
		if code == "100" || withData && len(strings.SplitN(code, ".", 2)[0]) > 3 {
			return nil
		}
		return fmt.Errorf("the source answered with the error %q%s: narrow the query if it asks for too much, else ask again", code, sdmxWords(title))
	})
}
