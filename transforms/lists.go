package transforms

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Lists holds the code lists: what a code means, by which names it goes, and which names are
// ambiguous. It is read once and then only looked at, so workers share it.
type Lists struct {
	byName    map[string]*list
	regions   regions
	provinces map[string]bool // province codes of any vintage and system, for identity numbers
}

// A list is one code list with every spelling that leads to a code.
type list struct {
	name    string
	entries []entry
	index   map[string][]int // spelling -> entries; more than one means ambiguous
	keys    []string         // spellings in order, so that the nearest one is always the same
}

type entry struct {
	code string
	name string // Indonesian display name
	en   string
}

// listFiles says which files make up the lists: the list itself and, where there is one, its file
// of aliases.
var listFiles = []struct{ name, code, aliases string }{
	{name: "country", code: "iso3", aliases: "country_alias"},
	{name: "province", code: "kemendagri", aliases: "province_alias"},
	{name: "regency", code: "kemendagri"},
	{name: "category", code: "code", aliases: "category_alias"},
	{name: "occupation", code: "code", aliases: "occupation_alias"},
	{name: "scheme", code: "code"}, {name: "employer_type", code: "code"},
	{name: "sex", code: "code"}, {name: "education", code: "code"},
	{name: "marital", code: "code"}, {name: "procedure", code: "code"},
	{name: "channel", code: "code"}, {name: "remittance_channel", code: "code"},
	{name: "relation", code: "code"}, {name: "status", code: "code"},
	{name: "closure_reason", code: "code"}, {name: "outcome", code: "code"},
	{name: "path", code: "code"}, {name: "currency", code: "code"},
	{name: "unit", code: "code"}, {name: "placement_status", code: "code"},
	{name: "rate_kind", code: "code"},
	{name: "area_group", code: "code"},
	{name: "return_class", code: "code"},
	{name: "point", code: "code"},
	{name: "shelter_location", code: "code"},
	{name: "legal_place", code: "code"},
	{name: "legal_result", code: "code"},
	{name: "beneficiary", code: "code"},
	{name: "empowerment_type", code: "code"},
	{name: "loan_kind", code: "code"},
	{name: "collectibility", code: "code"},
	{name: "training_kind", code: "code"},
	{name: "language", code: "code"},
	{name: "language_level", code: "code"},
	{name: "target_group", code: "code"},
	{name: "skill_programme", code: "code"},
	{name: "licence_status", code: "code"},
	{name: "sanction_kind", code: "code"},
	{name: "claim_kind", code: "code"},
	{name: "identity_result", code: "code"},
	{name: "iati_activity_status", code: "code"}, {name: "iati_organisation_type", code: "code"},
	{name: "iati_flow_kind", code: "code"}, {name: "iati_transaction_type", code: "code"},
	{name: "iati_budget_type", code: "code"}, {name: "iati_budget_status", code: "code"},
	{name: "iati_parts", code: "code"},
	{name: "manual_indicator", code: "code"}, {name: "theme", code: "code"},
	{name: "partner", code: "code"}, {name: "commitment_state", code: "code"},
}

// LoadLists reads the code lists from the root of fsys: country.csv, province.csv and so on.
func LoadLists(fsys fs.FS) (*Lists, error) {
	l := &Lists{byName: make(map[string]*list, len(listFiles))}
	for _, f := range listFiles {
		rows, err := readTable(fsys, f.name+".csv")
		if err != nil {
			return nil, err
		}
		one := newList(f.name, f.code, rows)
		if f.aliases != "" {
			aliases, err := readTable(fsys, f.aliases+".csv")
			if err != nil {
				return nil, err
			}
			if err := one.addAliases(f.aliases, f.code, aliases); err != nil {
				return nil, err
			}
		}
		l.byName[f.name] = one.finish()
		switch f.name {
		case "province":
			l.regions.addProvinces(one, rows)
		case "regency":
			l.regions.addRegencies(one, rows)
		}
	}
	l.provinces = l.regions.vintages()
	return l, nil
}

// Resolve answers the code that text stands for in a list: the code itself, a name or an alias.
// It answers false for an unknown list, an unknown text and an ambiguous one.
func (l *Lists) Resolve(name, text string) (code string, ok bool) {
	if name == "regency" {
		found, _ := l.regions.regencyByName(text)
		if found == nil {
			return "", false
		}
		return found.code, true
	}
	one := l.byName[name]
	if one == nil {
		return "", false
	}
	found, _ := one.find(text)
	if found == nil {
		return "", false
	}
	return found.code, true
}

// Codes lists the codes of a list in file order.
func (l *Lists) Codes(name string) []string {
	one := l.byName[name]
	if one == nil {
		return nil
	}
	codes := make([]string, len(one.entries))
	for i, e := range one.entries {
		codes[i] = e.code
	}
	return codes
}

// readTable reads one CSV of the reference folder as rows by column name. Lines that begin with #
// name the source of the list and are skipped.
func readTable(fsys fs.FS, file string) ([]map[string]string, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading code list %s: %w", file, err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading code list %s: %w", file, err)
	}
	if len(lines) < 2 {
		return nil, fmt.Errorf("reading code list %s: no rows below the header; restore the file", file)
	}
	rows := make([]map[string]string, 0, len(lines)-1)
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func newList(name, codeColumn string, rows []map[string]string) *list {
	one := &list{name: name, index: make(map[string][]int, 4*len(rows))}
	for _, r := range rows {
		e := entry{code: r[codeColumn], name: r["name_id"], en: r["name_en"]}
		if e.name == "" {
			e.name = r["name"]
		}
		one.entries = append(one.entries, e)
	}
	for i, e := range one.entries { // a code always means itself, whatever names say
		one.index[fold(e.code)] = []int{i}
	}
	for i, r := range rows {
		one.spell(r["name_id"], i)
		one.spell(r["name_en"], i)
		one.spell(r["name"], i)
		one.spell(r["iso2"], i)
		for alias := range strings.SplitSeq(r["aliases"], ";") {
			one.spell(alias, i)
		}
	}
	return one
}

// spell adds a spelling of entry i, unless it is already the code of another one.
func (l *list) spell(text string, i int) {
	key := fold(text)
	if key == "" {
		return
	}
	for _, j := range l.index[key] {
		if j == i || fold(l.entries[j].code) == key {
			return
		}
	}
	l.index[key] = append(l.index[key], i)
}

func (l *list) addAliases(file, codeColumn string, rows []map[string]string) error {
	at := make(map[string]int, len(l.entries))
	for i, e := range l.entries {
		at[e.code] = i
	}
	for _, r := range rows {
		i, ok := at[r[codeColumn]]
		if !ok {
			return fmt.Errorf("reading code list %s.csv: alias %q leads to %s %q, which is not in %s.csv; add the code or drop the alias",
				file, r["alias"], codeColumn, r[codeColumn], l.name)
		}
		l.spell(r["alias"], i)
	}
	return nil
}

func (l *list) finish() *list {
	l.keys = make([]string, 0, len(l.index))
	for k := range l.index {
		l.keys = append(l.keys, k)
	}
	sort.Strings(l.keys)
	return l
}

// find answers the entry that text stands for. Nil with candidates means that the text is
// ambiguous; nil without means that it is unknown.
func (l *list) find(text string) (found *entry, candidates []int) {
	at := l.index[fold(text)]
	if len(at) == 1 {
		return &l.entries[at[0]], nil
	}
	return nil, at
}

// nearest answers the entry whose spelling is closest to text, or nil when none is close enough
// to be worth a suggestion.
func (l *list) nearest(text string) *entry {
	key := fold(text)
	best, bestAt := 1+min(3, max(1, len(key)/4)), -1
	for _, k := range l.keys {
		if len(k) < 3 || len(k)-len(key) >= best || len(key)-len(k) >= best {
			continue
		}
		if d := distance(key, k, best); d < best {
			best, bestAt = d, l.index[k][0]
		}
	}
	if bestAt < 0 {
		return nil
	}
	return &l.entries[bestAt]
}

// label names an entry for people: "Hong Kong (HKG)".
func (e *entry) label() string {
	if e.name == "" || e.name == e.code {
		return e.code
	}
	return e.name + " (" + e.code + ")"
}

// fold reduces a text to what spellings have in common: lower-case letters and digits without
// accents. Blanks and punctuation go, so "G-to-G" and "G to G" are one.
func fold(text string) string {
	plain := true
	for i := 0; i < len(text); i++ {
		c := text[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// distance is the number of edits (insert, delete, replace, swap neighbours) that part two texts,
// or limit when there are at least that many.
func distance(a, b string, limit int) int {
	if len(a) > 64 || len(b) > 64 {
		return limit
	}
	var rows [3][65]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least >= limit {
			return limit
		}
		before, above, row = above, row, before
	}
	return min(limit, above[len(b)])
}
