package formats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

func init() {
	Register(Kind{
		Name:       "bi_diffgram",
		Summary:    "exchange rates as Bank Indonesia's web service answers them",
		Extensions: []string{".xml"},
		New:        func() Settings { return &BIDiffgram{MaxBytes: 64 << 20, MaxRows: MaxRows} },
	})
}

// BIDiffgram decodes the answers of wsKursBI: a data set with its schema and a
// diffgram of one element per currency and day, bare or inside a SOAP envelope.
//
// The transaction rates of a day (fields that end in _subkurslokal) are two
// records, transaction_buy and transaction_sell. A day of JISDOR (fields that end
// in _subkursasing) gives its one rate as buying and as selling rate and is one
// record, jisdor; if the two differ, the record has a fault. Rates stay as
// written, for as many units of the currency as the column unit says. An answer
// without days has no records: there are none at weekends and on holidays.
//
// The names of its elements change their namespace on the way down, so that only
// local names count. Document types are refused, and with them every entity.
type BIDiffgram struct {
	MaxBytes int64 `yaml:"max_bytes" doc:"bytes that the answer may have; default 67108864"`
	MaxRows  int64 `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// biHeader are the columns, in the words of the dataset exchange_rates; id is the
// service's own number of the day.
var biHeader = []string{"rate_on", "currency", "kind", "rate_idr", "unit", "id"}

// biFields are the fields of a day, by the part of their names before the suffix.
var biFields = []string{"tgl", "mts", "beli", "jual", "nil", "id", "lnk"}

const (
	biDay = iota
	biCurrency
	biBuy
	biSell
	biUnit
	biID
)

// Check reports what is wrong with the settings, without an object.
func (s *BIDiffgram) Check() error {
	if s.MaxBytes < 1 {
		return errors.New("max_bytes: must be more than 0")
	}
	return checkLimits(MaxCell, s.MaxRows)
}

// Decode yields the records of one object.
func (s *BIDiffgram) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "bi_diffgram", func(yield func(*Batch) bool) error {
		d := biDecoder{ctx: ctx, settings: s, yield: yield}
		return d.run(r)
	})
}

type biDecoder struct {
	ctx      context.Context
	settings *BIDiffgram
	yield    func(*Batch) bool
	xml      *xmlReader
	rows     *builder
	days     int64
	service  string // the suffix of the day's fields
	values   [7][]byte
}

func (d *biDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	source := &limitReader{r: r, left: d.settings.MaxBytes}
	head := make([]byte, 512)
	n, err := io.ReadFull(source, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	if head = head[:n]; isHTML(bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))) {
		return errors.New("this is a web page, not an answer of the service: look at it for an error or a changed address")
	}
	d.xml, d.rows = newXMLReader(io.MultiReader(bytes.NewReader(head), source)), newBuilder(placeField)
	found := false
	for {
		kind, err := d.xml.next()
		if err != nil {
			return err
		}
		if kind == xmlEOF {
			break
		}
		if kind != xmlStart {
			continue
		}
		switch string(d.xml.name) {
		case "Fault":
			return errors.New("the service answered with a fault instead of data: check series, currencies and dates")
		case "schema":
			err = d.xml.skip()
		case "diffgram":
			found = true
			err = d.diffgram()
		}
		if err != nil {
			return err
		}
	}
	if !found {
		return errors.New("there is no diffgram in the answer: is this wsKursBI's?")
	}
	return d.flush()
}

// diffgram reads the data set; what else may stand in a diffgram is how rows were
// before they were changed.
func (d *biDecoder) diffgram() error {
	return d.xml.children(func() error {
		if name := string(d.xml.name); name == "before" || name == "errors" {
			return d.xml.skip()
		}
		return d.xml.children(d.day)
	})
}

// day reads one element of the data set.
func (d *biDecoder) day() error {
	d.days++
	d.service = ""
	for i := range d.values {
		d.values[i] = d.values[i][:0]
	}
	err := d.xml.children(func() error {
		name, suffix, _ := strings.Cut(string(d.xml.name), "_")
		for i, known := range biFields {
			if name == known {
				d.service = suffix
				var err error
				d.values[i], err = d.xml.content(d.values[i])
				d.values[i] = bytes.TrimSpace(d.values[i])
				if len(d.values[i]) > 64 {
					err = fmt.Errorf("entry %d: its field %s has %d bytes, which no rate has", d.days, known, len(d.values[i]))
				}
				return err
			}
		}
		return d.xml.skip()
	})
	if err != nil {
		return err
	}
	switch d.service {
	case "subkurslokal":
		if err := d.record("transaction_buy", biBuy, fault{}); err != nil {
			return err
		}
		return d.record("transaction_sell", biSell, fault{})
	case "subkursasing":
		var problem fault
		if !bytes.Equal(d.values[biBuy], d.values[biSell]) {
			problem = fault{MalformedRecord, "the buying and the selling rate of a JISDOR day differ, which is one rate: ask Bank Indonesia"}
		}
		return d.record("jisdor", biBuy, problem)
	}
	return fmt.Errorf("entry %d: its fields end in neither _subkurslokal nor _subkursasing: the service has changed, or this is another one's answer", d.days)
}

func (d *biDecoder) record(kind string, rate int, problem fault) error {
	if d.rows.total() == d.settings.MaxRows {
		return fmt.Errorf("more than max_rows (%d) records: raise the limit or ask for fewer days", d.settings.MaxRows)
	}
	for _, text := range [][]byte{d.values[biDay], d.values[biCurrency], []byte(kind), d.values[rate], d.values[biUnit], d.values[biID]} {
		d.rows.cell(text)
	}
	d.rows.endRow(2*d.days+int64(rate-biBuy), problem)
	if d.rows.full() {
		return d.flush()
	}
	return nil
}

func (d *biDecoder) flush() error {
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(biHeader, string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}
