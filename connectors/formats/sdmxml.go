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
		Name:       "sdmx_ml",
		Summary:    "statistics as SDMX-ML, generic or specific to their structure",
		Extensions: []string{".xml"},
		New: func() Settings {
			return &SDMXML{Deletions: "fault", MaxCell: MaxCell, MaxRows: MaxRows}
		},
	})
}

// SDMXML decodes the XML of the SDMX standard, version 2.1 and what 3.0 made of it:
// generic data and data specific to their structure, in series or flat, streaming.
// Memory holds the attributes of groups and of one series.
//
// The columns are those of SDMX-CSV, DATAFLOW and ACTION first, the others as they
// are met: the attributes of data set, group, series and observation, nearest last,
// are the columns of each observation. Values stay as written (a missing one may be
// "NaN"). Several values of one component are joined by semicolons, and texts in
// several languages are columns of their own, as TITLE.en.
//
// Only local names count, because each source names its namespaces as it likes.
// Document types are refused, and with them every entity. A message at the end that
// the data are not all there is an error; a warning beside data is passed over.
type SDMXML struct {
	Deletions string `yaml:"deletions" doc:"what an observation of a data set with the action Delete is: fault (it goes to quarantine), or keep (the feed reads the column ACTION); default fault"`
	MaxCell   int    `yaml:"max_cell" doc:"bytes in a value; a longer one is a fault of its record; default 65536"`
	MaxRows   int64  `yaml:"max_rows" doc:"observations in an object; more is an error; default 20000000"`
}

// Check reports what is wrong with the settings, without an object.
func (s *SDMXML) Check() error {
	return errors.Join(checkDeletions(s.Deletions), checkLimits(s.MaxCell, s.MaxRows))
}

// Decode yields the observations of one object.
func (s *SDMXML) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*Batch, error] {
	return batchesOf(name, "sdmx_ml", func(yield func(*Batch) bool) error {
		d := sdmxMLDecoder{settings: s, structures: map[string]sdmxMLStructure{}}
		d.out = sdmxRows{ctx: ctx, maxCell: s.MaxCell, maxRows: s.MaxRows, keepDeletions: s.Deletions == "keep", rows: newBuilder(placeItem),
			yield: yield}
		return d.run(r)
	})
}

type sdmxMLDecoder struct {
	settings   *SDMXML
	xml        *xmlReader
	out        sdmxRows
	structures map[string]sdmxMLStructure // by the id that data sets refer to
	action     string                     // of data sets that name none
	generic    bool
	set        sdmxMLSet
}

// An sdmxMLStructure is what the header says of a structure.
type sdmxMLStructure struct {
	flow string // "ECB:EXR(1.0)"
	time string // the dimension at the observation
}

func (d *sdmxMLDecoder) run(r io.Reader) error {
	if err := d.settings.Check(); err != nil {
		return err
	}
	// Whole, however the bytes arrive: the result must not depend on it.
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	head = head[:n]
	if what := foreignFormat(head); what != "" {
		return fmt.Errorf("this is %s, not SDMX-ML: name its kind under formats", what)
	}
	if isHTML(bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))) {
		return errors.New("this is a web page, not SDMX-ML: look at it for an error or a changed address")
	}
	d.xml = newXMLReader(io.MultiReader(bytes.NewReader(head), r))
	d.out.columns([]string{sdmxFlow, sdmxAction})
	kind, err := d.xml.next()
	if err == nil && kind == xmlStart {
		err = d.message()
	}
	if err == nil {
		_, err = d.xml.next() // nothing but the end may follow
	}
	if err != nil {
		return err
	}
	return d.out.flush()
}

// message reads the root element.
func (d *sdmxMLDecoder) message() error {
	switch root := string(d.xml.name); root {
	case "GenericData", "GenericTimeSeriesData":
		d.generic = true
	case "StructureSpecificData", "StructureSpecificTimeSeriesData":
	case "Error":
		return d.errorMessage()
	case "Structure":
		return errors.New("this is a message about structures, without data: ask for data")
	default:
		return errors.New("the root element is none of SDMX-ML 2.1's messages with data: ask for generic or structure-specific data of version 2.1 or 3.0")
	}
	return d.xml.children(func() error {
		switch string(d.xml.name) {
		case "Header":
			return d.header()
		case "DataSet":
			return d.dataSet()
		case "Footer":
			return d.xml.children(d.footerMessage)
		}
		return d.xml.skip()
	})
}

// header reads which structures there are, and the action.
func (d *sdmxMLDecoder) header() error {
	return d.xml.children(func() (err error) {
		switch string(d.xml.name) {
		case "DataSetAction":
			d.action, err = d.words()
			return err
		case "Structure":
			return d.structure()
		}
		return d.xml.skip()
	})
}

// structure reads one of the structures of the header.
func (d *sdmxMLDecoder) structure() error {
	id, err := d.xml.attrText("structureID")
	if err != nil {
		return err
	}
	s := sdmxMLStructure{time: "TIME_PERIOD"}
	if at, err := d.xml.attrText("dimensionAtObservation"); err != nil {
		return err
	} else if at != "" {
		s.time = at
	}
	// <Structure><Ref agencyID= id= version=/></Structure>, or its URN as text.
	for depth := 1; depth > 0; {
		kind, err := d.xml.next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlStart:
			depth++
			if string(d.xml.name) == "Ref" && s.flow == "" {
				if s.flow, err = d.reference(); err != nil {
					return err
				}
			}
		case xmlEnd:
			depth--
		case xmlText:
			if _, urn, ok := strings.Cut(string(bytes.TrimSpace(d.xml.text)), "="); ok && s.flow == "" {
				s.flow = urn
			}
		}
	}
	if len(d.structures) == 1000 {
		return errors.New("the header names more than 1000 structures")
	}
	d.structures[id] = s
	return nil
}

func (d *sdmxMLDecoder) reference() (string, error) {
	parts := [3]string{}
	for i, name := range []string{"agencyID", "id", "version"} {
		var err error
		if parts[i], err = d.xml.attrText(name); err != nil {
			return "", err
		}
	}
	flow := parts[0] + ":" + parts[1]
	if parts[2] != "" {
		flow += "(" + parts[2] + ")"
	}
	return flow, nil
}

// footerMessage reads what the source says of its own answer. No results (100) is no
// error, and a warning beside data is none either.
func (d *sdmxMLDecoder) footerMessage() error {
	code, err := d.xml.attrText("code")
	if err != nil {
		return err
	}
	severity, err := d.xml.attrText("severity")
	if err != nil {
		return err
	}
	text, err := d.words()
	if err != nil || code == "100" {
		return err
	}
	partial := code == "413" || code == "510" || strings.EqualFold(severity, "Error")
	if partial || d.out.rows.total() == 0 && !strings.EqualFold(severity, "Warning") {
		return fmt.Errorf("the source says that its data are missing or not all there, with the code %q%s: narrow the query if it asks for too much", code, sdmxWords(text))
	}
	return nil
}

// errorMessage reads a message that is an error and nothing else.
func (d *sdmxMLDecoder) errorMessage() error {
	code, text := "", ""
	err := d.xml.children(func() (err error) {
		if code == "" {
			if code, err = d.xml.attrText("code"); err != nil {
				return err
			}
		}
		words, err := d.words()
		if text == "" {
			text = words
		}
		return err
	})
	if err != nil || code == "100" {
		return err
	}
	return fmt.Errorf("the source answered with the error %q%s: correct the query, or ask again", code, sdmxWords(text))
}

// words reads the text of the element that started.
func (d *sdmxMLDecoder) words() (string, error) {
	var text []byte
	for depth := 1; depth > 0; {
		kind, err := d.xml.next()
		switch {
		case err != nil:
			return "", err
		case kind == xmlStart:
			depth++
		case kind == xmlEnd:
			depth--
		default:
			text = append(text, d.xml.text...)
		}
		if len(text) > xmlMaxToken {
			return "", d.xml.errorf("one text is longer than %d bytes", xmlMaxToken)
		}
	}
	return string(bytes.TrimSpace(text)), nil
}
