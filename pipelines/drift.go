package pipelines

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
)

// A headerWatch compares the columns of a delivery with those of the feed's deliveries before. A
// source that changes without notice is told from a mistake of ours by what it looked like when
// it last worked, so the log keeps that: names of columns and forms of their texts.
type headerWatch struct {
	r      *feedRun
	groups map[string]*headerGroup // by objects of one kind of name
	order  []string
}

// A headerGroup is the columns of the objects whose names differ in digits only.
type headerGroup struct {
	columns *columns
	object  string // the last that was seen
	records int
	loose   bool // records name their own columns: one that is left out may only be empty
}

func (r *feedRun) watchHeaders() *headerWatch {
	return &headerWatch{r: r, groups: map[string]*headerGroup{}}
}

// What is looked at to know the form of a column, and how many texts it takes to be sure.
const (
	watchedRecords = 500
	formTexts      = 10
)

// see takes note of a batch's columns.
func (w *headerWatch) see(object string, b *formats.Batch) {
	pattern := objectPattern(object)
	g := w.groups[pattern]
	if g == nil {
		rule, _ := w.r.feed.Format(object)
		g = &headerGroup{columns: newColumns(), loose: strings.HasSuffix(rule.Kind, "json")}
		w.groups[pattern] = g
		w.order = append(w.order, pattern)
	}
	if g.object != object {
		if !g.loose { // the newest object counts
			g.columns.newObject()
		}
		g.object = object
	}
	n := min(b.Len(), watchedRecords-g.records)
	g.records += n
	g.columns.add(b, n, w.r.slippedIn(b))
}

// objectPattern is an object's name with # for each run of digits: what names of one kind share.
func objectPattern(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c < '0' || c > '9' {
			b.WriteRune(c)
		} else if !strings.HasSuffix(b.String(), "#") {
			b.WriteByte('#')
		}
	}
	return b.String()
}

// A knownHeader is what the log says of earlier objects.
type knownHeader struct {
	lake.Header
	commit int64
	day    string
}

// before finds the header that objects of a pattern had last. Objects of a new kind of name are
// compared with the others' header, if those all had the same.
func (w *headerWatch) before(pattern string) *knownHeader {
	newest := map[string]*knownHeader{}
	for _, e := range w.r.snap.Deliveries(w.r.feed.Name) {
		for _, h := range e.Headers {
			newest[h.Objects] = &knownHeader{h, e.No, e.KnownAt.In(w.r.project.TimeZone).Format("2006-01-02")}
		}
	}
	if h := newest[pattern]; h != nil || len(newest) != 1 {
		return h
	}
	for _, h := range newest {
		return h
	}
	return nil
}

// header is what the log will say of a group: what is known from before is kept where this
// delivery does not say it.
func (g *headerGroup) header(pattern string, before *knownHeader) lake.Header {
	h := lake.Header{Objects: pattern}
	old := map[string]lake.HeaderColumn{}
	if before != nil {
		for _, c := range before.Columns {
			old[transforms.HeaderKey(c.Name)] = c
		}
	}
	for _, c := range g.columns.list() {
		if c.Gone {
			continue
		}
		key := transforms.HeaderKey(c.Name)
		one := lake.HeaderColumn{Name: shortened(c.Name), Form: old[key].Form}
		if form := c.Look.Form(); c.Look.Filled() >= formTexts && form != transforms.FormMixed {
			one.Form = form
		}
		h.Columns = append(h.Columns, one)
		delete(old, key)
	}
	if before != nil && g.keepsGone() {
		for _, c := range before.Columns {
			if _, left := old[transforms.HeaderKey(c.Name)]; left {
				h.Columns = append(h.Columns, c)
			}
		}
	}
	return h
}

// keepsGone says that a column which is not there may only be empty in a handful of records.
func (g *headerGroup) keepsGone() bool { return g.loose && g.records < 10*formTexts }

// shortened bounds a name that comes from outside.
func shortened(name string) string {
	if runes := []rune(name); len(runes) > 120 {
		return string(runes[:120]) + "…"
	}
	return name
}

// compare gives the headers that the log does not have yet, and in one message how they differ
// from what it has.
func (w *headerWatch) compare() (news []lake.Header, drift string) {
	var changes []string
	for _, pattern := range w.order {
		before := w.before(pattern)
		now := w.groups[pattern].header(pattern, before)
		if before == nil || before.Objects != pattern || !slices.Equal(before.Columns, now.Columns) {
			news = append(news, now)
		}
		if before == nil {
			continue
		}
		if found := w.differences(before.Columns, now.Columns); found != "" {
			changes = append(changes, fmt.Sprintf("%s no longer has the columns of commit %d (%s): %s", w.groups[pattern].object, before.commit, before.day, found))
		}
	}
	if len(changes) == 0 {
		return news, ""
	}
	return news, fmt.Sprintf("%s: %s. See the lines to change: lindung sources check %s", w.r.feed.Name, strings.Join(changes, "; "), w.r.feed.Source.Name)
}

// differences names every column that is gone, new, renamed or written otherwise.
func (w *headerWatch) differences(before, now []lake.HeaderColumn) string {
	old, new := byKey(before), byKey(now)
	var added, said []string
	for _, c := range now {
		if _, there := old[transforms.HeaderKey(c.Name)]; !there {
			added = append(added, c.Name)
		}
	}
	for _, c := range before {
		key := transforms.HeaderKey(c.Name)
		is, there := new[key]
		switch near := producers.Nearest(c.Name, added); {
		case there && transforms.FormsDiffer(c.Form, is.Form):
			said = append(said, fmt.Sprintf("%q was %s and is %s", c.Name, c.Form, is.Form))
		case there:
		case near != "":
			added = slices.DeleteFunc(added, func(name string) bool { return name == near })
			said = append(said, fmt.Sprintf("%q is gone%s, nearest is the new %q%s", c.Name, w.readBy(key), near, w.readBy(transforms.HeaderKey(near))))
		default:
			said = append(said, fmt.Sprintf("%q is gone%s", c.Name, w.readBy(key)))
		}
	}
	for _, name := range added {
		said = append(said, fmt.Sprintf("%q is new%s", name, w.readBy(transforms.HeaderKey(name))))
	}
	return strings.Join(said, "; ")
}

func byKey(columns []lake.HeaderColumn) map[string]lake.HeaderColumn {
	by := map[string]lake.HeaderColumn{}
	for _, c := range columns {
		by[transforms.HeaderKey(c.Name)] = c
	}
	return by
}

// readBy says which field of ours a column matters to.
func (w *headerWatch) readBy(key string) string {
	var fields []string
	for _, one := range w.r.readers() {
		if one.column == key {
			fields = append(fields, one.input.Name)
		}
	}
	switch {
	case len(fields) > 0:
		return " (" + strings.Join(fields, ", ") + " reads it)"
	case w.r.declared()[key]:
		return " (left out on purpose)"
	}
	return " (no field reads it; it stays in the landing)"
}

// explain says what a header that lacks required columns has instead.
func (w *headerWatch) explain(missing *transforms.MissingColumns) string {
	if _, drift := w.compare(); drift != "" {
		first, _, _ := strings.Cut(strings.TrimPrefix(drift, w.r.feed.Name+": "), ". See the lines")
		return "; " + first
	}
	declared := w.r.declared()
	free := slices.DeleteFunc(slices.Clone(missing.Header), func(name string) bool { return declared[transforms.HeaderKey(name)] })
	var near []string
	for i, theirs := range missing.Theirs {
		if found := producers.Nearest(theirs, free); found != "" {
			near = append(near, fmt.Sprintf("nearest to %s is %q", missing.Columns[i], found))
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; " + strings.Join(near, ", ")
}

// volumeWarnings says that a delivery is unusually small or large. That alone keeps nothing out.
func (r *feedRun) volumeWarnings() []string {
	v, n := r.feed.Volume, r.report.Records
	switch v.Side(n) {
	case -1:
		return []string{fmt.Sprintf("%s: %d records are fewer than volume.min: %d; ask the producer (%s) whether the delivery is whole", r.feed.Name, n, v.Min, r.feed.Source.Contact)}
	case 1:
		return []string{fmt.Sprintf("%s: %d records are more than volume.max: %d; ask the producer (%s) whether something came twice", r.feed.Name, n, v.Max, r.feed.Source.Contact)}
	}
	return nil
}

// LateSince says since when a feed waits for a delivery that should have come; zero when it does
// not. What was withheld did not come: nothing of it was taken.
func (r *Runner) LateSince(snap lake.Snapshot, f *configs.Feed) time.Time {
	return f.Expected.Late(r.Now, lastDelivery(snap, f), r.Project.TimeZone)
}

func lastDelivery(snap lake.Snapshot, f *configs.Feed) (last time.Time) {
	for _, e := range snap.Deliveries(f.Name) {
		if e.Kind == lake.Delivery {
			last = e.KnownAt
		}
	}
	return last
}
