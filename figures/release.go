package figures

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Info is what a release says about itself.
type Info struct {
	ID          string    `json:"release"`
	Origin      string    `json:"origin"` // real, sample or reference
	AsOf        time.Time `json:"as_of"`
	ReportMonth time.Time `json:"report_month"`
	LogHead     int64     `json:"log_head"`
	LogHash     string    `json:"log_hash"`
	CodeVersion string    `json:"code_version"`
}

// Sample says whether the release holds invented data; everything made from it
// carries a mark that says so.
func (i Info) Sample() bool { return i.Origin == "sample" }

// A DB answers queries: an open release file, or the one connection of a build that is not
// a release yet.
type DB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// A Release is one set of published figures, read through an open database that
// holds the table figures. A release whose warehouse file has been pruned still
// answers from its figures file: it then has no definitions, only values.
type Release struct {
	Info
	db          DB
	whole       bool // it has its tables, not its figures alone
	definitions []Definition
	defaults    map[string]string // KPI -> default measure
}

// Open reads a release from its warehouse file.
func Open(ctx context.Context, db DB) (*Release, error) {
	r := &Release{db: db, whole: true}
	const query = `select release_id, origin, as_of::date, try_cast(left(report_month::varchar, 7) || '-01' as date), log_head::bigint,
log_hash, coalesce(code_version, '') from meta.release`
	err := db.QueryRowContext(ctx, query).Scan(&r.ID, &r.Origin, &r.AsOf, &r.ReportMonth, &r.LogHead, &r.LogHash, &r.CodeVersion)
	if err != nil {
		return nil, fmt.Errorf("reading the release's description (meta.release): %w; build the release again", err)
	}
	if r.definitions, err = readDefinitions(ctx, db); err != nil {
		return nil, err
	}
	r.defaults = defaultMeasures(r.definitions)
	return r, nil
}

// Whole says that the release has its tables, and not its figures alone.
func (r *Release) Whole() bool { return r.whole }

// OpenFigures reads a release of which only the figures are left. db holds a table
// or view named figures; like supplies the definitions that addresses need.
func OpenFigures(db DB, info Info, like *Release) *Release {
	y, m, d := info.AsOf.In(jakarta).Date() // a day, like the one that a warehouse file holds
	info.AsOf = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return &Release{Info: info, db: db, definitions: like.definitions, defaults: like.defaults}
}

// History is the releases of one project, oldest first.
type History []*Release

// NewHistory orders releases by what they knew, then by name.
func NewHistory(releases ...*Release) History {
	h := slices.Clone(releases)
	slices.SortStableFunc(h, func(a, b *Release) int {
		if c := a.AsOf.Compare(b.AsOf); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return h
}

// At is the newest release that knew nothing later than the given day.
func (h History) At(asOf time.Time) (*Release, error) {
	for i := len(h) - 1; i >= 0; i-- {
		if !h[i].AsOf.After(asOf) {
			return h[i], nil
		}
	}
	return nil, fmt.Errorf("looking for a release as of %s: the oldest one knows until %s; ask for a later day", day(asOf), h.oldest())
}

func (h History) oldest() string {
	if len(h) == 0 {
		return "nothing (no release yet)"
	}
	return day(h[0].AsOf)
}

// Release finds a release by its id.
func (h History) Release(id string) (*Release, error) {
	for _, r := range h {
		if r.ID == id {
			return r, nil
		}
	}
	return nil, fmt.Errorf("release %q: no such release; list them with lindung releases", id)
}

// Before is the newest release older than the given one, or nil.
func (h History) Before(r *Release) *Release {
	for i, other := range h {
		if other == r && i > 0 {
			return h[i-1]
		}
	}
	return nil
}

// Earlier is every release older than the given one, oldest first.
func (h History) Earlier(r *Release) History {
	for i, other := range h {
		if other == r {
			return h[:i]
		}
	}
	return nil
}

// jakarta is where the calendar days of releases are counted.
var jakarta = time.FixedZone("WIB", 7*60*60)

func day(t time.Time) string { return t.Format(time.DateOnly) }
