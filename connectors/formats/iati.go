package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
)

func init() {
	Register(Kind{
		Name:       "iati",
		Summary:    "activities of the International Aid Transparency Initiative (IATI 2.0x), or their money",
		Extensions: []string{".xml"},
		New: func() Settings {
			return &IATI{Records: "activities", MaxBytes: 4 << 30, MaxActivity: 64 << 20, MaxRows: MaxRows}
		},
	})
}

// IATI decodes files of IATI activities: plain files of publishers, and answers of
// d-portal and of the IATI Datastore, which are such files.
//
// A record is an activity, or one flow of money for one recipient. Flows are
// transactions, budgets and planned disbursements. A flow that goes to several
// countries or regions is a record for each of them, in which value is the whole
// amount and recipient_percentage the part of this recipient as written: nothing is
// multiplied here, so that nothing is rounded twice. Where a flow names recipients
// of its own they count, else those of its activity. Regions are taken in one
// vocabulary only, because a second one describes the same money again: the DAC's
// (1, or none given) or else the first one met. The column recipients says whether
// the parts can be relied on:
//
//	unnamed   no recipient is named: one record without any
//	single    one recipient, with 100 percent or no percentage
//	complete  several, whose percentages add up to 100
//	missing   several, of which some have no percentage
//	not_100   percentages that do not add up to 100, or are none
//	repeated  one recipient twice
//
// Nothing is repaired: what to do with the last three is for those who add up.
// Percentages add up when they give exactly 100 or, written with decimals, 100
// within the rounding of their last decimals. The columns sectors_check and
// recipients of an activity speak the same words.
//
// Lists in a cell are joined by "; ": sectors and regions as "1:15190=60" with
// vocabulary, code and percentage, countries as "ID=60". A currency that a value
// does not name is its activity's default, and so are languages. Languages are
// two lower-case letters where the standard wants them ("EN", "ENG" and "en-GB" are
// "en").
//
// Elements and attributes of other namespaces (d-portal and the Datastore add some)
// are passed over; xml:lang is the exception. Files of the versions 1.0x are read as
// far as their elements have the same names; their letters for codes stay as written.
// Document types are refused, and with them every entity.
type IATI struct {
	Records       string   `yaml:"records" doc:"what a record is: activities, or flows (transactions, budgets and planned disbursements, one record for each and recipient); default activities"`
	Countries     []string `yaml:"countries" doc:"take only activities that name one of these recipient countries (ISO 3166-1 alpha-2), themselves or in a transaction; an activity is taken whole or not at all"`
	Participating []string `yaml:"participating" doc:"take only activities in which one of these organisations takes part, such as KR-GOV-051"`
	MaxBytes      int64    `yaml:"max_bytes" doc:"bytes that the object may have; default 4294967296"`
	MaxActivity   int64    `yaml:"max_activity_bytes" doc:"bytes that one activity may have, since it is held whole; default 67108864"`
	MaxRows       int64    `yaml:"max_rows" doc:"records in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *IATI) Check() error {
	problems := []error{checkLimits(MaxCell, s.MaxRows)}
	if s.Records != "activities" && s.Records != "flows" {
		problems = append(problems, fmt.Errorf("records: %q is neither activities nor flows", s.Records))
	}
	if s.MaxBytes < 1 || s.MaxActivity < 1 {
		problems = append(problems, errors.New("max_bytes and max_activity_bytes: must be more than 0"))
	}
	for _, code := range s.Countries {
		if !iatiCountry.MatchString(code) {
			problems = append(problems, fmt.Errorf("countries: %q is no code of two capitals, such as ID", code))
		}
	}
	if slices.Contains(s.Participating, "") {
		problems = append(problems, errors.New("participating: an empty reference selects nothing"))
	}
	return errors.Join(problems...)
}

var iatiCountry = regexp.MustCompile(`^[A-Z]{2}$`)

// Decode yields the records of one object.
func (s *IATI) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "iati", func(yield func(*Batch) bool) error {
		d := iatiDecoder{ctx: ctx, settings: s, yield: yield}
		return d.run(r)
	})
}

type iatiDecoder struct {
	ctx      context.Context
	settings *IATI
	yield    func(*Batch) bool
	xml      *xmlReader
	rows     *builder
	header   []string
	number   int64 // of the activity in the object
	begin    int64 // where it begins
	version  string
	act      iatiActivity
	long     bool // a cell of the record was too long
}

func (d *iatiDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	source := &limitReader{r: r, left: d.settings.MaxBytes}
	text, _, err := decodeXML(source)
	if err != nil {
		return err
	}
	d.xml, d.rows, d.header = newXMLReader(text), newBuilder(placeActivity), iatiActivityHeader
	if d.settings.Records == "flows" {
		d.rows, d.header = newBuilder(placeFlow), iatiFlowHeader
	}
	kind, err := d.xml.next()
	if err != nil {
		return err
	}
	if kind == xmlStart {
		err = d.root()
	}
	for err == nil && kind != xmlEOF {
		kind, err = d.xml.next()
	}
	if err != nil {
		return err
	}
	return d.flush()
}

// root reads the document's element.
func (d *iatiDecoder) root() (err error) {
	switch string(d.xml.name) {
	case "iati-activities":
		if d.version, err = d.xml.ownText("version"); err != nil {
			return err
		}
		return d.xml.children(func() error {
			if string(d.xml.name) != "iati-activity" || d.xml.foreign() {
				return d.xml.skip()
			}
			return d.activity()
		})
	case "iati-activity":
		return d.activity()
	case "iati-organisations":
		return errors.New("this is IATI's file of organisations, which holds no activities: leave it out of the feed")
	case "response":
		return errors.New("this is an answer of Solr, not of IATI: ask the Datastore at …/activity/iati, which answers in IATI's own XML")
	case "html":
		return errWebPage
	}
	return errors.New("the document begins with neither iati-activities nor iati-activity: this is no file of IATI activities")
}

var errWebPage = errors.New("this is a web page, not a file of IATI activities: look at it for an error or a changed address")

// activity reads one activity and yields its records.
func (d *iatiDecoder) activity() error {
	d.number++
	d.begin = d.xml.base + int64(d.xml.pos)
	d.act.reset(d.version)
	if err := d.readActivity(); err != nil {
		return fmt.Errorf("activity %d: %w", d.number, err)
	}
	if !d.wanted() {
		return nil
	}
	d.act.settle()
	if d.settings.Records == "flows" {
		return d.flowRecords()
	}
	return d.activityRecord()
}

// wanted says whether the settings select the activity that was read.
func (d *iatiDecoder) wanted() bool {
	a, s := &d.act, d.settings
	if len(s.Participating) > 0 && !slices.ContainsFunc(a.orgs, func(o iatiOrg) bool { return slices.Contains(s.Participating, o.ref) }) {
		return false
	}
	if len(s.Countries) == 0 {
		return true
	}
	chosen := func(p iatiPart) bool { return p.country && slices.Contains(s.Countries, p.code) }
	return slices.ContainsFunc(a.recipients, chosen) || slices.ContainsFunc(a.flows, func(f iatiFlow) bool { return slices.ContainsFunc(f.recipients, chosen) })
}

func (d *iatiDecoder) flush() error {
	if len(d.rows.places) > 0 && !d.yield(d.rows.take(d.header, string(d.rows.text))) {
		return errStopped
	}
	return d.ctx.Err()
}
