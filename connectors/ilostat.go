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
		Name:    "ilostat",
		Summary: "ILOSTAT's download service (rplumber.ilo.org)",
		New: func() Settings {
			return &ILOSTAT{
				URL: "https://rplumber.ilo.org", Type: "code", BestSource: "yes",
				Manners: newManners(1, 2*time.Minute, time.Hour, 2*GiB),
			}
		},
	})
}

// ILOSTAT pulls datasets of the International Labour Organization as CSV, one object
// for each. Its table of contents is asked for first: it says when each dataset
// changed last, and one that has not changed since the last pull is not asked for. It
// also says how many records a dataset has, and an answer to a query without limits
// that has another number is an error.
//
// The service passes over parameters that it does not know, takes an empty one for
// every code, and answers a code that it does not know with a header alone; so only
// known parameters are sent, never an empty one, and a header alone is an error
// unless it answers a backfill.
type ILOSTAT struct {
	URL        string   `yaml:"url" doc:"address of the service; default https://rplumber.ilo.org"`
	Indicators []string `yaml:"indicators" doc:"datasets: indicators with their frequency, such as EAR_4MTH_SEX_ECO_CUR_NB_A"`
	RefArea    []string `yaml:"ref_area" doc:"areas to ask for, such as IDN; default all"`
	Sex        []string `yaml:"sex" doc:"sexes to ask for, such as SEX_T; default all"`
	Classif1   []string `yaml:"classif1" doc:"codes of the first classification to ask for; default all"`
	Classif2   []string `yaml:"classif2" doc:"codes of the second classification to ask for; default all"`
	Source     []string `yaml:"source" doc:"sources to ask for, such as BA:453; default all"`
	Start      string   `yaml:"start" doc:"first year to ask for; default all"`
	End        string   `yaml:"end" doc:"last year to ask for; default all"`
	BestSource string   `yaml:"best_source" doc:"yes (the preferred source of each value), all or no (the others only); default yes"`
	Type       string   `yaml:"type" doc:"code, or label (names instead of codes); default code"`
	Manners    `yaml:",inline"`
}

var (
	ilostatID   = regexp.MustCompile(`^[A-Z0-9_]+_[AQM]$`)
	ilostatCode = regexp.MustCompile(`^[A-Za-z0-9_:.-]+$`)
	ilostatYear = regexp.MustCompile(`^[12][0-9]{3}$`)
)

// limits are the codes that are asked for, by the service's parameters.
func (s *ILOSTAT) limits() []ilostatLimit {
	return []ilostatLimit{{"ref_area", s.RefArea}, {"sex", s.Sex}, {"classif1", s.Classif1}, {"classif2", s.Classif2}, {"source", s.Source}}
}

type ilostatLimit struct {
	parameter string
	codes     []string
}

// Connect checks the settings.
func (s *ILOSTAT) Connect(env Env) (Connector, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("checking ilostat settings: %w", err)
	}
	wire := s.wire(strings.TrimRight(s.URL, "/"), "text/csv, application/json, application/octet-stream, */*;q=0.1")
	wire.Headers = map[string]Secret{"Accept-Language": "en"}
	made, err := wire.connected(env)
	if err != nil {
		return nil, err
	}
	return &ilostatConnector{settings: *s, wire: made}, nil
}

func (s *ILOSTAT) check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if len(s.Indicators) == 0 {
		report("indicators: name at least one, such as EAR_4MTH_SEX_ECO_CUR_NB_A")
	}
	for i, id := range s.Indicators {
		if !ilostatID.MatchString(id) || slices.Contains(s.Indicators[:i], id) {
			report("indicators: %q is no dataset with its frequency at the end (_A, _Q or _M), or stands there twice", id)
		}
	}
	for _, limit := range s.limits() {
		for i, code := range limit.codes {
			if !ilostatCode.MatchString(code) || slices.Contains(limit.codes[:i], code) {
				report("%s: %q is no code, or stands there twice; the service takes an empty one for every code: leave the setting out for that", limit.parameter, code)
			}
		}
	}
	for name, year := range map[string]string{"start": s.Start, "end": s.End} {
		if year != "" && !ilostatYear.MatchString(year) {
			report("%s: must be a year such as 2015", name)
		}
	}
	if s.Start != "" && s.End != "" && s.End < s.Start {
		report("end: lies before start")
	}
	if s.Type != "code" && s.Type != "label" {
		report("type: %q is neither code nor label", s.Type)
	}
	if !slices.Contains([]string{"yes", "all", "no"}, s.BestSource) {
		report("best_source: %q is none of yes, all and no", s.BestSource)
	}
	return errors.Join(problems...)
}
