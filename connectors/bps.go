package connectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

func init() {
	Register(Kind{
		Name:    "bps",
		Summary: "tables of Statistics Indonesia's web service (BPS WebAPI)",
		New: func() Settings {
			return &BPS{
				URL: "https://webapi.bps.go.id/v1/api", Domain: "0000", Language: "ind",
				Manners: newManners(1, time.Minute, 10*time.Minute, 64*MiB).as(browser),
			}
		},
	})
}

// BPS pulls dynamic tables of one domain of BPS's web service: for each variable it
// asks for the list of years, page by page, and then for the values of each year,
// newest first. The answer for one year is one object, and holds the lists that
// its values are decoded with. A year without values yet is no object.
//
// An answer says when its table was last changed. As far as is known that time is
// the table's, the same in every year's answer: then, if the newest year's is the
// one seen last, the others are not asked for. Where the years seen had different
// times, each year is asked for, and handed on if its own time moved.
//
// The key is a part of the address, as the service wants it. It stands in no
// message, name or description of an object.
type BPS struct {
	URL       string `yaml:"url" doc:"address of the service; default https://webapi.bps.go.id/v1/api"`
	Key       Secret `yaml:"key" doc:"the key that BPS gave for its web service"`
	Domain    string `yaml:"domain" doc:"BPS domain of four digits, whose variables have numbers of their own; default 0000, the national one"`
	Variables []int  `yaml:"variables" doc:"numbers of the variables (dynamic tables) to ask for"`
	Start     int    `yaml:"start" doc:"first year to ask for; default the first that there is"`
	End       int    `yaml:"end" doc:"last year to ask for; default the newest that there is"`
	Language  string `yaml:"language" doc:"language of the labels, ind or eng; default ind"`
	Manners   `yaml:",inline"`
}

var bpsDomain = regexp.MustCompile(`^\d{4}$`)

// bpsMaxPages bounds a list: BPS has ten entries a page and no table of 10 000 years.
const bpsMaxPages = 1000

// Connect checks the settings.
func (s *BPS) Connect(env Env) (Connector, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("checking bps settings: %w", err)
	}
	wire, err := s.wire(s.URL, "application/json").connected(env)
	if err != nil {
		return nil, err
	}
	return &bpsConnector{settings: *s, wire: wire}, nil
}

func (s *BPS) check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if key := s.Key.Reveal(); key == "" || strings.ContainsAny(key, "/?#% \t\r\n") {
		report("key: is empty or has characters that cannot stand in an address (is the variable set?)")
	}
	if u, err := url.Parse(s.URL); err == nil && u.Scheme == "http" && !isThisMachine(u.Hostname()) {
		report("url: the key would travel in clear over http://: use https://")
	}
	if len(s.Variables) == 0 {
		report("variables: name at least one, such as 192")
	}
	for i, v := range s.Variables {
		if v < 1 || slices.Contains(s.Variables[:i], v) {
			report("variables: %d is no number of a variable, or stands there twice", v)
		}
	}
	if !bpsDomain.MatchString(s.Domain) {
		report("domain: %q is no code of four digits", s.Domain)
	}
	if s.End != 0 && (s.End < max(s.Start, 1900) || s.End > 2200) {
		report("end: %d is no year, or before the start", s.End)
	}
	if s.Start != 0 && (s.Start < 1900 || s.Start > 2200) {
		report("start: %d is no year", s.Start)
	}
	if s.Language != "ind" && s.Language != "eng" {
		report("language: %q is neither ind nor eng", s.Language)
	}
	return errors.Join(problems...)
}

type bpsConnector struct {
	settings BPS
	wire     *restConnector
}

// bpsPosition holds, for each "0000/192" and year code, when the table had been
// changed last; "" for a year without values.
type bpsPosition struct {
	Seen map[string]map[string]string `json:"seen"`
}

// A bpsPull is one pull under way.
type bpsPull struct {
	*bpsConnector
	ctx      context.Context
	req      Request
	session  *httpSession
	position bpsPosition
	yield    func(*Object) bool
}

// Pull yields the years whose values may be new.
func (c *bpsConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &bpsPull{bpsConnector: c, ctx: ctx, req: req, session: c.wire.newSession(req.Now),
			position: bpsPosition{Seen: map[string]map[string]string{}}, yield: yield}
		return p.run()
	})
}

func (p *bpsPull) run() error {
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &p.position); err != nil || p.position.Seen == nil {
			return errors.New("reading the position of the BPS tables: it is not one that this connector wrote: pull the feed anew")
		}
	}
	for _, variable := range p.settings.Variables {
		t := bpsTable{domain: p.settings.Domain, variable: variable}
		years, err := p.years(t)
		if err == nil {
			err = p.table(t, years)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// table asks for the years of one table, newest first. An object is handed on
// when the next is there: only the last one carries the position.
func (p *bpsPull) table(t bpsTable, years []bpsYear) error {
	seen := p.position.Seen[t.name()]
	now := map[string]string{}
	var held *Object
	for i, year := range years {
		object, updated, err := p.data(t, year)
		if err != nil {
			return err
		}
		now[year.code()] = updated
		switch {
		case object == nil:
			continue
		case updated != "" && seen[year.code()] == updated:
			if held == nil && bpsSame(seen, years[i:]) {
				return nil
			}
			continue
		}
		if held != nil && !p.yield(held) {
			return errEnough
		}
		held = object
	}
	if held == nil {
		return nil
	}
	if p.req.Window.IsZero() {
		p.position.Seen[t.name()] = now
		var err error
		if held.Position, err = json.Marshal(p.position); err != nil {
			return fmt.Errorf("writing the position of %s: %w", t, err)
		}
	}
	if !p.yield(held) {
		return errEnough
	}
	return nil
}

// bpsSame says that all these years were asked for before, and that those with
// values had one time of change: the table's.
func bpsSame(seen map[string]string, years []bpsYear) bool {
	table := seen[years[0].code()]
	for _, year := range years {
		if updated, asked := seen[year.code()]; !asked || updated != "" && updated != table {
			return false
		}
	}
	return true
}

// data asks for the values of one year; no object means that there are none.
func (p *bpsPull) data(t bpsTable, year bpsYear) (object *Object, updated string, err error) {
	var answer bpsData
	place := fmt.Sprintf("%s, year %d", t, year.year())
	body, media, err := p.ask(place, &answer, "data", "domain", t.domain, "var", fmt.Sprint(t.variable), "th", year.code())
	if err != nil || !answer.available() {
		return nil, "", err
	}
	if !answer.isOf(year) {
		return nil, "", fmt.Errorf("pulling %s: the answer is to another question: the service, or something between, gives old answers; ask again", place)
	}
	object = &Object{
		Name:      fmt.Sprintf("%s/var-%d/th-%s.json", t.domain, t.variable, year.code()),
		MediaType: media, Meta: map[string]string{"url": p.settings.URL}, Body: io.NopCloser(bytes.NewReader(body)),
	}
	if at, err := time.ParseInLocation(time.DateTime, answer.LastUpdate, sourceZone); err == nil {
		object.ModifiedAt = at.UTC()
	}
	return object, answer.LastUpdate, nil
}

// ask sends one question, whose parts go into the path in the order that BPS
// documents, and reads its answer whole.
func (p *bpsPull) ask(place string, answer interface{ problem(key string) error }, model string, parts ...string) (body []byte, media string, err error) {
	key := p.settings.Key.Reveal()
	parts = slices.Concat([]string{"list", "model", model, "lang", p.settings.Language}, parts, []string{"key", key})
	target := *p.wire.base
	target.Path = strings.TrimSuffix(target.Path, "/") + "/" + strings.Join(parts, "/") + "/"
	err = p.session.fetch(p.ctx, &target, place, func(r *http.Response, answered io.ReadCloser) (err error) {
		defer answered.Close()
		if body, err = io.ReadAll(answered); err != nil {
			return err
		}
		if media = r.Header.Get("Content-Type"); media == "" {
			media = "application/json"
		}
		if looksHTML(media, body[:min(len(body), 512)]) {
			return errors.New("the source answered with a web page instead of data: did its address change, or does it refuse the user_agent?")
		}
		if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")), answer); err != nil {
			return contentError{errors.New("the answer is not the JSON that BPS documents: is url the address of the web service?")}
		}
		return answer.problem(key)
	})
	return body, media, err
}
