package connectors

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

func init() {
	Register(Kind{
		Name:    "sdmx",
		Summary: "a statistical service after the SDMX standard (ILO, OECD, Eurostat, IMF, BIS)",
		New: func() Settings {
			return &SDMX{
				Version: "2.1", Accept: "csv1", Labels: "id", Periods: "month", Language: "en", Auth: RESTAuth{Kind: "none", In: "header", Name: "X-API-Key"},
				MaxPageBytes: 64 * MiB, MaxPages: 10_000,
				Manners: newManners(1, 5*time.Minute, time.Hour, 2*GiB),
			}
		},
	})
}

// SDMX pulls data from a service that speaks the REST interface of the SDMX standard:
// each query is one object, or one for each page. What a service says is no data (404
// with those words, 204) is no object; a message instead of data is an error in its
// own words.
//
// A query whose answer carries an entity tag or the time of its last change is asked
// for again only if it changed. With updated_after the service is asked for what
// changed since the last pull, less the feed's lookback, if it can tell. Any other
// answer comes whole each time, and what it repeats is recognised when it is landed.
// A backfill limits the periods that are asked for.
type SDMX struct {
	URL               string      `yaml:"url" doc:"entry point of the service, to which data/… is added, such as https://sdmx.ilo.org/rest; parameters in it, such as ?dimensionAtObservation=AllDimensions, are sent along"`
	Version           string      `yaml:"version" doc:"the interface: 2.1 (SDMX 2.1, REST 1.x) or 3.0 (SDMX 3.0, REST 2.x); default 2.1"`
	Accept            string      `yaml:"accept" doc:"what to ask for: csv1, csv2, json1, json2, generic_xml or structure_xml; default csv1"`
	Labels            string      `yaml:"labels" doc:"csv1, csv2: id (codes), both (codes with labels) or name (labels in columns of their own; csv2 only); default id"`
	Queries           []SDMXQuery `yaml:"queries" doc:"what to ask for"`
	Start             string      `yaml:"start" doc:"first period to ask for, written as periods says; default all"`
	End               string      `yaml:"end" doc:"last period to ask for; default all"`
	Periods           string      `yaml:"periods" doc:"how start, end and the limits of a backfill are written: year (2015), month (2015-01) or day (2015-01-31); default month"`
	LastNObservations int         `yaml:"last_n_observations" doc:"ask for so many of the newest observations of each series; default all"`
	UpdatedAfter      bool        `yaml:"updated_after" doc:"ask for what changed since the last pull; for services that know"`
	PageSize          int         `yaml:"page_size" doc:"version 3.0 with csv1 or csv2: observations per request, as limit and offset; default all in one"`
	Language          string      `yaml:"language" doc:"Accept-Language header, which some services need; default en"`
	Auth              RESTAuth    `yaml:"auth" doc:"how to authenticate, where a service asks for it"`
	MaxPageBytes      Size        `yaml:"max_page_bytes" doc:"a larger page is an error: pages are held in memory; default 64MiB"`
	MaxPages          int         `yaml:"max_pages" doc:"more pages of a query are an error; default 10000"`
	Manners           `yaml:",inline"`
}

// SDMXQuery is one question: which observations of which dataflow.
type SDMXQuery struct {
	Name    string `yaml:"name" doc:"what the object is called; needed where two queries ask the same dataflow; default the dataflow"`
	Agency  string `yaml:"agency" doc:"who keeps the dataflow, such as ILO"`
	Flow    string `yaml:"flow" doc:"the dataflow, such as DF_EAR_4MTH_SEX_ECO_CUR_NB"`
	Version string `yaml:"version" doc:"the dataflow's version; default the newest"`
	Key     string `yaml:"key" doc:"codes of the dimensions in their order, parted by dots: empty (2.1) or * (3.0) is every code, + (2.1) joins several; default everything"`
}

// sdmxAccept are the media types of the standard.
var sdmxAccept = map[string]string{
	"csv1":          "application/vnd.sdmx.data+csv;version=1.0.0",
	"csv2":          "application/vnd.sdmx.data+csv;version=2.0.0",
	"json1":         "application/vnd.sdmx.data+json;version=1.0.0",
	"json2":         "application/vnd.sdmx.data+json;version=2.0.0",
	"generic_xml":   "application/vnd.sdmx.genericdata+xml;version=2.1",
	"structure_xml": "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
}

// extension is what files of the format that is asked for are called.
func (s *SDMX) extension() string {
	switch s.Accept {
	case "csv1", "csv2":
		return ".csv"
	case "json1", "json2":
		return ".json"
	}
	return ".xml"
}

// accept is the header that asks for the format.
func (s *SDMX) accept() string {
	accept := sdmxAccept[s.Accept]
	if s.Version == "3.0" && s.Accept == "structure_xml" {
		accept = "application/vnd.sdmx.data+xml;version=3.0.0"
	}
	if s.Labels != "id" {
		accept += ";labels=" + s.Labels
	}
	return accept
}

// Connect checks the settings.
func (s *SDMX) Connect(env Env) (Connector, error) {
	settings := *s
	settings.Queries = slices.Clone(s.Queries)
	if err := settings.check(); err != nil {
		return nil, fmt.Errorf("checking sdmx settings: %w", err)
	}
	wire := s.wire(s.URL, settings.accept())
	wire.Auth, wire.MaxPageBytes = s.Auth, s.MaxPageBytes
	wire.Headers = map[string]Secret{"Accept-Language": Secret(s.Language)}
	made, err := wire.connected(env)
	if err != nil {
		return nil, err
	}
	return &sdmxConnector{settings: settings, wire: made}, nil
}

var (
	sdmxID      = regexp.MustCompile(`^[A-Za-z0-9_@$-]+(\.[A-Za-z0-9_@$-]+)*$`)
	sdmxVersion = regexp.MustCompile(`^([0-9]+(\.[0-9]+)*([.-][A-Za-z0-9-]+)*|latest|[+~])$`)
	sdmxKey     = regexp.MustCompile(`^[A-Za-z0-9_@$*+.,~-]*$`)
	sdmxName    = regexp.MustCompile(`^[A-Za-z0-9_@$.-]+$`)
)

// sdmxPeriods are the ways to write a period.
var sdmxPeriods = map[string]string{"year": "2006", "month": "2006-01", "day": time.DateOnly}

func (s *SDMX) check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if s.Version != "2.1" && s.Version != "3.0" {
		report("version: %q is neither 2.1 nor 3.0", s.Version)
	}
	csv := s.Accept == "csv1" || s.Accept == "csv2"
	switch {
	case sdmxAccept[s.Accept] == "":
		report("accept: %q is not known (known: csv1, csv2, json1, json2, generic_xml, structure_xml)", s.Accept)
	case s.Version == "3.0" && s.Accept == "generic_xml":
		report("accept: SDMX 3.0 has no generic_xml: ask for structure_xml")
	}
	if s.Labels != "id" && (!csv || s.Labels != "both" && (s.Labels != "name" || s.Accept != "csv2")) {
		report("labels: %q is not known, or not with accept: %s", s.Labels, s.Accept)
	}
	layout := sdmxPeriods[s.Periods]
	if layout == "" {
		report("periods: %q is none of year, month and day", s.Periods)
	}
	for name, period := range map[string]string{"start": s.Start, "end": s.End} {
		if _, err := time.Parse(layout, period); period != "" && layout != "" && err != nil {
			report("%s: must be a %s such as %s", name, s.Periods, time.Date(2015, 1, 31, 0, 0, 0, 0, time.UTC).Format(layout))
		}
	}
	if s.Start != "" && s.End != "" && s.End < s.Start {
		report("end: lies before start")
	}
	if s.LastNObservations < 0 || s.PageSize < 0 || s.MaxPages < 1 {
		report("last_n_observations and page_size must not be negative, max_pages must be more than 0")
	}
	if s.PageSize > 0 && (s.Version != "3.0" || !csv) {
		report("page_size: only with version: 3.0 and accept: csv1 or csv2")
	}
	if s.PageSize > 0 && s.UpdatedAfter {
		report("page_size: not together with updated_after, where deleted observations would be counted too")
	}
	return errors.Join(append(problems, s.checkQueries()...)...)
}

func (s *SDMX) checkQueries() (problems []error) {
	if len(s.Queries) == 0 {
		problems = append(problems, errors.New("queries: name at least one, with agency and flow"))
	}
	names := map[string]bool{}
	for i := range s.Queries {
		q := &s.Queries[i]
		if q.Name == "" {
			q.Name = q.Flow
		}
		if q.Version == "" {
			q.Version = map[string]string{"2.1": "latest", "3.0": "+"}[s.Version]
		}
		report := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("queries, number %d: "+format, append([]any{i + 1}, args...)...))
		}
		if !sdmxID.MatchString(q.Agency) || !sdmxID.MatchString(q.Flow) || !sdmxVersion.MatchString(q.Version) {
			report("agency, flow and version must be identifiers such as ILO, DF_X and 1.0")
		}
		if !sdmxKey.MatchString(q.Key) {
			report("key: may hold codes, dots and the signs + and * only")
		}
		if s.Version == "3.0" && strings.Contains(q.Key, "..") {
			report("key: SDMX 3.0 writes * where every code is meant, not nothing")
		}
		if !sdmxName.MatchString(q.Name) || strings.Trim(q.Name, ".") == "" || names[q.Name] {
			report("name: %q is no plain name, or stands there twice: give each query a name of its own", q.Name)
		}
		names[q.Name] = true
	}
	return problems
}
