package formats

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

// An sdmxJSONSet is a data set that is being read.
type sdmxJSONSet struct {
	d      *sdmxJSONDecoder
	layout *sdmxJSONLayout
	action string
	whole  []int    // elements of the data set's attributes
	masks  []string // which dimensions the groups' attributes are attached to
	groups map[string]map[string][]int
	series []int // elements of the series' attributes
	at     []int // index of each dimension's value, in the order of the key; -1: none
}

// dataSet reads the data set at i.
func (d *sdmxJSONDecoder) dataSet(i int) error {
	set := &sdmxJSONSet{d: d, groups: map[string]map[string][]int{}}
	structure, parts := 0, map[string]int{}
	err := d.members(i, func(name string, value int) (err error) {
		parts[name] = value
		switch name {
		case "structure":
			if structure, err = strconv.Atoi(d.scalar(value)); err != nil {
				return errors.New("a data set's structure is no number")
			}
		case "action":
			set.action = d.scalar(value)
		case "attributes":
			set.whole, err = d.list(value)
		case "dimensionGroupAttributes":
			err = d.members(value, set.group)
		}
		return err
	})
	if err != nil {
		return err
	}
	series, hasSeries := parts["series"]
	observations, isFlat := parts["observations"]
	if !hasSeries && !isFlat {
		return nil
	}
	if structure < 0 || structure >= len(d.layouts) {
		return fmt.Errorf("a data set has structure %d, and the message describes %d: ask for it again", structure, len(d.layouts))
	}
	set.layout = d.layouts[structure]
	set.at = make([]int, len(set.layout.dims))
	for _, c := range set.layout.Dimensions.DataSet {
		set.at[c.key] = 0
	}
	if hasSeries {
		if err := d.members(series, set.oneSeries); err != nil {
			return err
		}
	}
	if !isFlat {
		return nil
	}
	set.series = nil
	for _, c := range set.layout.Dimensions.Series {
		set.at[c.key] = -1
	}
	return d.members(observations, func(key string, value int) error { return set.observation(key, value, fault{}) })
}

// list gives where the elements of a list are.
func (d *sdmxJSONDecoder) list(at int) (elements []int, err error) {
	err = d.elements(at, func(_, at int) error {
		if elements = append(elements, at); len(elements) > 2*MaxColumns {
			return fmt.Errorf("byte %d: more than %d elements in one list of values", at, 2*MaxColumns)
		}
		return nil
	})
	return elements, err
}

// sdmxMaxGroups bounds the combinations of dimensions that attributes are attached to.
const sdmxMaxGroups = 64

// group notes the attributes of a part of the key: "0::~" is the first value of the
// first dimension, whatever the others.
func (s *sdmxJSONSet) group(key string, value int) (err error) {
	parts := strings.Split(key, ":")
	var mask strings.Builder
	for i, part := range parts {
		given := byte('1')
		if part == "" || part == "~" {
			parts[i], given = "", '0'
		}
		mask.WriteByte(given)
	}
	of := s.groups[mask.String()]
	if of == nil {
		if len(s.groups) == sdmxMaxGroups {
			return fmt.Errorf("attributes are attached to more than %d combinations of dimensions", sdmxMaxGroups)
		}
		of = map[string][]int{}
		s.groups[mask.String()], s.masks = of, append(s.masks, mask.String())
	}
	of[strings.Join(parts, ":")], err = s.d.list(value)
	return err
}

func (s *sdmxJSONSet) oneSeries(key string, value int) error {
	problem := s.key(key, s.layout.Dimensions.Series)
	observations := -1
	s.series = nil
	err := s.d.members(value, func(name string, value int) (err error) {
		switch name {
		case "attributes":
			s.series, err = s.d.list(value)
		case "observations":
			observations = value
		}
		return err
	})
	if err != nil || observations < 0 {
		return err
	}
	return s.d.members(observations, func(key string, value int) error { return s.observation(key, value, problem) })
}

// key reads the indexes of a series or an observation, "0:0:1".
func (s *sdmxJSONSet) key(key string, dims []*sdmxJSONComponent) fault {
	rest, more := key, key != ""
	for _, c := range dims {
		part := ""
		part, rest, more = strings.Cut(rest, ":")
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n >= len(c.texts) {
			for _, c := range dims {
				s.at[c.key] = -1
			}
			return fault{MalformedRecord, fmt.Sprintf("its key names no value of the dimension %s: the structure and the data do not belong together", c.ID)}
		}
		s.at[c.key] = n
	}
	if more {
		return fault{MalformedRecord, "its key has more parts than the structure has dimensions"}
	}
	return fault{}
}

// observation writes one record.
func (s *sdmxJSONSet) observation(key string, value int, problem fault) error {
	if at := s.key(key, s.layout.Dimensions.Observation); problem.code == "" {
		problem = at
	}
	out := &s.d.out
	if err := out.begin(); err != nil {
		return err
	}
	out.set(out.index[sdmxFlow], []byte(s.layout.flow))
	for _, c := range s.layout.dims {
		if i := s.at[c.key]; i >= 0 && i < len(c.texts) {
			out.set(c.column, c.texts[i])
		}
	}
	elements, err := s.d.list(value)
	if err != nil {
		return err
	}
	note := func(f fault) {
		if problem.code == "" {
			problem = f
		}
	}
	if s.d.text.Data[value] != '[' {
		note(fault{MalformedRecord, "its values are not a list"})
	}
	measures, attributes := s.layout.Measures.Observation, s.layout.Attributes
	note(s.fill(measures, elements, true))
	note(s.fill(attributes.DataSet, s.whole, true))
	note(s.fill(attributes.DimensionGroup, nil, true))
	for _, mask := range s.masks {
		if group, ok := s.groups[mask][s.part(mask)]; ok {
			note(s.fill(attributes.DimensionGroup, group, false))
		}
	}
	note(s.fill(attributes.Series, s.series, true))
	note(s.fill(attributes.Observation, elements[min(len(measures), len(elements)):], true))
	return out.end(out.rows.total()+1, s.action, problem)
}

// part is the key of the observation as far as a mask shows it.
func (s *sdmxJSONSet) part(mask string) string {
	parts := make([]string, len(mask))
	for i := range parts {
		if mask[i] == '1' && i < len(s.at) {
			parts[i] = strconv.Itoa(s.at[i])
		}
	}
	return strings.Join(parts, ":")
}

// fill writes the values of components. What a list lacks has the default, if that is
// wanted; what it has beyond the components are annotations.
func (s *sdmxJSONSet) fill(components []*sdmxJSONComponent, elements []int, defaults bool) (problem fault) {
	for i, c := range components {
		if i < len(elements) && s.d.text.Data[elements[i]] != 'n' {
			end, _ := s.d.text.Value(elements[i])
			text, ok := sdmxValue(s.d.text.Data[elements[i]:end], c)
			if !ok && problem.code == "" {
				problem = fault{MalformedRecord, fmt.Sprintf("its value of %s is an index that leads nowhere, or no text", c.ID)}
			}
			s.d.out.set(c.column, text)
		} else if defaults {
			s.d.out.set(c.column, c.missing)
		}
	}
	return problem
}

// sdmxValue is the text of a value: that of the component's value where it has a list
// of them, and else what is written. Several are joined by semicolons.
func sdmxValue(raw []byte, c *sdmxJSONComponent) (text []byte, ok bool) {
	if raw[0] != '[' {
		return sdmxSingle(raw, c)
	}
	t := jsonscan.Text{Data: raw, Final: true}
	ok = true
	i, more, err := t.First(0, ']')
	for more && err == nil {
		end, valueErr := t.Value(i)
		if valueErr != nil {
			return nil, false
		}
		one, good := raw[i:end], true
		if raw[i] != '[' { // a list of lists stays JSON inside
			one, good = sdmxSingle(one, c)
		}
		if text != nil {
			text = append(text, ';')
		}
		text, ok = append(append([]byte{}, text...), one...), ok && good
		i, more, err = t.Next(end, ']')
	}
	return text, ok && err == nil
}

func sdmxSingle(raw []byte, c *sdmxJSONComponent) (text []byte, ok bool) {
	if c == nil || len(c.texts) == 0 {
		return sdmxScalar(raw)
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 0 || n >= len(c.texts) {
		return nil, false
	}
	return c.texts[n], true
}

// sdmxScalar is a string's text, nothing for null, and anything else as it is written.
func sdmxScalar(raw []byte) (text []byte, ok bool) {
	ok = true
	switch raw[0] {
	case 'n':
		return nil, true
	case '"':
		_, form, err := jsonscan.Text{Data: raw, Final: true}.String(0)
		if err != nil {
			return nil, false
		}
		text, ok = jsonscan.AppendText(nil, raw[1:len(raw)-1], form)
	default:
		text = bytes.ToValidUTF8(raw, replacement)
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return bytes.ReplaceAll(text, []byte{0}, []byte{'?'}), false
	}
	return text, ok
}
