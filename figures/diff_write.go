package figures

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/warehouse/harmless"
)

// internalNotice is said with every listing that has figures which are not for the public.
const internalNotice = "Figures marked internal are not in the file for the public (open.duckdb): this listing is for use within the ministry."

// WriteText writes a summary, and then the differences of each KPI. Of each KPI's figures, and of the printed ones,
// it lists at most limit; 0: all.
func (d *Diff) WriteText(w io.Writer, limit int) error {
	var b strings.Builder
	if d.Old.Sample() || d.New.Sample() {
		fmt.Fprintln(&b, SampleMark)
	}
	fmt.Fprintf(&b, "%s → %s\n", side(d.Old), side(d.New))
	if d.KPI != "" {
		fmt.Fprintf(&b, "Only what is about %s: inputs, checks and columns are left out.\n", d.KPI)
	}
	if d.Equal() {
		fmt.Fprintf(&b, "Nothing would change: %s figures are equal.\n", whole(d.Counts.Equal))
	} else {
		d.writeSummary(&b, limit)
	}
	if d.FiguresOnly {
		fmt.Fprintln(&b, "One of the two has lost its DuckDB files: printed figures and columns could not be compared.")
	}
	internal := false
	for _, k := range d.KPIs {
		internal = k.write(&b, limit) || internal
	}
	if internal {
		fmt.Fprintf(&b, "\n%s\n", internalNotice)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func side(i Info) string {
	return fmt.Sprintf("%s (as of %s, commit %d)", i.ID, day(i.AsOf), i.LogHead)
}

func whole(n int) string { return Number("en", float64(n), 0) }

// String says how many figures differ and in which way.
func (c Counts) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.Changed, "changed"}, {c.New, "new"}, {c.Gone, "gone"}, {c.Status, "with another status"}} {
		if p.n > 0 {
			parts = append(parts, whole(p.n)+" "+p.what)
		}
	}
	if len(parts) == 0 {
		return "none changed"
	}
	return strings.Join(parts, ", ")
}

func (d *Diff) writeSummary(b *strings.Builder, limit int) {
	fmt.Fprintf(b, "Figures: %s equal; %s\n", whole(d.Counts.Equal), d.Counts)
	for _, k := range d.KPIs {
		fmt.Fprintf(b, "  %s: %s\n", k.KPI, k.Counts)
	}
	section := func(title string, n int) {
		if n > 0 {
			fmt.Fprintf(b, "%s: %s\n", title, whole(n))
		}
	}
	section("Models and definitions that changed", len(d.Models))
	for _, c := range d.Models {
		fmt.Fprintf(b, "  %s %s: %s\n", c.Layer, c.Name(), strings.Join(c.How, "; "))
	}
	section("Inputs that changed", len(d.Inputs))
	for _, in := range d.Inputs {
		fmt.Fprintf(b, "  %s\n", in)
	}
	section("Checks that find more or less", len(d.Checks))
	for _, c := range d.Checks {
		fmt.Fprintf(b, "  %s (%s): %s → %s offending\n", c.Name, c.Severity, found(c.Old), found(c.New))
	}
	section("Printed figures that are reconciled otherwise", len(d.Reconciliation))
	d.writeReconciliation(b, limit)
	section("Tables and columns that changed", len(d.Schema))
	for _, s := range d.Schema {
		fmt.Fprintf(b, "  %s\n", s)
	}
}

// writeReconciliation says how many printed figures went from which class to which, and names the first.
func (d *Diff) writeReconciliation(b *strings.Builder, limit int) {
	moves := map[string]int{}
	var order []string
	for _, r := range d.Reconciliation {
		move := inWords(r.Old) + " → " + inWords(r.New)
		if moves[move]++; moves[move] == 1 {
			order = append(order, move)
		}
	}
	slices.Sort(order)
	for _, move := range order {
		fmt.Fprintf(b, "  %5s  %s\n", whole(moves[move]), move)
	}
	for i, r := range d.Reconciliation {
		if limit > 0 && i == limit {
			fmt.Fprintf(b, "  and %s more; see --limit 0\n", whole(len(d.Reconciliation)-limit))
			break
		}
		fmt.Fprintf(b, "  %s %s, %s, %s: %s → %s\n", r.Publication, r.Period, r.Measure, r.Breakdown, inWords(r.Old), inWords(r.New))
	}
}

func found(n *int64) string {
	if n == nil {
		return "no such check"
	}
	return whole(int(*n))
}

func inWords(c Class) string {
	if c == "" {
		return "not there"
	}
	return classNames[c].EN
}

// String says what came, went or has another type.
func (s SchemaChange) String() string {
	name := s.Table
	if s.Column != "" {
		name += "." + s.Column
	}
	switch {
	case s.Old == "":
		return name + " added: " + s.New
	case s.New == "":
		return name + " removed: " + s.Old
	}
	return name + ": " + s.Old + " → " + s.New
}

// write lists a KPI's differences and says whether an internal figure was among them.
func (k KPIDiff) write(b *strings.Builder, limit int) (internal bool) {
	fmt.Fprintf(b, "\n%s %s: %s\n", k.KPI, k.Title.EN, k.Counts)
	var why []string
	for i, f := range k.Figures {
		if limit > 0 && i == limit {
			fmt.Fprintf(b, "  and %s more; see --limit 0\n", whole(len(k.Figures)-limit))
			break
		}
		fmt.Fprintf(b, "  %s\n", f)
		internal = internal || f.Internal
		if line := f.Cause + ": " + f.Why.EN; len(why) == 0 || why[len(why)-1] != line {
			why = append(why, line)
		}
	}
	for _, line := range why {
		fmt.Fprintf(b, "  cause %s\n", line)
	}
	return internal
}

// String is one line: the address, both values, and by how much they differ.
func (d Difference) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-44s %s → %s", d.Address, valued(d.Old, d.OldStatus), valued(d.New, d.NewStatus))
	switch {
	case d.Kind == KindStatus && d.Old != nil:
		fmt.Fprintf(&b, " (%s → %s)", inStatus(d.OldStatus), inStatus(d.NewStatus))
	case d.Delta != nil && d.Share != nil:
		fmt.Fprintf(&b, " (%s, %s%%)", signed(shown("en", *d.Delta)), signed(Number("en", *d.Share, 2)))
	case d.Delta != nil:
		fmt.Fprintf(&b, " (%s)", signed(shown("en", *d.Delta)))
	}
	if d.Unit != "" {
		b.WriteString(" " + d.Unit)
	}
	fmt.Fprintf(&b, " [%s]", d.Cause)
	if d.Internal {
		b.WriteString(" internal")
	}
	if d.FrozenIn != "" {
		b.WriteString(" frozen in " + d.FrozenIn)
	}
	return b.String()
}

func valued(value *float64, status string) string {
	if value == nil {
		return inStatus(status)
	}
	return shown("en", *value)
}

func inStatus(status string) string { return strings.ReplaceAll(status, "_", " ") }

// WriteJSON writes everything as one document, at most limit figures of each KPI; 0: all.
func (d *Diff) WriteJSON(w io.Writer, limit int) error {
	short, mark := *d, markOf(d.New)
	if d.Old.Sample() {
		mark = SampleMark
	}
	short.Models, short.Inputs, short.Checks = asList(d.Models), asList(d.Inputs), asList(d.Checks)
	short.Reconciliation, short.Schema = asList(d.Reconciliation), asList(d.Schema)
	short.KPIs = make([]KPIDiff, len(d.KPIs))
	notice := ""
	for i, k := range d.KPIs {
		if limit > 0 && len(k.Figures) > limit {
			k.Figures = k.Figures[:limit]
		}
		for _, f := range k.Figures {
			if f.Internal {
				notice = internalNotice
			}
		}
		short.KPIs[i] = k
	}
	return writeJSON(w, struct {
		Mark   string `json:"mark,omitempty"`
		Notice string `json:"notice,omitempty"`
		Equal  bool   `json:"equal"`
		Diff
	}{mark, notice, d.Equal(), short})
}

// asList makes no list an empty one, so that a list in JSON is always an array.
func asList[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// WriteCSV writes one line per figure, at most limit of each KPI; 0: all.
func (d *Diff) WriteCSV(w io.Writer, limit int) error {
	if d.Old.Sample() || d.New.Sample() {
		if _, err := fmt.Fprintf(w, "# %s\n", SampleMark); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.Write([]string{"figure", "kpi", "measure", "period", "breakdown", "member", "unit", "kind", "old_value", "old_status", "new_value", "new_status",
		"delta", "per_cent", "cause", "why", "internal", "frozen_in"})
	for _, k := range d.KPIs {
		for i, f := range k.Figures {
			if limit > 0 && i == limit {
				break
			}
			a := f.Address
			text := harmless.Text
			out.Write([]string{text(a.String()), a.KPI, a.Measure, a.Period, a.Breakdown, text(a.Member), text(f.Unit), f.Kind, decimal(f.Old), f.OldStatus, decimal(f.New), f.NewStatus,
				decimal(f.Delta), decimal(f.Share), f.Cause, text(f.Why.EN), fmt.Sprint(f.Internal), f.FrozenIn})
		}
	}
	out.Flush()
	return out.Error()
}
