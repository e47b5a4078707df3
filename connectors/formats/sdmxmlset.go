package formats

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// An sdmxMLSet is a data set that is being read.
type sdmxMLSet struct {
	structure sdmxMLStructure
	action    string
	whole     sdmxPairs // attributes of the data set
	groups    sdmxMLGroups
	series    sdmxPairs // dimensions and attributes of the series
	obs       sdmxPairs
}

// sdmxPairs are components with their values.
type sdmxPairs []sdmxPair

type sdmxPair struct{ id, value string }

func (p sdmxPairs) find(id string) (value string, ok bool) {
	for _, pair := range p {
		if pair.id == id {
			return pair.value, true
		}
	}
	return "", false
}

// sdmxMLReserved are attributes of a data set that are no components, although they
// stand in no namespace.
var sdmxMLReserved = map[string]bool{"action": true, "structureRef": true, "dataScope": true, "setID": true, "validFromDate": true, "validToDate": true,
	"reportingBeginDate": true, "reportingEndDate": true, "publicationYear": true, "publicationPeriod": true}

// dataSet reads one data set.
func (d *sdmxMLDecoder) dataSet() error {
	reference, err := d.xml.attrText("structureRef")
	if err != nil {
		return err
	}
	structure, ok := d.structures[reference]
	if !ok && len(d.structures) == 1 {
		for _, structure = range d.structures {
		}
	}
	if structure.time == "" {
		structure.time = "TIME_PERIOD"
	}
	d.set = sdmxMLSet{structure: structure, action: d.action}
	if action, err := d.xml.attrText("action"); err != nil {
		return err
	} else if action != "" {
		d.set.action = action
	}
	if !d.generic {
		if d.set.whole, err = d.own(d.set.whole, sdmxMLReserved); err != nil {
			return err
		}
	}
	return d.xml.children(func() (err error) {
		switch string(d.xml.name) {
		case "Attributes", "Comp":
			d.set.whole, err = d.part(d.set.whole)
			return err
		case "Group", "Atts":
			return d.group()
		case "Series":
			return d.series()
		case "Obs":
			d.set.series = d.set.series[:0]
			return d.observation()
		}
		return d.xml.skip()
	})
}

// own appends the components that the element that started has as attributes: those
// of no namespace.
func (d *sdmxMLDecoder) own(to sdmxPairs, except map[string]bool) (sdmxPairs, error) {
	for _, a := range d.xml.attrs {
		if a.prefixed || string(a.name) == "xmlns" || except[string(a.name)] {
			continue
		}
		value, err := d.xml.unescape(a.value)
		if err != nil {
			return to, err
		}
		to = append(to, sdmxPair{d.name(a.name), string(value)})
	}
	return to, nil
}

// name gives a component's name without making it anew each time.
func (d *sdmxMLDecoder) name(raw []byte) string {
	if i, ok := d.out.index[string(raw)]; ok {
		return d.out.header[i]
	}
	return strings.ToValidUTF8(string(raw), "?")
}

// part appends the components of a child element of data set, group, series or
// observation: a key or attributes of generic data, or a component with several
// values.
func (d *sdmxMLDecoder) part(to sdmxPairs) (sdmxPairs, error) {
	if string(d.xml.name) == "Comp" {
		return d.component(to)
	}
	err := d.xml.children(func() error {
		if string(d.xml.name) != "Value" {
			return d.xml.skip()
		}
		id := d.name(d.xml.attr("id"))
		if id == "" {
			return d.xml.errorf("a value has no id: is this SDMX-ML 2.0? ask for version 2.1")
		}
		value, err := d.xml.attrText("value")
		if err != nil {
			return err
		}
		to = append(to, sdmxPair{id, value})
		if err := d.few(to); err != nil {
			return err
		}
		return d.xml.skip()
	})
	return to, err
}

// component reads a component with several values, or texts in several languages.
func (d *sdmxMLDecoder) component(to sdmxPairs) (sdmxPairs, error) {
	id := d.name(d.xml.attr("id"))
	if id == "" {
		return to, d.xml.errorf("a component has no id")
	}
	first := len(to)
	var texts [][]byte // of the pairs from first on
	err := d.xml.children(func() error {
		return d.values(id, func(name, text string) error {
			for i := range texts {
				if to[first+i].id == name {
					texts[i] = append(append(texts[i], ';'), text...)
					return d.bounded(len(texts[i]))
				}
			}
			to, texts = append(to, sdmxPair{id: name}), append(texts, []byte(text))
			return d.few(to)
		})
	})
	for i, text := range texts {
		to[first+i].value = string(text)
	}
	return to, err
}

// values reads one value of a component: a text, or texts with their languages.
func (d *sdmxMLDecoder) values(id string, add func(name, text string) error) error {
	var plain []byte
	translated := false
	for {
		kind, err := d.xml.next()
		switch {
		case err != nil:
			return err
		case kind == xmlEnd && translated:
			return nil
		case kind == xmlEnd:
			return add(id, string(plain))
		case kind == xmlText:
			plain = append(plain, d.xml.text...)
			if err := d.bounded(len(plain)); err != nil {
				return err
			}
		case string(d.xml.name) == "Text":
			translated = true
			language := d.name(d.xml.attr("lang"))
			if language == "" {
				language = "en"
			}
			text, err := d.words()
			if err == nil {
				err = add(id+"."+language, text)
			}
			if err != nil {
				return err
			}
		default:
			if err := d.xml.skip(); err != nil {
				return err
			}
		}
	}
}

// bounded refuses a value that would fill the memory.
func (d *sdmxMLDecoder) bounded(size int) error {
	if size > xmlMaxToken {
		return d.xml.errorf("one value is longer than %d bytes", xmlMaxToken)
	}
	return nil
}

// few refuses more components than a message can have.
func (d *sdmxMLDecoder) few(pairs sdmxPairs) error {
	if len(pairs) > MaxColumns {
		return d.xml.errorf("%w", errSDMXColumns)
	}
	return nil
}

// series reads a series with its observations.
func (d *sdmxMLDecoder) series() (err error) {
	s := &d.set
	s.series = s.series[:0]
	if !d.generic {
		if s.series, err = d.own(s.series, nil); err != nil {
			return err
		}
	}
	seen := false
	return d.xml.children(func() (err error) {
		switch string(d.xml.name) {
		case "SeriesKey", "Attributes", "Comp":
			if seen {
				return d.xml.errorf("the attributes of a series stand behind its observations")
			}
			s.series, err = d.part(s.series)
			return err
		case "Obs":
			seen = true
			return d.observation()
		}
		return d.xml.skip()
	})
}

// observation reads an observation and writes its record.
func (d *sdmxMLDecoder) observation() (err error) {
	s := &d.set
	s.obs = s.obs[:0]
	if !d.generic {
		if s.obs, err = d.own(s.obs, nil); err != nil {
			return err
		}
	}
	err = d.xml.children(func() (err error) {
		switch name := string(d.xml.name); name {
		case "ObsKey", "Attributes", "Comp":
			s.obs, err = d.part(s.obs)
			return err
		case "ObsDimension", "ObsValue":
			id := d.name(d.xml.attr("id"))
			if id == "" {
				id = map[string]string{"ObsDimension": s.structure.time, "ObsValue": "OBS_VALUE"}[name]
			}
			value, err := d.xml.attrText("value")
			if err != nil {
				return err
			}
			s.obs = append(s.obs, sdmxPair{id, value})
		}
		return d.xml.skip()
	})
	if err != nil {
		return err
	}
	return d.record()
}

var errSDMXColumns = fmt.Errorf("the message has more than %d components: is this SDMX-ML?", MaxColumns)

// record writes the observation: what is nearer to it counts more.
func (d *sdmxMLDecoder) record() error {
	s, out := &d.set, &d.out
	if err := out.begin(); err != nil {
		return err
	}
	out.set(0, []byte(s.structure.flow))
	if err := d.write(s.whole); err != nil {
		return err
	}
	if err := s.groups.each(s.series, s.obs, d.write); err != nil {
		return err
	}
	if err := errors.Join(d.write(s.series), d.write(s.obs)); err != nil {
		return err
	}
	return out.end(out.rows.total()+1, s.action, fault{})
}

func (d *sdmxMLDecoder) write(pairs sdmxPairs) error {
	out := &d.out
	for _, pair := range pairs {
		column, ok := out.index[pair.id]
		if !ok {
			if len(out.header) == MaxColumns {
				return errSDMXColumns
			}
			column = len(out.header)
			out.columns([]string{pair.id})
			out.cells = append(out.cells, nil)
		}
		text := []byte(pair.value)
		if !utf8.Valid(text) {
			text = []byte(strings.ToValidUTF8(pair.value, "\uFFFD"))
		}
		out.set(column, text)
	}
	return nil
}
