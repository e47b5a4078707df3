package formats

import (
	"fmt"
	"strings"
)

// sdmxMLMaxGroups bounds the text of groups, which is held in memory.
const sdmxMLMaxGroups = 64 << 20

// sdmxMLGroups are the attributes that hold for all series with a part of their key.
// Generic data name the key. In data specific to their structure dimensions and
// attributes look alike: those that the first series has too are the key, because no
// attribute is attached in two places.
type sdmxMLGroups struct {
	waiting []sdmxPairs // until there is a series to compare them with
	kinds   []*sdmxMLGroupKind
	bytes   int
	begun   bool // there was an observation
}

// An sdmxMLGroupKind are the groups with the same names.
type sdmxMLGroupKind struct {
	names string
	key   []string // dimensions
	byKey map[string]sdmxPairs
}

// group reads a group.
func (d *sdmxMLDecoder) group() error {
	var pairs, attributes sdmxPairs
	var err error
	if !d.generic {
		if pairs, err = d.own(nil, nil); err != nil {
			return err
		}
	}
	err = d.xml.children(func() (err error) {
		switch string(d.xml.name) {
		case "GroupKey":
			pairs, err = d.part(pairs)
		case "Attributes", "Comp":
			attributes, err = d.part(attributes)
		default:
			err = d.xml.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	g := &d.set.groups
	for _, pair := range append(pairs, attributes...) {
		g.bytes += len(pair.id) + len(pair.value) + 64
	}
	switch {
	case g.begun:
		return d.xml.errorf("a group stands behind series, to which its attributes would belong")
	case g.bytes > sdmxMLMaxGroups:
		return fmt.Errorf("the groups have more than %d bytes: narrow the query, or ask for CSV", sdmxMLMaxGroups)
	case d.generic:
		var key []string
		for _, pair := range pairs {
			key = append(key, pair.id)
		}
		return g.add(key, append(pairs, attributes...))
	}
	g.waiting = append(g.waiting, append(pairs, attributes...))
	return nil
}

// sdmxMLMaxKinds bounds the groups of different names, which are all looked up for
// every observation.
const sdmxMLMaxKinds = 256

// add notes a group under its key.
func (g *sdmxMLGroups) add(key []string, pairs sdmxPairs) error {
	names := strings.Join(key, "\x00")
	var kind *sdmxMLGroupKind
	for _, k := range g.kinds {
		if k.names == names {
			kind = k
		}
	}
	if kind == nil {
		if len(g.kinds) == sdmxMLMaxKinds {
			return fmt.Errorf("there are more than %d kinds of groups", sdmxMLMaxKinds)
		}
		kind = &sdmxMLGroupKind{names: names, key: key, byKey: map[string]sdmxPairs{}}
		g.kinds = append(g.kinds, kind)
	}
	at, _ := kind.of(pairs, nil)
	kind.byKey[at] = append(kind.byKey[at], pairs...)
	return nil
}

// of is the key of a series or an observation among the groups of this kind.
func (k *sdmxMLGroupKind) of(series, obs sdmxPairs) (key string, ok bool) {
	var text strings.Builder
	for _, id := range k.key {
		value, found := series.find(id)
		if !found {
			if value, found = obs.find(id); !found {
				return "", false
			}
		}
		text.WriteString(value)
		text.WriteByte(0)
	}
	return text.String(), true
}

// each calls write with the attributes of every group that an observation is in.
func (g *sdmxMLGroups) each(series, obs sdmxPairs, write func(sdmxPairs) error) error {
	for _, pairs := range g.waiting {
		var key []string
		for _, pair := range pairs {
			_, inSeries := series.find(pair.id)
			_, inObs := obs.find(pair.id)
			if inSeries || inObs {
				key = append(key, pair.id)
			}
		}
		if len(key) == 0 {
			return fmt.Errorf("a group has none of the dimensions of the first observation: the data cannot be put together")
		}
		if err := g.add(key, pairs); err != nil {
			return err
		}
	}
	g.waiting, g.begun = nil, true
	for _, kind := range g.kinds {
		if key, ok := kind.of(series, obs); ok {
			if err := write(kind.byKey[key]); err != nil {
				return err
			}
		}
	}
	return nil
}
