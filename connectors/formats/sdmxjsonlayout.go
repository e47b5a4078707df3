package formats

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sdmxFlow and sdmxAction are the columns that SDMX-CSV puts first.
const (
	sdmxFlow   = "DATAFLOW"
	sdmxAction = "ACTION"
)

// sdmxJSONStructure is a structure as the message writes it.
type sdmxJSONStructure struct {
	Links []struct {
		URN string `json:"urn"`
	} `json:"links"`
	Dimensions sdmxJSONLevels  `json:"dimensions"`
	Measures   *sdmxJSONLevels `json:"measures"`
	Attributes sdmxJSONLevels  `json:"attributes"`
}

type sdmxJSONLevels struct {
	DataSet        []*sdmxJSONComponent `json:"dataSet"`
	DimensionGroup []*sdmxJSONComponent `json:"dimensionGroup"`
	Series         []*sdmxJSONComponent `json:"series"`
	Observation    []*sdmxJSONComponent `json:"observation"`
}

// An sdmxJSONComponent is a dimension, a measure or an attribute.
type sdmxJSONComponent struct {
	ID          string          `json:"id"`
	KeyPosition *int            `json:"keyPosition"`
	Default     json.RawMessage `json:"default"`
	Values      []*struct {
		ID     json.RawMessage `json:"id"`
		Name   json.RawMessage `json:"name"`
		Value  json.RawMessage `json:"value"`
		Values json.RawMessage `json:"values"`
	} `json:"values"`

	column  int
	key     int      // its place among the dimensions, in the order of the key
	texts   [][]byte // of values
	missing []byte   // the text of the default
}

// An sdmxJSONLayout is a structure that is ready to read data sets with.
type sdmxJSONLayout struct {
	sdmxJSONStructure
	flow string
	dims []*sdmxJSONComponent // all, in the order of the key
}

func newSDMXJSONLayout(text []byte) (*sdmxJSONLayout, error) {
	l := &sdmxJSONLayout{}
	if err := json.Unmarshal(text, &l.sdmxJSONStructure); err != nil {
		return nil, fmt.Errorf("it is not written as SDMX-JSON writes structures: %w", err)
	}
	for _, link := range l.Links {
		// urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=ECB:EXR(1.0)
		if class, id, ok := strings.Cut(link.URN, "="); ok && (l.flow == "" || strings.HasSuffix(class, ".Dataflow")) {
			l.flow = id
		}
	}
	if l.Measures == nil {
		l.Measures = &sdmxJSONLevels{Observation: []*sdmxJSONComponent{{ID: "OBS_VALUE"}}}
	}
	for _, c := range l.components() {
		if c == nil || c.ID == "" {
			return nil, errors.New("one of its components has no id")
		}
		if err := c.prepare(); err != nil {
			return nil, fmt.Errorf("its component %q: %w", c.ID, err)
		}
	}
	l.dims = slices.Concat(l.Dimensions.DataSet, l.Dimensions.Series, l.Dimensions.Observation)
	slices.SortStableFunc(l.dims, func(a, b *sdmxJSONComponent) int {
		if a.KeyPosition == nil || b.KeyPosition == nil {
			return 0
		}
		return *a.KeyPosition - *b.KeyPosition
	})
	for i, c := range l.dims {
		c.key = i
	}
	return l, nil
}

// components are all, in the order of their columns.
func (l *sdmxJSONLayout) components() []*sdmxJSONComponent {
	dims := l.dims
	if dims == nil {
		dims = slices.Concat(l.Dimensions.DataSet, l.Dimensions.Series, l.Dimensions.Observation)
	}
	a := l.Attributes
	return slices.Concat(dims, l.Measures.Observation, a.DataSet, a.DimensionGroup, a.Series, a.Observation)
}

func (l *sdmxJSONLayout) names() []string {
	var names []string
	for _, c := range l.components() {
		names = append(names, c.ID)
	}
	return names
}

func (l *sdmxJSONLayout) place(index map[string]int) {
	for _, c := range l.components() {
		c.column = index[c.ID]
	}
}

// prepare writes the values of a component as texts: codes by their identifiers,
// others by what they say.
func (c *sdmxJSONComponent) prepare() error {
	c.texts = make([][]byte, len(c.Values))
	for i, v := range c.Values {
		if v == nil {
			continue
		}
		for _, written := range []json.RawMessage{v.ID, v.Value, v.Values, v.Name} {
			if len(written) == 0 || string(written) == "null" {
				continue
			}
			text, ok := sdmxValue(written, nil)
			if !ok {
				return fmt.Errorf("its value %d holds bytes that are not text", i)
			}
			c.texts[i] = text
			break
		}
	}
	if len(c.Default) > 0 && string(c.Default) != "null" {
		c.missing, _ = sdmxValue(c.Default, nil)
	}
	return nil
}
