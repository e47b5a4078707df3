package producers

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// A Setting is one key of a proposed section, with what is uncertain about it.
type Setting struct{ Key, Value, Check string }

// A Draft is all that a proposal is made of.
type Draft struct {
	Name      string // of the source
	Origin    string
	Dataset   transforms.Dataset
	Lists     *transforms.Lists
	From      string    // what was looked at, for people; no secret
	Records   int64     // how many records were looked at
	Connector []Setting // the connector's keys, kind first
	Table     bool      // the connector reads a table, which can be followed by its columns
	Format    []Setting // the format's keys, kind first
	Columns   []Column
	Rival     string // an authoritative feed that the project has for the dataset
}

// A Proposed is the text of a source file, and what a person must still decide.
type Proposed struct {
	Text    string   `json:"text"`
	Missing []string `json:"missing"` // required fields for which no column was found
	Checks  int      `json:"checks"`  // lines that are marked
	Unread  []string `json:"unread"`  // columns that no field reads
}

// Propose writes a whole source file. Everything uncertain carries a "# check:" with its reason.
func Propose(d Draft) Proposed {
	p := &proposal{Draft: d, matches: NewMatcher(d.Dataset, d.Lists).Match(d.Columns)}
	p.head()
	p.connector()
	p.identity()
	p.fields()
	p.codes()
	p.units()
	return Proposed{Text: p.text.String(), Missing: p.missing, Checks: p.checks, Unread: p.unread}
}

type proposal struct {
	Draft
	matches []Match
	text    strings.Builder
	missing []string
	unread  []string
	checks  int
}

func (p *proposal) line(format string, args ...any) { fmt.Fprintf(&p.text, format+"\n", args...) }

// checked writes a line whose content a person must look at.
func (p *proposal) checked(why, format string, args ...any) {
	if why == "" {
		p.line(format, args...)
		return
	}
	p.checks++
	p.line("%-46s # check: %s", fmt.Sprintf(format, args...), why)
}

func (p *proposal) head() {
	p.line("# yaml-language-server: $schema=../schema/source.schema.json")
	p.line("# Proposed by lindung sources new from %s (%d records looked at).", p.From, p.Records)
	p.line("# Lines with \"# check:\" are guesses: look at each, correct it, and take the remark away.")
	p.line("# Then: lindung validate && lindung sources preview %s", p.feed())
	p.line("")
	p.line("source: %s", p.Name)
	title := strings.ReplaceAll(p.Name, "_", " ")
	p.checked("what people call it", "title: {id: %s, en: %s}", quote(title), quote(title))
	p.line("origin: %s", p.Origin)
	p.checked("the unit that answers for the data", "producer: \"Unit penanggung jawab\"")
	p.checked("a role mailbox, never a person", "contact: \"data@example.go.id\"")
	p.line("# licence: what may be done with the data, or the agreement they come under")
	p.line("")
	p.line("feeds:")
	p.line("  %s:", p.feed())
	p.line("    dataset: %s", p.Dataset.Name())
	if p.Rival != "" {
		p.checked("off, because feed "+p.Rival+" is authoritative already; part their periods:, or make it crosscheck", "    role: alternative")
	} else {
		p.line("    role: authoritative")
	}
}

func (p *proposal) feed() string { return p.Name + "_" + p.Dataset.Name() }

func (p *proposal) connector() {
	p.line("    connector:")
	for _, s := range p.Connector {
		p.checked(s.Check, "      %s: %s", s.Key, s.Value)
	}
	version, key := p.columnOf(versionField), p.keyColumns()
	follow := p.Table && version != "" && len(key) == 1
	if follow {
		p.checked("it must grow with every change and never be empty", "      cursor_column: %s", quote(version))
		p.line("      key_column: %s", quote(key[0]))
	}
	p.line("    formats:")
	for i, s := range p.Format {
		lead := "        "
		if i == 0 {
			lead = "      - "
		}
		p.checked(s.Check, "%s%s: %s", lead, s.Key, s.Value)
	}
}

const versionField = "source_updated_at"

func (p *proposal) match(field string) *Match {
	for i := range p.matches {
		if p.matches[i].Input.Name == field {
			return &p.matches[i]
		}
	}
	return nil
}

// columnOf is the column that a field reads, "" when none was found.
func (p *proposal) columnOf(field string) string {
	if m := p.match(field); m != nil && m.Column >= 0 {
		return p.Columns[m.Column].Name
	}
	return ""
}

func (p *proposal) keyColumns() []string {
	var columns []string
	for _, m := range p.matches {
		if m.Input.Key && m.Column >= 0 {
			columns = append(columns, p.Columns[m.Column].Name)
		}
	}
	return columns
}

func (p *proposal) identity() {
	var key []string
	for _, m := range p.matches {
		if m.Input.Key {
			key = append(key, m.Input.Name)
		}
	}
	p.line("    key: [%s]", strings.Join(key, ", "))
	if p.columnOf(versionField) != "" {
		p.line("    version: %s", versionField)
	} else {
		p.line("    # version: no column says when a row was changed; the later delivery counts")
	}
	p.checked("changes only adds and renews; snapshot: each delivery is the whole", "    delivery: changes")
	p.checked("how is a row known that is gone? none, flag, absent_from_snapshot or key_sweep", "    deletes: none")
}

func (p *proposal) fields() {
	p.line("    # Our field: their column. A field without a line stays empty.")
	p.line("    fields:")
	taken := map[int]bool{}
	for _, m := range p.matches {
		if m.Column < 0 {
			continue
		}
		taken[m.Column] = true
		why := m.Why
		if m.Score < sure && why == "" {
			why = "a guess by name"
		}
		p.checked(why, "      %s: %s", m.Input.Name, quote(p.Columns[m.Column].Name))
	}
	if len(taken) == 0 {
		p.line("      {}")
	}
	for _, m := range p.matches {
		if m.Column >= 0 || !m.Input.Required {
			continue
		}
		p.missing = append(p.missing, m.Input.Name)
		p.checks++
		p.line("      # check: %s is required and no column was found for it (%s); name one, or a constant: %s: \"=X\"", m.Input.Name, expectation(m.Input), m.Input.Name)
	}
	for i, c := range p.Columns {
		if !taken[i] {
			p.unread = append(p.unread, c.Name)
		}
	}
	if len(p.unread) > 0 {
		p.line("    # Columns that no field reads: they stay in the landing and are reported with every run.")
		p.line("    # Take the # away from those that are left out on purpose.")
		p.line("    # ignore:")
		for _, name := range p.unread {
			p.line("    #   - %s", quote(name))
		}
	}
}

// expectation says in a few words what the texts of a field are.
func expectation(in transforms.Input) string {
	if in.List != "" {
		return "codes of the " + strings.ReplaceAll(in.List, "_", " ") + " list"
	}
	return map[transforms.InputKind]string{
		transforms.TextInput: "an identifier", transforms.LabelInput: "a text", transforms.YesNoInput: "yes or no",
		transforms.WholeInput: "a whole number", transforms.QuarterInput: "a quarter", transforms.AmountInput: "a number", transforms.NumberInput: "a number",
		transforms.DayInput: "a day", transforms.MomentInput: "a day, with or without time", transforms.NIKInput: "16 digits",
		transforms.PassportInput: "a passport number", transforms.RegionCodeInput: "a region's code", transforms.RegionNameInput: "a region's name",
	}[in.Kind]
}

// codes proposes what the texts that no list knows may stand for.
func (p *proposal) codes() {
	var lines []func()
	for _, m := range p.matches {
		if m.Column < 0 || m.Input.Kind != transforms.CodeInput {
			continue
		}
		unknown := p.Columns[m.Column].Look.Unknown(m.Input, p.Lists, nil)
		if len(unknown) == 0 {
			continue
		}
		lines = append(lines, func() { p.codesOf(m.Input, unknown) })
	}
	if len(lines) == 0 {
		return
	}
	p.line("    # Per field, their code: ours. Capitals do not matter.")
	p.line("    codes:")
	for _, write := range lines {
		write()
	}
}

// mostCodes is how many unknown texts of a field are listed.
const mostCodes = 40

func (p *proposal) codesOf(in transforms.Input, unknown []transforms.CodeCount) {
	list := strings.ReplaceAll(in.List, "_", " ")
	hidden, shown := 0, 0
	var guessed, open []transforms.CodeCount
	for _, c := range unknown {
		switch {
		case !c.Showable || shown == mostCodes:
			hidden++
			continue
		case c.Nearest != "":
			guessed = append(guessed, c)
		default:
			open = append(open, c)
		}
		shown++
	}
	if len(guessed) == 0 {
		p.line("      %s: {}", in.Name)
	} else {
		p.line("      %s:", in.Name)
	}
	for _, c := range guessed {
		p.checked("the nearest spelling is "+c.Label, "        %s: %s", quote(c.Text), quote(c.Nearest))
	}
	for _, c := range open {
		p.checks++
		why := "not in the " + list + " list"
		if c.Ambiguous {
			why = "it could be several of the " + list + " list"
		}
		p.line("        # check: %s: CODE (%s; codes: lindung contract %s)", quote(c.Text), why, p.Dataset.Name())
	}
	if hidden > 0 {
		p.checks++
		p.line("        # check: not in the %s list and not shown, because they may be personal: %d texts; ask the producer for the code list", list, hidden)
	}
}

func (p *proposal) units() {
	p.line("    # How they write values.")
	start := p.text.Len()
	p.text.WriteString("    units:\n")
	empty := p.text.Len()
	p.dateOrder()
	p.decimal()
	if m := p.match("province_code"); m != nil && (m.Column >= 0 || p.columnOf("regency_code") != "") {
		system := ""
		for _, field := range []string{"province_code", "regency_code"} {
			if m := p.match(field); m != nil && m.Column >= 0 && system == "" {
				system = p.Columns[m.Column].Look.RegionCodes(p.Lists)
			}
		}
		why := ""
		if system == "" {
			system, why = "kemendagri", "kemendagri or bps? every code that was seen means the same in both"
		}
		p.checked(why, "      region_codes: %s", system)
	}
	if p.text.Len() == empty {
		kept := p.text.String()[:start]
		p.text.Reset()
		p.text.WriteString(kept)
		p.line("    # units: nothing that was seen can be read in two ways")
	}
}

// over visits the profiles of the matched fields of some kinds.
func (p *proposal) over(kinds []transforms.InputKind, visit func(in transforms.Input, look *transforms.Profile)) {
	for _, m := range p.matches {
		if m.Column >= 0 && slices.Contains(kinds, m.Input.Kind) {
			visit(m.Input, p.Columns[m.Column].Look)
		}
	}
}

var days = []transforms.InputKind{transforms.DayInput, transforms.MomentInput}

func (p *proposal) dateOrder() {
	orders, needed := map[string]bool{}, false
	p.over(days, func(_ transforms.Input, look *transforms.Profile) {
		needed = needed || look.NeedsDateOrder()
		if o := look.DateOrder(); o != "" {
			orders[o] = true
		}
	})
	switch {
	case !needed:
	case orders["dmy"] && orders["mdy"]:
		p.checked("columns differ: one has days above 12 first, another second", "      date_order: dmy")
	case orders["mdy"]:
		p.checked("", "      date_order: mdy                # seen: days above 12 in second place")
	case orders["dmy"]:
		p.checked("", "      date_order: dmy                # seen: days above 12 in first place")
	default:
		p.checked("dmy or mdy? no day above 12 was seen", "      date_order: dmy")
	}
}

func (p *proposal) decimal() {
	marks, needed, money := map[string]bool{}, false, false
	p.over([]transforms.InputKind{transforms.AmountInput, transforms.NumberInput}, func(_ transforms.Input, look *transforms.Profile) {
		needed = needed || look.NeedsDecimal()
		money = money || look.Filled() > 0
		if mark := look.Decimal(); mark != "" {
			marks[mark] = true
		}
	})
	switch {
	case marks[","] && marks["."]:
		p.checked("columns differ: both marks were seen", "      decimal: \",\"")
	case marks[","]:
		p.line("      decimal: \",\"                   # seen in the numbers")
	case marks["."]:
		p.line("      decimal: \".\"                   # seen in the numbers")
	case needed:
		p.checked("some numbers read in two ways", "      decimal: \",\"")
	}
	if money && p.match("wage_currency") != nil && p.columnOf("wage_currency") == "" && p.columnOf("wage") != "" {
		p.checked("currency of amounts that come without one", "      currency: IDR")
	}
}

var plainRE = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*( [A-Za-z0-9_]+)*$`)

// quote writes a text as YAML reads it back.
func quote(text string) string {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "null", "on", "off", "y", "n":
		return strconv.Quote(text)
	}
	if plainRE.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

// Quote writes a text as YAML reads it back.
func Quote(text string) string { return quote(text) }

// DefinitionOf finds what people read about a dataset.
func DefinitionOf(dataset string) (configs.DatasetDefinition, bool) {
	for _, d := range definitions() {
		if d.Name == dataset {
			return d, true
		}
	}
	return configs.DatasetDefinition{}, false
}
