package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/kp2mi/lindung/reports/document"
)

// Needs are what a report's numbers are made of.
type Needs struct {
	Release string   // the report's own
	Figures []string // addresses, as they stand in the report
	Targets []string
	Counts  []string // of the release's account, or of the report's own
	Absent  []string // of Figures, those that no release may have: nobody counted one
}

// Facts are values that numbers are made of.
type Facts struct {
	Figures map[string]Fact `json:"figures"`
	Targets map[string]Fact `json:"targets,omitempty"`
	Counts  map[string]Fact `json:"counts,omitempty"`
}

// A Fact is one value. Without one the figure is suppressed or not available, as its status says.
type Fact struct {
	Value  *float64 `json:"value"`
	Unit   string   `json:"unit,omitempty"`
	Status string   `json:"status,omitempty"`
	From   string   `json:"from,omitempty"` // of a count that no release has: FromDocument, FromWriter
}

// Where an edition has the counts from that its release does not hold.
const (
	FromWriter   = "writer"   // the program that wrote the report handed it over
	FromDocument = "document" // it was read off the report when the edition was made
)

// A Source knows facts: a release, or what an edition kept.
type Source struct {
	Name    string // for people: "release r000003"
	Release string // of a release, its id
	Know    func(ctx context.Context, n Needs) (*Facts, error)
}

// Needs lists what the report's numbers are made of, each once and in order.
func (r *Report) Needs() Needs {
	n := Needs{Release: r.Release()}
	for _, number := range r.Numbers {
		ref := number.Ref
		names := slices.DeleteFunc(slices.Concat([]string{ref.Figure}, ref.Bases, ref.Against), func(s string) bool { return s == "" })
		if ref.Op == document.OpZero {
			n.Absent = append(n.Absent, ref.Figure)
		}
		if counted(ref) {
			n.Counts = append(n.Counts, names...)
			continue
		}
		n.Figures = append(n.Figures, names...)
		if ref.Target != "" {
			n.Targets = append(n.Targets, ref.Target)
		}
	}
	for _, list := range []*[]string{&n.Figures, &n.Targets, &n.Counts} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return n
}

func counted(ref document.Reference) bool {
	return ref.Op == document.OpCount || ref.Op == document.OpCountShare
}

// noFacts are facts of nothing.
func noFacts() *Facts {
	return &Facts{Figures: map[string]Fact{}, Targets: map[string]Fact{}, Counts: map[string]Fact{}}
}

// A conflict is a fact that two sources tell differently.
type conflict struct{ name, first, second string }

// known is what all sources know together: the first that knows a fact counts.
type known struct {
	Facts
	from      map[string]string // by the fact's kind and name
	conflicts []conflict
}

func gather(ctx context.Context, n Needs, sources []Source) (*known, error) {
	k := &known{Facts: *noFacts(), from: map[string]string{}}
	for _, s := range sources {
		facts, err := s.Know(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", s.Name, err)
		}
		k.add(s.Name, "figure ", k.Figures, facts.Figures, n.Figures)
		k.add(s.Name, "target ", k.Targets, facts.Targets, n.Targets)
		k.add(s.Name, "count ", k.Counts, facts.Counts, n.Counts)
	}
	return k, nil
}

func (k *known) add(source, kind string, into, facts map[string]Fact, names []string) {
	for _, name := range names {
		fact, knows := facts[name]
		if !knows {
			continue
		}
		was, told := into[name]
		switch {
		case !told:
			into[name], k.from[kind+name] = fact, source
		case !sameValue(was.Value, fact.Value):
			k.conflicts = append(k.conflicts, conflict{kind + name, k.from[kind+name], source})
		}
	}
}

func sameValue(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// bySource counts the facts of each source, in the order of their names.
func (k *known) bySource() (all []From) {
	count := map[string]int{}
	for _, source := range k.from {
		count[source]++
	}
	for _, name := range slices.Sorted(maps.Keys(count)) {
		all = append(all, From{Source: name, Facts: count[name]})
	}
	return all
}

// Keep gathers what a report's numbers are made of, so that an edition can keep it. counts are
// those that the report's writer alone knows; what neither it nor a source knows is an error,
// unless it is a count, which is read off the report itself.
func (r *Report) Keep(ctx context.Context, counts map[string]float64, sources ...Source) (*Facts, error) {
	n := r.Needs()
	k, err := gather(ctx, n, sources)
	if err != nil {
		return nil, err
	}
	for name, value := range counts {
		if _, told := k.Counts[name]; !told && slices.Contains(n.Counts, name) {
			k.Counts[name] = Fact{Value: &value, From: FromWriter}
		}
	}
	for _, number := range r.Numbers {
		if _, told := k.Counts[number.Ref.Figure]; told || number.Ref.Op != document.OpCount {
			continue
		}
		value, exact := number.whole()
		if !exact {
			return nil, fmt.Errorf("%s: %q is no whole count, and no release has %s", number.Place, number.Text, number.Ref.Figure)
		}
		k.Counts[number.Ref.Figure] = Fact{Value: &value, From: FromDocument}
	}
	for kind, lists := range map[string]struct {
		names []string
		facts map[string]Fact
	}{"figure": {n.Figures, k.Figures}, "target": {n.Targets, k.Targets}, "count": {n.Counts, k.Counts}} {
		for _, name := range lists.names {
			if _, told := lists.facts[name]; !told && !(kind == "figure" && slices.Contains(n.Absent, name)) {
				return nil, fmt.Errorf("the report names the %s %s, which no release has", kind, name)
			}
		}
	}
	return &k.Facts, nil
}

// whole reads a count off the report.
func (n Number) whole() (value float64, exact bool) {
	if n.Value != nil {
		return *n.Value, true
	}
	p, err := parse(n.Lang, n.Text)
	if err != nil {
		return 0, false
	}
	for _, digit := range p.digits {
		if isDigit(digit) {
			value = 10*value + float64(digit-'0')
		}
	}
	return value, p.as(value, false).text() == p.text()
}

// MarshalIndent writes the facts as an edition keeps them: the same bytes for the same facts.
func (f *Facts) MarshalIndent() ([]byte, error) {
	text, err := json.MarshalIndent(f, "", " ")
	return append(text, '\n'), err
}

// Kept is the source of what an edition kept.
func Kept(name string, content []byte) (Source, error) {
	facts := noFacts()
	if err := json.Unmarshal(content, facts); err != nil {
		return Source{}, fmt.Errorf("reading the figures that %s kept: %w; restore them from a backup", name, err)
	}
	return Source{Name: name, Know: func(context.Context, Needs) (*Facts, error) { return facts, nil }}, nil
}
