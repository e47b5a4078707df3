package configs

import (
	"strings"
	"time"
)

// Project is everything that a project folder says, checked. It is not changed after Load.
type Project struct {
	Dir          string // the folder as given to Load
	Name         string
	DataDir      string    // absolute; landing, lake, log and releases
	KeysDir      string    // absolute; master key and token keys
	Clock        time.Time // the time that it always is in a sample project; zero elsewhere
	TimeZone     *time.Location
	Build        Build
	Run          Run
	KeepReleases int
	Publish      []*Target // where releases are copied to, ordered as written
	Serve        Serve
	Alerts       Alerts           // who is told what, when nobody watches
	Reports      Reports          // where approved reports go
	Lineage      *Sealed[Lineage] // where OpenLineage events go; nil: nowhere
	Sources      []*Source        // ordered by name
	// Hash is a SHA-256 over the content of all files: the same for two projects that mean the
	// same, whatever their comments and layout. Secrets enter it as references.
	Hash string
}

// The origins of data. A project never holds sample and real data together.
const (
	OriginSample    = "sample"    // invented persons and events
	OriginReal      = "real"      // data of the ministry and its partners
	OriginReference = "reference" // published figures and lists; goes with either
)

// Origin says what the project's figures are made of: sample or real as soon as one source is, and
// reference when no source is either.
func (p *Project) Origin() string {
	origin := OriginReference
	for _, s := range p.Sources {
		if s.Origin != OriginReference {
			origin = s.Origin
		}
	}
	return origin
}

// Feed returns the feed of a name.
func (p *Project) Feed(name string) (*Feed, bool) {
	for _, s := range p.Sources {
		for _, f := range s.Feeds {
			if f.Name == name {
				return f, true
			}
		}
	}
	return nil, false
}

// Build limits the process that builds a release.
type Build struct {
	Memory  Size `yaml:"memory" min:"256MiB" doc:"Memory that a build may use. More makes it faster, up to the size of the warehouse."`
	Threads int  `yaml:"threads" min:"1" max:"256" doc:"Processor cores that a build may use."`

	MaxDuration time.Duration `yaml:"max_duration" doc:"How long a build may take, such as 6h, before it is ended and the last release stays."`
}

// Run limits the process that runs one feed, and says when none is started.
type Run struct {
	Memory      Size `yaml:"memory" min:"128MiB" doc:"Memory that the run of one feed may use."`
	DiskReserve Size `yaml:"disk_reserve" min:"0B" doc:"Free space on the data's disk below which no run and no build begins. 0B: never asked."`
}

// projectFile declares lindung.yaml.
type projectFile struct {
	Project      projectHead      `yaml:"project" need:"yes" doc:"What this project is called."`
	Data         string           `yaml:"data" like:"folder" doc:"Folder of the data, relative to this file: landing, lake, commit log, releases."`
	Keys         string           `yaml:"keys" like:"folder" doc:"Folder of the keys, relative to this file. Keep it out of version control and back it up apart from the data."`
	Sources      string           `yaml:"sources" like:"folder" doc:"Folder of the source files, relative to this file."`
	TimeZone     string           `yaml:"time_zone" like:"zone" doc:"Time zone of calendar days, and of times that come without one."`
	Build        Build            `yaml:"build" doc:"Limits of the process that builds a release."`
	Run          Run              `yaml:"run" doc:"Limits of the process that runs one feed."`
	KeepReleases int              `yaml:"keep_releases" min:"1" max:"1000" doc:"How many releases keep their DuckDB files. Figures, manifest and SQL of older ones stay."`
	Serve        Serve            `yaml:"serve" doc:"How lindung serve works: when it builds and reports, how much at a time, how long it remembers."`
	Publish      []*Target        `yaml:"publish" named:"yes" doc:"Places that every release is copied to, by name: a folder (a mounted share) or a bucket of an S3-compatible store."`
	Alerts       Alerts           `yaml:"alerts" doc:"Who is told what of an installation that nobody watches, and how."`
	Reports      Reports          `yaml:"reports" doc:"What becomes of reports that were approved."`
	Lineage      *Sealed[Lineage] `yaml:"lineage" doc:"Who is told what ran, in the words of OpenLineage. Left out: nobody."`
}

type projectHead struct {
	Name  string    `yaml:"name" need:"yes" like:"text" doc:"Name of the project, shown in reports and in lindung status."`
	Clock time.Time `yaml:"clock" doc:"Sample data only: the time that it always is in this project, such as 2026-01-15T09:00:00+07:00."`
}

func (f *projectFile) setDefaults() {
	*f = projectFile{
		Data: "data", Keys: "keys", Sources: "sources", TimeZone: "Asia/Jakarta",
		Build: Build{Memory: 2 << 30, Threads: 2, MaxDuration: 6 * time.Hour}, Run: Run{Memory: 1 << 30, DiskReserve: 1 << 30}, KeepReleases: 6,
	}
	f.Serve.setDefaults()
	f.Alerts.setDefaults()
}

// Label is a text in the two languages of the product.
type Label struct {
	ID string `yaml:"id" need:"yes" like:"text" doc:"In Indonesian."`
	EN string `yaml:"en" need:"yes" like:"text" doc:"In English."`
}

// Source is one system that data come from: a file in the sources folder.
type Source struct {
	File     string `yaml:"-"` // as people know it: "sources/siskop2mi.yaml"
	Hash     string `yaml:"-"` // SHA-256 over the content of the file
	Name     string `yaml:"source" need:"yes" like:"name" doc:"Name of the source system. It becomes part of every row's identity: never change it."`
	Title    Label  `yaml:"title" need:"yes" doc:"What people call the source."`
	Origin   string `yaml:"origin" need:"yes" one:"sample|real|reference" doc:"What the data are: real, sample (invented; never mixed with real) or reference (published figures and lists)."`
	Producer string `yaml:"producer" need:"yes" like:"text" doc:"The unit that answers for the data."`
	Contact  string `yaml:"contact" need:"yes" like:"text" doc:"Role mailbox of the producer; never a person."`
	Licence  string `yaml:"licence" like:"text" doc:"What may be done with the data, or the agreement they come under."`
	// What holds for all feeds of the source.
	Schedule    *Schedule `yaml:"schedule" doc:"When lindung serve runs the feeds of the source that have no schedule of their own. Left out: they are run by hand."`
	Concurrency int       `yaml:"concurrency" min:"1" max:"64" doc:"How many feeds of the source lindung serve runs at a time; 1 when left out."`
	Feeds       []*Feed   `yaml:"feeds" need:"yes" named:"yes" doc:"The feeds of the source by name; a feed brings one dataset."`
}

// Feed is one source feeding one dataset.
type Feed struct {
	Name    string  `yaml:"-"`
	Line    int     `yaml:"-"` // where the feed begins in its source's file
	Source  *Source `yaml:"-"`
	Dataset string  `yaml:"dataset" need:"yes" like:"name" doc:"The dataset that the rows go to."`
	Role    string  `yaml:"role" need:"yes" one:"authoritative|alternative|crosscheck" doc:"authoritative: its rows count. alternative: off. crosscheck: landed and compared, never counted."`

	Periods    PeriodRange       `yaml:"periods" doc:"The months, of the row's own event date, that this feed is the truth for. Left out: all."`
	Part       string            `yaml:"part" like:"name" doc:"What this feed alone holds of its dataset, where several systems hold one part each (a lender, a kind of shelter). Feeds of different parts may be authoritative for the same months."`
	Connector  Section           `yaml:"connector" need:"yes" doc:"Where the data are fetched: the kind of connector and its settings."`
	Formats    []FormatRule      `yaml:"formats" need:"yes" doc:"How what was fetched is decoded. The first rule whose match fits the object's name wins."`
	Key        []string          `yaml:"key" need:"yes" like:"name" doc:"Our fields that identify a row within the source."`
	Version    string            `yaml:"version" like:"text" doc:"The column, ours or theirs, that says which of two rows with one key is newer. Left out: the later delivery is."`
	Delivery   string            `yaml:"delivery" need:"yes" one:"snapshot|changes|append" doc:"snapshot: each delivery is the whole. changes: new and changed rows. append: new rows only."`
	Deletes    string            `yaml:"deletes" need:"yes" one:"none|flag|absent_from_snapshot|key_sweep" doc:"How a row that is gone is known: never, by its own status, by being absent from a snapshot, or by listing all keys."`
	Shrink     *float64          `yaml:"shrink_limit" min:"0" max:"1" doc:"Share of the known rows that a snapshot, or a list of all keys, may lack before it is withheld. Only with delivery: snapshot or deletes: key_sweep; 0.1 when left out."`
	Lookback   time.Duration     `yaml:"lookback" doc:"How far before the last position a pull begins, for sources that change rows late."`
	Limits     Limits            `yaml:"limits" doc:"What one object, and one delivery of many, may be at most."`
	Schedule   *Schedule         `yaml:"schedule" doc:"When lindung serve runs the feed. Left out: the source's."`
	Expected   Expected          `yaml:"expected" doc:"When deliveries are expected; lindung status says what is late."`
	Volume     Volume            `yaml:"volume" doc:"How many records a delivery usually has; another number is a warning."`
	Thresholds Thresholds        `yaml:"thresholds" doc:"How much may be rejected before nothing of a delivery is taken."`
	Fields     map[string]string `yaml:"fields" like:"text" doc:"Our field: their column or path. A field that is left out has the same name. \"=X\" is the constant X."`
	Ignore     []string          `yaml:"ignore" like:"text" doc:"Their columns that are left out on purpose."`
	// Codes maps, per field of ours, their code to ours.
	Codes map[string]map[string]string `yaml:"codes" like:"text" doc:"Per field of ours: their code: our code. Capitals in their code do not matter."`
	Units Units                        `yaml:"units" doc:"How they write money, dates, decimals and regions."`

	ShrinkLimit float64 `yaml:"-"` // Shrink, or its default; 0 where nothing tells which rows are gone

	node *node // what the feed was read from
}

// LineOf is the line of a key of the feed in its source's file, such as LineOf("fields", "country");
// of the nearest key around it where the feed does not have it.
func (f *Feed) LineOf(keys ...string) int {
	line, n := f.Line, f.node
	for _, key := range keys {
		if n == nil || n.get(key) == nil {
			break
		}
		line, n = n.keyPlace(key).line, n.get(key)
	}
	return line
}

// SameRows gives the months for which two feeds bring rows of the same part of one dataset, so that
// only one of them may count.
func (f *Feed) SameRows(o *Feed) (months PeriodRange, same bool) {
	if o.Dataset != f.Dataset || f.Part != "" && o.Part != "" && f.Part != o.Part {
		return months, false
	}
	return f.Periods.overlap(o.Periods)
}

// Off says that the feed does not run.
func (f *Feed) Off() bool { return f.Role == "alternative" }

// Format returns the rule that decodes an object of this name.
func (f *Feed) Format(name string) (FormatRule, bool) {
	for _, r := range f.Formats {
		if r.Matches(name) {
			return r, true
		}
	}
	return FormatRule{}, false
}

// Limits bound one object, one delivery of many, and what a run of the feed may use. What is larger is
// refused before it is decoded.
type Limits struct {
	MaxBytes    Size          `yaml:"max_bytes" min:"1B" doc:"Bytes of one object."`
	MaxRows     int64         `yaml:"max_rows" min:"1" doc:"Records of one object."`
	MaxDelivery Size          `yaml:"max_delivery" min:"1B" doc:"Bytes of all objects of one delivery."`
	MaxDuration time.Duration `yaml:"max_duration" doc:"How long a pull may take, such as 6h. A run may use as much processor time on each processor, and an hour at least."`
	Memory      Size          `yaml:"memory" min:"128MiB" doc:"Memory that a run of the feed may use. Left out: run.memory of lindung.yaml."`
}

// Volume is the band that a delivery's number of records usually lies in.
type Volume struct {
	Min int64 `yaml:"min" min:"0" doc:"Fewer records are a warning."`
	Max int64 `yaml:"max" min:"1" doc:"More records are a warning."`
}

// Side says on which side of the band a number of records lies: below -1, above 1, else 0.
func (v Volume) Side(records int64) int {
	switch {
	case v.Min > 0 && records < v.Min:
		return -1
	case v.Max > 0 && records > v.Max:
		return 1
	}
	return 0
}

// Thresholds bound the rejects of one delivery. Either one exceeded stops the feed.
type Thresholds struct {
	MaxRejects     int64   `yaml:"max_rejects" min:"0" doc:"Rejected records."`
	MaxRejectShare float64 `yaml:"max_reject_share" min:"0" max:"1" doc:"Rejected records as a share of all: 0.02 is two of a hundred."`
}

// Units say how a source writes values. Empty means that the transforms' own default holds.
type Units struct {
	Currency    string `yaml:"currency" like:"currency" doc:"Currency of amounts that come without one."`
	Scale       string `yaml:"scale" one:"1|1000|1000000|1000000000" doc:"What amounts are counted in: 1000000 when the source writes millions."`
	DateOrder   string `yaml:"date_order" one:"dmy|mdy|ymd" doc:"Order of day, month and year in dates of digits."`
	Decimal     string `yaml:"decimal" one:",|." doc:"The decimal mark."`
	TimeZone    string `yaml:"time_zone" like:"zone" doc:"Time zone of times that come without one. Left out: the project's."`
	RegionCodes string `yaml:"region_codes" one:"kemendagri|bps" doc:"Code system of provinces and regencies."`
}

const defaultShrinkLimit = 0.1

func (f *Feed) setDefaults() {
	f.Limits = Limits{MaxBytes: 2 << 30, MaxRows: 20_000_000, MaxDelivery: 64 << 30, MaxDuration: 24 * time.Hour}
	f.Thresholds = Thresholds{MaxRejects: 5000, MaxRejectShare: 0.02}
}

// fold is how codes of a source are compared: capitals and space around them do not matter.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
