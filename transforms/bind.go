package transforms

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// A definition is everything that makes a dataset; each dataset's file holds one.
type definition[T any, P rowOf[T]] struct {
	name    string
	version int
	key     []string          // columns of the business key
	keyName map[string]string // input column -> column of the key, where the names differ
	alone   bool              // written by the pipeline itself: no feed can be bound to it

	// normalise fills the row from the record; it reads every column of every record.
	normalise func(f *Fields, r P)
	// period is the month of the row's own event date, "2024-01".
	period func(f *Fields, r P) string
}

// rowOf is a pointer to a row: a struct that embeds Provenance.
type rowOf[T any] interface {
	*T
	provenance() *Provenance
}

// Name is the dataset's name.
func (d definition[T, P]) Name() string { return d.name }

// Version is the normaliser's version.
func (d definition[T, P]) Version() int { return d.version }

// Columns lists the dataset's columns.
func (d definition[T, P]) Columns() []Column { return columnsOf[T]() }

// NewRows makes an empty set of rows.
func (d definition[T, P]) NewRows() Rows { return newRows[T, P]() }

// Inputs lists the fields that a feed can map, in the order in which they are read.
func (d definition[T, P]) Inputs() []string {
	if d.alone {
		return nil
	}
	slots := d.tour()
	names := make([]string, len(slots))
	for i, s := range slots {
		names[i] = s.name
	}
	return names
}

// InputClass says how personal an input field is.
func (d definition[T, P]) InputClass(input string) string {
	if d.alone {
		return "personal"
	}
	for _, s := range d.tour() {
		if s.name != input {
			continue
		}
		return classOf(d.name, s, columnsOf[T]())
	}
	return "personal" // what is not known is not shown
}

// tour runs the normaliser once to learn which fields it reads.
func (d definition[T, P]) tour() []slot {
	f := &Fields{byName: map[string]int{}}
	f.takeDown(func() { var scratch T; d.normalise(f, &scratch) })
	return f.slots
}

// Bind joins the dataset with a feed's mapping.
func (d definition[T, P]) Bind(env *Env, m Mapping) (Normaliser, error) {
	if d.alone {
		return nil, fmt.Errorf("binding feed %s: dataset %s is written by the pipeline and takes no feed", m.Feed, d.name)
	}
	if err := CheckClasses(d); err != nil {
		return nil, fmt.Errorf("binding feed %s: %w", m.Feed, err)
	}
	if env == nil || env.Lists == nil {
		return nil, errors.New("binding dataset " + d.name + ": no code lists; set Env.Lists")
	}
	f := &Fields{env: env, units: m.Units, byName: map[string]int{}, yes: true}
	if err := f.setUnits(m.Units); err != nil {
		return nil, fmt.Errorf("binding feed %s: %w", m.Feed, err)
	}
	f.takeDown(func() { var scratch T; d.normalise(f, &scratch) })
	if f.tokenised && env.Tokens == nil {
		return nil, fmt.Errorf("binding feed %s: dataset %s holds identifiers and there is no token key; set Env.Tokens", m.Feed, d.name)
	}
	b := &bound[T, P]{definition: d, fields: f, mapping: m, shape: shapeOf[T]()}
	if err := errors.Join(checkPeriods(m), f.checkNames("fields", keysOf(m.Fields)), f.checkNames("codes", keysOf(m.Codes)), b.setKey(), b.setVersion()); err != nil {
		return nil, fmt.Errorf("binding feed %s to dataset %s: %w", m.Feed, d.name, err)
	}
	f.setCodes(m.Codes)
	return b, nil
}

// checkPeriods refuses bounds that are no months.
func checkPeriods(m Mapping) error {
	for _, bound := range []string{m.PeriodFrom, m.PeriodTo} {
		if p, ok := simplePeriod(bound); bound != "" && (!ok || p.kind != "month") {
			return fmt.Errorf("periods: %q is not a month; write it as 2024-01", bound)
		}
	}
	return nil
}

// takeDown runs the normaliser once for the sake of its calls.
func (f *Fields) takeDown(run func()) {
	f.tour = true
	run()
	f.slot(versionInput)
	f.tour, f.problems = false, nil
}

// versionInput is the input column that every dataset has for what makes a row newer.
const versionInput = "source_updated_at"

func (f *Fields) setUnits(u Units) (err error) {
	if f.zone, err = zoneOf(u.TimeZone); err != nil {
		return err
	}
	scale := int64(1)
	if u.Scale != "" {
		if scale, err = strconv.ParseInt(u.Scale, 10, 64); err != nil || scale < 1 {
			return fmt.Errorf("reading units: scale %q: not a whole number above zero; write 1, 1000 or 1000000", u.Scale)
		}
	}
	for _, c := range []struct {
		name, value string
		allowed     []string
	}{
		{"decimal", u.Decimal, []string{"", ",", "."}},
		{"date_order", u.DateOrder, []string{"", "dmy", "mdy", "ymd"}},
		{"region_codes", u.RegionCodes, []string{"", kemendagri, bps}},
	} {
		if !slices.Contains(c.allowed, c.value) {
			return fmt.Errorf("reading units: %s %q: not known; use %s", c.name, c.value, strings.Join(c.allowed[1:], ", "))
		}
	}
	if u.Currency != "" {
		if found, _ := f.env.Lists.byName["currency"].find(u.Currency); found == nil {
			return fmt.Errorf("reading units: currency %q: not in the currency list; use an ISO 4217 code such as IDR", u.Currency)
		}
	}
	f.amounts = amountRules{decimal: u.Decimal, scale: scale, currency: u.Currency, places: 2}
	return nil
}

// checkNames finds names of a mapping that are no input columns of the dataset.
func (f *Fields) checkNames(section string, names []string) error {
	var wrong []string
	for _, name := range names {
		if _, ok := f.byName[name]; ok {
			continue
		}
		best, near := 4, ""
		for _, s := range f.slots {
			if d := distance(name, s.name, best); d < best {
				best, near = d, s.name
			}
		}
		text := strconv.Quote(name)
		if near != "" {
			text += " (did you mean " + near + "?)"
		}
		wrong = append(wrong, text)
	}
	if len(wrong) == 0 {
		return nil
	}
	known := make([]string, len(f.slots))
	for i, s := range f.slots {
		known[i] = s.name
	}
	return fmt.Errorf("%s: names no column %s; known: %s", section, strings.Join(wrong, ", "), strings.Join(known, " "))
}

func (f *Fields) setCodes(codes map[string]map[string]string) {
	for name, table := range codes {
		s := &f.slots[f.byName[name]]
		s.codes = make(map[string]string, len(table))
		for theirs, ours := range table {
			s.codes[strings.ToLower(trim(theirs))] = ours
		}
	}
}

// setKey finds the columns that make up the business key.
func (b *bound[T, P]) setKey() error {
	names := b.mapping.KeyColumns
	if len(names) == 0 {
		names = b.key
	}
	for _, name := range names {
		if column, ok := b.keyName[name]; ok {
			name = column
		}
		at := b.shape.find(name)
		if at < 0 || b.shape.columns[at].provenance {
			return fmt.Errorf("key: %q is no column of the dataset; use %s", name, strings.Join(b.key, ", "))
		}
		if c := b.shape.columns[at].Class; c == "identifier" || c == "personal" || c == "specific" {
			return fmt.Errorf("key: column %q is %s data and cannot be part of a key; use %s", name, c, strings.Join(b.key, ", "))
		}
		b.keyAt = append(b.keyAt, at)
		for i, s := range b.fields.slots {
			if s.name == name || b.keyName[s.name] == name {
				b.keySlots = append(b.keySlots, i)
			}
		}
	}
	return nil
}

// setVersion points the version column at the column or header that the feed names.
func (b *bound[T, P]) setVersion() error {
	b.versionSlot = b.fields.byName[versionInput]
	v := b.mapping.VersionColumn
	if v == "" {
		_, b.versioned = b.mapping.Fields[versionInput]
		return nil
	}
	b.versioned = true
	if at, ok := b.fields.byName[v]; ok {
		b.versionSlot = at
		return nil
	}
	if theirs, ok := b.mapping.Fields[versionInput]; ok && theirs != v {
		return fmt.Errorf("version: %q and fields: %s: %q name different columns; keep one", v, versionInput, theirs)
	}
	b.versionHeader = v
	return nil
}

func keysOf[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// setHeader finds every column in a batch's header. A required column that is nowhere makes the
// batch unreadable; an optional one is empty then, since sources leave out what they do not have.
func (f *Fields) setHeader(header []string, fields map[string]string, versionHeader string) error {
	at := make(map[string]int, len(header))
	for i, h := range header {
		key := headerKey(h)
		if _, twice := at[key]; !twice {
			at[key] = i
		}
	}
	var missing, wanted []string
	for i := range f.slots {
		s := &f.slots[i]
		theirs, mapped := fields[s.name]
		if s.name == versionInput && versionHeader != "" {
			theirs, mapped = versionHeader, true
		}
		s.col, s.fixed, s.constant = noColumn, false, ""
		if constant, ok := strings.CutPrefix(theirs, "="); ok {
			s.fixed, s.constant = true, constant
			continue
		}
		if !mapped {
			theirs = s.name
		}
		if col, ok := at[headerKey(theirs)]; ok {
			s.col = col
			continue
		}
		if s.required {
			name := s.name
			if theirs != name {
				name += " (" + theirs + ")"
			}
			missing, wanted = append(missing, name), append(wanted, theirs)
		}
	}
	if len(missing) > 0 {
		return &MissingColumns{Columns: missing, Theirs: wanted, Header: slices.Clone(header)}
	}
	return nil
}

// HeaderKey is what two spellings of one column name have in common: the mapping finds columns
// without regard to case, blanks around and runs of blanks.
func HeaderKey(name string) string { return headerKey(name) }

// headerKey compares headers without regard to case, blanks around and runs of blanks.
func headerKey(h string) string {
	return strings.ToLower(strings.Join(strings.Fields(trim(h)), " "))
}
