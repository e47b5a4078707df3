package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

func init() {
	Register(Kind{
		Name:    "worldbank",
		Summary: "indicators of the World Bank (Indicators API, version 2)",
		New: func() Settings {
			return &WorldBank{
				URL: "https://api.worldbank.org/v2", PerPage: 5000,
				Manners: newManners(1, time.Minute, 10*time.Minute, 64*MiB),
			}
		},
	})
}

// WorldBank pulls indicators of the World Bank for a list of economies, each page
// of observations as one object. The API says when the database of an indicator
// was last updated: an indicator whose database was not is asked for with one
// observation only, and not pulled again. Values are revised without a mark, so
// that after an update all of them come.
//
// The API refuses a whole question when one of its economies is unknown, with the
// status of success and without saying which. Then each is asked for by itself,
// and the error names the ones that are refused.
type WorldBank struct {
	URL        string   `yaml:"url" doc:"address of the API; default https://api.worldbank.org/v2"`
	Indicators []string `yaml:"indicators" doc:"codes of the indicators, such as BX.TRF.PWKR.CD.DT"`
	Countries  []string `yaml:"countries" doc:"economies by ISO code or by the World Bank's own for groups (WLD), or all"`
	Start      string   `yaml:"start" doc:"first time to ask for, in the form in which the indicators are dated: 2000, 2011Q1 or 2020M01; default the first that there is"`
	Source     int      `yaml:"source" doc:"number of the database to ask, for indicators that several have; default the API's choice"`
	PerPage    int      `yaml:"per_page" doc:"observations a page, at most 32500; default 5000"`
	Manners    `yaml:",inline"`
}

var (
	worldBankCode    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	worldBankEconomy = regexp.MustCompile(`^(?:[A-Za-z0-9]{2,3}|all)$`)
	worldBankTime    = regexp.MustCompile(`^\d{4}(?:Q[1-4]|M(?:0[1-9]|1[0-2]))?$`)
)

// worldBankMaxPages bounds an indicator: all economies and months of a century
// are fewer pages of the default size.
const worldBankMaxPages = 1000

// Connect checks the settings.
func (s *WorldBank) Connect(env Env) (Connector, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("checking worldbank settings: %w", err)
	}
	wire, err := s.wire(s.URL, "application/json").connected(env)
	if err != nil {
		return nil, err
	}
	return &worldBankConnector{settings: *s, wire: wire}, nil
}

func (s *WorldBank) check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if len(s.Indicators) == 0 {
		report("indicators: name at least one, such as BX.TRF.PWKR.CD.DT")
	}
	for i, code := range s.Indicators {
		if !worldBankCode.MatchString(code) || slices.Contains(s.Indicators[:i], code) {
			report("indicators: %q is no code of an indicator, or stands there twice", code)
		}
	}
	if len(s.Countries) == 0 {
		report("countries: name at least one, such as IDN, or all")
	}
	for i, code := range s.Countries {
		if !worldBankEconomy.MatchString(code) || slices.Contains(s.Countries[:i], code) || code == "all" && len(s.Countries) > 1 {
			report("countries: %q is no code of an economy, stands there twice, or is all and others", code)
		}
	}
	if s.Start != "" && !worldBankTime.MatchString(s.Start) {
		report("start: %q is no time such as 2000, 2011Q1 or 2020M01", s.Start)
	}
	if s.PerPage < 1 || s.PerPage > 32500 {
		report("per_page: must lie between 1 and 32500")
	}
	if s.Source < 0 {
		report("source: must be the number of a database")
	}
	return errors.Join(problems...)
}

type worldBankConnector struct {
	settings WorldBank
	wire     *restConnector
}

// worldBankPosition holds, for each indicator, when its database was last updated
// and what had been asked for.
type worldBankPosition struct {
	Seen map[string]worldBankSeen `json:"seen"`
}

type worldBankSeen struct {
	Updated string `json:"updated"`
	Asked   string `json:"asked"`
}

// A worldBankPull is one pull under way.
type worldBankPull struct {
	*worldBankConnector
	ctx      context.Context
	req      Request
	session  *httpSession
	position worldBankPosition
	yield    func(*Object) bool
}

// Pull yields the pages of the indicators that may have changed.
func (c *worldBankConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &worldBankPull{worldBankConnector: c, ctx: ctx, req: req, session: c.wire.newSession(req.Now),
			position: worldBankPosition{Seen: map[string]worldBankSeen{}}, yield: yield}
		return p.run()
	})
}

func (p *worldBankPull) run() error {
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &p.position); err != nil || p.position.Seen == nil {
			return errors.New("reading the position of the indicators: it is not one that this connector wrote: pull the feed anew")
		}
	}
	for _, code := range p.settings.Indicators {
		q := worldBankQuestion{indicator: code, countries: p.settings.Countries, page: 1, size: p.settings.PerPage, dates: p.dates()}
		err := p.indicator(q)
		if refused := (*worldBankRefusal)(nil); errors.As(err, &refused) && len(q.countries) > 1 {
			err = p.blame(q, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// indicator pulls the pages of an indicator, unless nothing was updated. An
// object is handed on when the next is there: only the last one carries the
// position.
func (p *worldBankPull) indicator(q worldBankQuestion) error {
	asked := strings.Join(p.settings.Countries, ";") + " " + p.settings.Start
	if seen := p.position.Seen[q.indicator]; seen.Updated != "" && seen.Asked == asked && p.req.Window.IsZero() {
		tiny := q
		tiny.size = 1
		if pg, err := p.ask(tiny); err != nil || pg.updated == seen.Updated {
			return err
		}
	}
	var held *Object
	updated, rows := "", 0
	for ; ; q.page++ {
		if q.page > worldBankMaxPages {
			return fmt.Errorf("pulling %s: more than %d pages: raise per_page", q, worldBankMaxPages)
		}
		pg, err := p.ask(q)
		if err != nil {
			return err
		}
		if q.page == 1 {
			updated = pg.updated
		}
		rows += pg.rows
		switch {
		case pg.rows > 0 && pg.number != q.page:
			return fmt.Errorf("pulling %s: the API answered page %d: it does not heed the page number", q, pg.number)
		case pg.updated != updated:
			return fmt.Errorf("pulling %s: %w: the database was updated between two pages: run the feed again", q, ErrUnavailable)
		case q.page >= pg.pages && rows != pg.total:
			return fmt.Errorf("pulling %s: the API says that there are %d observations and gave %d: ask again", q, pg.total, rows)
		}
		if held != nil && !p.yield(held) {
			return errEnough
		}
		held = pg.object
		if q.page >= pg.pages {
			break
		}
	}
	if held == nil {
		return nil
	}
	if p.req.Window.IsZero() {
		p.position.Seen[q.indicator] = worldBankSeen{Updated: updated, Asked: asked}
		var err error
		if held.Position, err = json.Marshal(p.position); err != nil {
			return fmt.Errorf("writing the position of %s: %w", q, err)
		}
	}
	if !p.yield(held) {
		return errEnough
	}
	return nil
}

// blame finds out which economies the API refuses; refusal is its error about all
// of them.
func (p *worldBankPull) blame(q worldBankQuestion, refusal error) error {
	var bad []string
	q.page, q.size = 1, 1
	for _, country := range p.settings.Countries {
		q.countries = []string{country}
		_, err := p.ask(q)
		if refused := (*worldBankRefusal)(nil); errors.As(err, &refused) {
			bad = append(bad, country)
		} else if err != nil {
			return err
		}
	}
	if len(bad) == 0 || len(bad) == len(p.settings.Countries) {
		return refusal // the economies are not to blame: it is the indicator, or the time
	}
	return fmt.Errorf("%w: it refuses %s under countries: correct or remove it", refusal, strings.Join(bad, ", "))
}

// dates is the range of times to ask for; "" asks for all.
func (p *worldBankPull) dates() string {
	from, w := p.settings.Start, p.req.Window
	if from == "" && w.IsZero() {
		return ""
	}
	to := worldBankPeriod(p.req.Now, p.settings.Start)
	if !w.From.IsZero() {
		from = max(from, worldBankPeriod(w.From, p.settings.Start))
	}
	if !w.To.IsZero() {
		to = min(to, worldBankPeriod(w.To.Add(-1), p.settings.Start))
	}
	return from + ":" + to
}

// worldBankPeriod writes a time in the form of another.
func worldBankPeriod(t time.Time, form string) string {
	t = t.In(sourceZone)
	switch {
	case strings.Contains(form, "Q"):
		return fmt.Sprintf("%dQ%d", t.Year(), (int(t.Month())+2)/3)
	case strings.Contains(form, "M"):
		return t.Format("2006M01")
	}
	return t.Format("2006")
}

// target is the address of a question.
func (p *worldBankPull) target(q worldBankQuestion) *url.URL {
	target := *p.wire.base
	target.Path = strings.TrimSuffix(target.Path, "/") + "/country/" + strings.Join(q.countries, ";") + "/indicator/" + q.indicator
	query := url.Values{"format": {"json"}, "per_page": {fmt.Sprint(q.size)}, "page": {fmt.Sprint(q.page)}}
	if q.dates != "" {
		query.Set("date", q.dates)
	}
	if p.settings.Source > 0 {
		query.Set("source", fmt.Sprint(p.settings.Source))
	}
	target.RawQuery = query.Encode()
	return &target
}
