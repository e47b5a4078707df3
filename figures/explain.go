package figures

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Explanation follows one figure back to the bytes it came from.
type Explanation struct {
	Mark         string         `json:"mark,omitempty"`
	Release      Info           `json:"release"`
	Figure       Figure         `json:"value"`
	Definition   Definition     `json:"definition"`
	Models       []ModelStep    `json:"models"` // the KPI's own first, then what it reads
	Tables       []string       `json:"tables"` // of the lake and the code lists, where the models begin
	Periods      string         `json:"periods"`
	Files        []SourceFile   `json:"files"` // of the datasets that the KPI counts
	Objects      []SourceObject `json:"objects"`
	Rows         RowCount       `json:"rows"` // of the objects
	Conservation []Conservation `json:"conservation"`
	Earlier      []Figure       `json:"earlier"` // the same figure in older releases, oldest first
}

// A ModelStep is one SQL model on the figure's way.
type ModelStep struct {
	Name   string   `json:"name"`
	Layer  string   `json:"layer"`
	SQL    string   `json:"sql"`
	SHA256 string   `json:"sha256"`
	Reads  []string `json:"reads"`
}

// A SourceFile is one Parquet file of the lake.
type SourceFile struct {
	Path     string `json:"path"`
	Dataset  string `json:"dataset"`
	Source   string `json:"source"`
	Period   string `json:"period"`
	Rows     int64  `json:"rows"`
	SHA256   string `json:"sha256"`
	CommitNo int64  `json:"commit_no"`
}

// A SourceObject is one delivery as it was served.
type SourceObject struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Feed        string `json:"feed"`
	KnownAt     string `json:"known_at"`
	CommitNo    int64  `json:"commit_no"`
	Records     int64  `json:"records"`
	Accepted    int64  `json:"accepted"`
	Quarantined int64  `json:"quarantined"`
}

// RowCount is what became of the records of some objects.
type RowCount struct {
	In          int64 `json:"in"`
	Accepted    int64 `json:"accepted"`
	Quarantined int64 `json:"quarantined"`
}

// Conservation is the account of all rows of a dataset in the release.
type Conservation struct {
	Dataset     string `json:"dataset"`
	In          int64  `json:"in"`
	Accepted    int64  `json:"accepted"`
	Quarantined int64  `json:"quarantined"`
	Superseded  int64  `json:"superseded"`
	Duplicates  int64  `json:"duplicates"`
	Tombstoned  int64  `json:"tombstoned"`
	Current     int64  `json:"current"`
}

// Explain follows a figure from its definition to the landed objects. The files are
// narrowed to the datasets that the KPI declares and to the months that it counts for
// that period; which rows of an object went into one figure is not kept, so the objects
// are those of the commits that brought the files.
func (h History) Explain(ctx context.Context, a Address, asOf time.Time) (*Explanation, error) {
	r, err := h.pick(a, asOf)
	if err != nil {
		return nil, err
	}
	e := &Explanation{Mark: markOf(r.Info), Release: r.Info}
	if e.Figure, err = r.Value(ctx, a); err != nil {
		return nil, err
	}
	if e.Definition, err = r.Define(a.KPI, a.Measure); err != nil {
		return nil, err
	}
	if err := e.follow(ctx, r); err != nil {
		return nil, fmt.Errorf("explaining figure %s: %w", a, err)
	}
	for _, older := range h.Earlier(r) {
		address := e.Figure.Address
		address.Release = older.ID
		if figure, err := older.Value(ctx, address); err == nil {
			e.Earlier = append(e.Earlier, figure)
		}
	}
	return e, nil
}

func (e *Explanation) follow(ctx context.Context, r *Release) error {
	if err := e.followModels(ctx, r); err != nil {
		return err
	}
	period, err := ParsePeriod(e.Figure.Address.Period)
	if err != nil {
		return err
	}
	window := windowOf(e.Definition.KPI, period)
	e.Periods = window.String()
	if err := e.followFiles(ctx, r, window); err != nil {
		return err
	}
	if err := e.followObjects(ctx, r); err != nil {
		return err
	}
	all, err := r.Conservation(ctx)
	for _, c := range all {
		if e.counts(c.Dataset) {
			e.Conservation = append(e.Conservation, c)
		}
	}
	return err
}

func (e *Explanation) followModels(ctx context.Context, r *Release) error {
	rows, err := records(ctx, r.db, "the models (meta.models)", "select * from meta.models order by name")
	if err != nil {
		return err
	}
	models := map[string]ModelStep{}
	for _, row := range rows {
		m := ModelStep{Name: row.text("name"), Layer: row.text("layer"), SQL: strings.TrimSpace(row.text("sql")), SHA256: row.text("hash"), Reads: row.list("reads")}
		slices.Sort(m.Reads)
		models[m.Name] = m
	}
	queue, seen := []string{e.Definition.Model}, map[string]bool{}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		if m, known := models[name]; known {
			e.Models = append(e.Models, m)
			queue = append(queue, m.Reads...)
		} else if name != "run" {
			e.Tables = append(e.Tables, name)
		}
	}
	slices.Sort(e.Tables)
	return nil
}

// A window is the months of event dates that a figure counts; a zero end is open.
type window struct{ from, to time.Time }

// windowOf says which months a KPI looks at for a period. Growth looks a year back;
// KPIs on the age or the resolution of cases look at every case that came before,
// those on legal aid and shelters at all that began before the period's end, the one
// on persons in partners' programmes too, and so does what follows persons from one
// dataset to another.
func windowOf(kpi string, p Period) window {
	switch kpi {
	case "PLC-01", "PLC-04", "PLC-06", "PLC-07", "PLC-08", "CMP-01", "CMP-02", "CMP-07", "REM-01":
		return window{p.Start, p.End}
	case "EMP-01", "EMP-03", "EMP-04", "EMP-05", "EMP-06", "EMP-07", "EMP-09", "SKL-01", "SKL-03", "SKL-05",
		"REM-02", "REM-03", "REM-04", "BFR-02",
		"PLC-02", "PLC-05", "PLC-09", "BFR-04", "BFR-05", "GOV-01", "GOV-04", "GOV-05", "GOV-06", "COP-04":
		return window{p.Start, p.End}
	case "PLC-03":
		return window{p.Start.AddDate(-1, 0, 0), p.End}
	case "CMP-03", "CMP-10", "EMP-02":
		return window{p.Start, time.Time{}}
	case "RET-01", "RET-02", "RET-03", "RET-04", "RET-05", "BFR-03", "CMP-09", "SAF-01", "SAF-02", "TPP-01", "TPP-02":
		return window{p.Start, p.End}
	case "LEG-01", "LEG-02", "LEG-03", "LEG-04", "SHL-01", "SHL-02", "COP-02":
		return window{time.Time{}, p.End}
	}
	return window{}
}

// String writes the window as its first and last month.
func (w window) String() string {
	from, to := "", ""
	if !w.from.IsZero() {
		from = w.from.Format("2006-01")
	}
	if !w.to.IsZero() {
		to = w.to.AddDate(0, -1, 0).Format("2006-01")
	}
	if from == "" && to == "" {
		return "all"
	}
	return from + ".." + to
}

func (w window) holds(month string) bool {
	return (w.from.IsZero() || month >= w.from.Format("2006-01")) && (w.to.IsZero() || month < w.to.Format("2006-01"))
}

// counts says whether the figure comes from a dataset. The SQL reads more than the KPI declares: which months have
// been delivered at all is asked of every dataset.
func (e *Explanation) counts(dataset string) bool {
	return slices.Contains(e.Tables, "lake_"+dataset) && countsDataset(e.Definition.Sources, dataset)
}

// followFiles lists the files of the counted datasets, and the deletions that their feeds told.
func (e *Explanation) followFiles(ctx context.Context, r *Release, w window) error {
	rows, err := records(ctx, r.db, "the files (meta.files)", "select * from meta.files order by dataset, source, period, commit_no, path")
	if err != nil {
		return err
	}
	feeds := map[string]bool{}
	for _, row := range rows {
		feeds[row.text("feed")] = feeds[row.text("feed")] || e.counts(row.text("dataset"))
	}
	for _, row := range rows {
		f := SourceFile{Path: row.text("path"), Dataset: row.text("dataset"), Source: row.text("source"), Period: row.text("period"),
			Rows: row.number("row_count"), SHA256: row.text("sha256"), CommitNo: row.number("commit_no")}
		deletions := f.Dataset == "tombstones" && feeds[row.text("feed")]
		if deletions || e.counts(f.Dataset) && w.holds(f.Period) {
			e.Files = append(e.Files, f)
		}
	}
	return nil
}

func (e *Explanation) followObjects(ctx context.Context, r *Release) error {
	commits := map[int64]bool{}
	for _, f := range e.Files {
		commits[f.CommitNo] = true
	}
	rows, err := records(ctx, r.db, "the landed objects (meta.objects)", "select * from meta.objects order by commit_no, name, object_id")
	if err != nil {
		return err
	}
	for _, row := range rows {
		o := SourceObject{ID: row.text("object_id"), Name: row.text("name"), Feed: row.text("feed"), KnownAt: row.text("known_at"),
			CommitNo: row.number("commit_no"), Records: row.number("records"), Accepted: row.number("accepted"), Quarantined: row.number("quarantined")}
		if !commits[o.CommitNo] {
			continue
		}
		e.Objects = append(e.Objects, o)
		e.Rows.In += o.Records
		e.Rows.Accepted += o.Accepted
		e.Rows.Quarantined += o.Quarantined
	}
	return nil
}

// Conservation lists the account of rows by dataset.
func (r *Release) Conservation(ctx context.Context) ([]Conservation, error) {
	rows, err := records(ctx, r.db, "the account of rows (meta.conservation)", "select * from meta.conservation order by dataset")
	if err != nil {
		return nil, err
	}
	all := make([]Conservation, 0, len(rows))
	for _, row := range rows {
		all = append(all, Conservation{Dataset: row.text("dataset"), In: row.number("records"), Accepted: row.number("accepted"),
			Quarantined: row.number("quarantined"), Superseded: row.number("superseded"), Duplicates: row.number("duplicates"),
			Tombstoned: row.number("tombstoned"), Current: row.number("current_rows")})
	}
	return all, nil
}
