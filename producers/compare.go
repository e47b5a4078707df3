package producers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// A Change is one line of a source's file that no longer fits the source, and what to write.
type Change struct {
	Kind   string   `json:"kind"`             // column, code, unit, new_column
	Line   int      `json:"line"`             // of the file, where the change belongs
	Under  string   `json:"under"`            // the key that holds the line, such as fields
	Remove string   `json:"remove,omitempty"` // the entry that is there
	Add    []string `json:"add,omitempty"`    // the entries to write; a guess when Guess
	Guess  bool     `json:"guess,omitempty"`
	Must   bool     `json:"must"` // without it the feed stops or loses what it read before
	Why    string   `json:"why"`
}

// Compare finds the lines of a feed's description that do not fit the columns that were found.
func Compare(feed *configs.Feed, dataset transforms.Dataset, lists *transforms.Lists, columns []Column) []Change {
	c := &comparison{feed: feed, lists: lists, columns: columns, matcher: NewMatcher(dataset, lists), at: map[string]int{}}
	for i, column := range columns {
		if !column.Gone {
			c.at[transforms.HeaderKey(column.Name)] = i
		}
	}
	c.read = c.declared()
	c.missing()
	c.codes()
	c.units()
	c.unread()
	return c.changes
}

type comparison struct {
	feed    *configs.Feed
	lists   *transforms.Lists
	matcher *Matcher
	columns []Column
	at      map[string]int  // columns by key
	read    map[string]bool // keys that some field reads or ignore: names
	used    map[int]bool    // columns that were proposed in place of a missing one
	changes []Change
}

func (c *comparison) add(change Change) { c.changes = append(c.changes, change) }

// theirs is the column that the description names for a field; false for a constant.
func (c *comparison) theirs(field string) (name string, mapped, isColumn bool) {
	name, mapped = c.feed.Fields[field]
	if !mapped {
		name = field
	}
	return name, mapped, !strings.HasPrefix(name, "=")
}

func (c *comparison) declared() map[string]bool {
	read := map[string]bool{transforms.HeaderKey(c.feed.Version): true}
	for _, in := range c.matcher.inputs {
		if name, _, ok := c.theirs(in.Name); ok {
			read[transforms.HeaderKey(name)] = true
		}
	}
	for _, name := range c.feed.Ignore {
		read[transforms.HeaderKey(name)] = true
	}
	return read
}

// missing finds fields whose column is not there, and the column that it probably is now.
func (c *comparison) missing() {
	c.used = map[int]bool{}
	for i, in := range c.matcher.inputs {
		name, mapped, isColumn := c.theirs(in.Name)
		if !isColumn {
			continue
		}
		if _, there := c.at[transforms.HeaderKey(name)]; there || !mapped && !in.Required {
			continue
		}
		change := Change{Kind: "column", Under: "fields", Must: true, Line: c.feed.LineOf("fields", in.Name)}
		if mapped {
			change.Remove = in.Name + ": " + quote(name)
		}
		gone := fmt.Sprintf("the source has no column %q", name)
		if near := c.nearest(i, name); near >= 0 {
			c.used[near] = true
			change.Add, change.Guess = []string{in.Name + ": " + quote(c.columns[near].Name)}, true
			change.Why = fmt.Sprintf("%s; nearest is %q (%s)", gone, c.columns[near].Name, c.columns[near].Look.Form())
		} else if change.Why = gone + " and none that resembles it"; in.Required {
			change.Why += "; the field is required: name a column or a constant \"=X\""
		}
		c.add(change)
	}
	if key := transforms.HeaderKey(c.feed.Version); key != "" && !c.isInput(c.feed.Version) {
		if _, there := c.at[key]; !there {
			c.add(Change{Kind: "column", Under: "version", Must: true, Line: c.feed.LineOf("version"), Remove: "version: " + quote(c.feed.Version),
				Why: fmt.Sprintf("the source has no column %q", c.feed.Version)})
		}
	}
}

func (c *comparison) isInput(name string) bool {
	return slices.ContainsFunc(c.matcher.inputs, func(in transforms.Input) bool { return in.Name == name })
}

// nearest is the column, read by nobody, that a missing one was probably renamed to.
func (c *comparison) nearest(input int, name string) int {
	best, most := -1, 0.0
	old := c.matcher.split(name)
	for i, column := range c.columns {
		if column.Gone || c.used[i] || c.read[transforms.HeaderKey(column.Name)] {
			continue
		}
		words := c.matcher.split(column.Name)
		score, _ := c.matcher.score(column, words, input)
		score += resemblance(old, words)
		if score > most && score >= 0.6 {
			best, most = i, score
		}
	}
	return best
}

// resemblance says how alike two names are, as words, from 0 to 1.
func resemblance(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	shared := 0
	for _, w := range a {
		if slices.Contains(b, w) {
			shared++
		}
	}
	alike := 2 * float64(shared) / float64(len(a)+len(b))
	if x, y := strings.Join(a, ""), strings.Join(b, ""); misspelt(x, y) || configs.Suggest(x, []string{y}) != "" {
		alike = max(alike, 0.75)
	}
	return alike
}

// Nearest is the one of some column names that another was probably renamed to, "" when none
// resembles it.
func Nearest(name string, others []string) string {
	m := &Matcher{words: headerWords()}
	words := m.split(name)
	best, most := "", 0.49
	for _, other := range others {
		if alike := resemblance(words, m.split(other)); alike > most {
			best, most = other, alike
		}
	}
	return best
}

// codes finds texts that neither the list nor the feed's codes know.
func (c *comparison) codes() {
	for _, in := range c.matcher.inputs {
		name, _, isColumn := c.theirs(in.Name)
		at, there := c.at[transforms.HeaderKey(name)]
		if in.Kind != transforms.CodeInput || !isColumn || !there {
			continue
		}
		hidden := int64(0)
		for _, u := range c.columns[at].Look.Unknown(in, c.lists, c.feed.Codes[in.Name]) {
			if !u.Showable {
				hidden += u.Count
				continue
			}
			change := Change{Kind: "code", Under: "codes." + in.Name, Line: c.feed.LineOf("codes", in.Name), Guess: true,
				Why: fmt.Sprintf("%s is not in the %s list (%d records)", quote(u.Text), strings.ReplaceAll(in.List, "_", " "), u.Count)}
			if change.Add = []string{quote(u.Text) + ": CODE"}; u.Nearest != "" {
				change.Add = []string{quote(u.Text) + ": " + quote(u.Nearest)}
				change.Why += "; the nearest spelling is " + u.Label
			}
			c.add(change)
		}
		if hidden > 0 {
			c.add(Change{Kind: "code", Under: "codes." + in.Name, Line: c.feed.LineOf("codes", in.Name),
				Why: fmt.Sprintf("not in the %s list and not shown, because they may be personal: texts of %d records; ask the producer for the code list", strings.ReplaceAll(in.List, "_", " "), hidden)})
		}
	}
}

// units finds days and numbers that are written otherwise than the description says.
func (c *comparison) units() {
	for _, in := range c.matcher.inputs {
		name, _, isColumn := c.theirs(in.Name)
		at, there := c.at[transforms.HeaderKey(name)]
		if !isColumn || !there || c.columns[at].Look.Filled() == 0 {
			continue
		}
		look := c.columns[at].Look
		switch {
		case slices.Contains(days, in.Kind):
			c.unit("date_order", c.feed.Units.DateOrder, "dmy", look.DateOrder(), name)
		case in.Kind == transforms.AmountInput || in.Kind == transforms.NumberInput:
			c.unit("decimal", c.feed.Units.Decimal, "", look.Decimal(), name)
		case in.Kind == transforms.RegionCodeInput:
			c.unit("region_codes", c.feed.Units.RegionCodes, "", look.RegionCodes(c.lists), name)
		}
		switch in.Kind {
		case transforms.TextInput, transforms.LabelInput, transforms.CodeInput, transforms.PassportInput:
		default:
			if fit := look.Fit(in, c.lists); fit < 0.5 && c.feed.Codes[in.Name] == nil {
				c.add(Change{Kind: "column", Under: "fields", Line: c.feed.LineOf("fields", in.Name), Must: true, Remove: in.Name + ": " + quote(name),
					Why: fmt.Sprintf("the column's texts (%s) are mostly no %s", look.Form(), strings.ReplaceAll(string(in.Kind), "_", "/"))})
			}
		}
	}
}

func (c *comparison) unit(key, said, otherwise, seen, column string) {
	meant := said
	if meant == "" {
		meant = otherwise
	}
	if seen == "" || seen == meant || said == "" && otherwise == "" && key != "region_codes" {
		return
	}
	add := key + ": " + seen
	if key == "decimal" {
		add = key + `: "` + seen + `"`
	}
	for _, other := range c.changes {
		if other.Under == "units" && slices.Contains(other.Add, add) {
			return
		}
	}
	change := Change{Kind: "unit", Under: "units", Line: c.feed.LineOf("units", key), Add: []string{add}, Must: true,
		Why: fmt.Sprintf("column %q is written so", column)}
	if said != "" {
		change.Remove = key + ": " + said
		if key == "decimal" {
			change.Remove = key + `: "` + said + `"`
		}
	}
	c.add(change)
}

// unread finds columns that no field reads and nobody left out on purpose.
func (c *comparison) unread() {
	for i, column := range c.columns {
		key := transforms.HeaderKey(column.Name)
		if column.Gone || c.used[i] || c.read[key] || key == "" {
			continue
		}
		change := Change{Kind: "new_column", Under: "ignore", Line: c.feed.LineOf("ignore"), Add: []string{"- " + quote(column.Name)},
			Why: "no field reads it (" + column.Look.Form() + "): it stays in the landing"}
		words := c.matcher.split(column.Name)
		best := 0.0
		for j, in := range c.matcher.inputs {
			if name, mapped, _ := c.theirs(in.Name); mapped || c.has(name) {
				continue
			}
			if score, _ := c.matcher.score(column, words, j); score >= probable && score > best {
				best = score
				change.Under, change.Line, change.Guess = "fields", c.feed.LineOf("fields"), true
				change.Add = []string{in.Name + ": " + quote(column.Name)}
				change.Why = "no field reads it (" + column.Look.Form() + "); it resembles the field " + in.Name
			}
		}
		c.add(change)
	}
}

func (c *comparison) has(name string) bool {
	_, there := c.at[transforms.HeaderKey(name)]
	return there
}
