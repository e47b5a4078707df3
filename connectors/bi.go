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
		Name:    "bi",
		Summary: "Bank Indonesia's exchange rates (wsKursBI)",
		New: func() Settings {
			return &BI{
				URL: "https://www.bi.go.id/biwebservice/wskursbi.asmx", Via: "get",
				Manners: newManners(0.5, 30*time.Second, 10*time.Minute, 16*MiB).as(browser),
			}
		},
	})
}

// BI pulls the exchange rates of Bank Indonesia's web service: for each series and
// currency one object per calendar year, and from then on what is newer than the
// newest day seen, less the lookback of the feed. JISDOR is asked for the US
// dollar only, which is all that it quotes. Days without quotation are not in the
// answers, and an answer without days is no object.
//
// The service takes days from and to, both included, in parameters whose names
// differ in case between its two series; it is asked by GET, or by SOAP where GET
// is closed. It turns away programs that do not look like a browser.
type BI struct {
	URL        string   `yaml:"url" doc:"address of the service; default https://www.bi.go.id/biwebservice/wskursbi.asmx"`
	Series     []string `yaml:"series" doc:"jisdor (the reference rate of the US dollar), transaction (buying and selling rates), or both"`
	Currencies []string `yaml:"currencies" doc:"ISO 4217 codes to ask for"`
	Start      string   `yaml:"start" doc:"first day to ask for, such as 2013-05-20"`
	Via        string   `yaml:"via" doc:"get or soap; default get"`
	Manners    `yaml:",inline"`
}

// A biSeries is how the service calls one of its series.
type biSeries struct{ method, from, to string }

var biSeriesKnown = map[string]biSeries{
	"jisdor":      {"getSubKursJisdor3", "startDate", "endDate"},
	"transaction": {"getSubKursLokal3", "startdate", "enddate"},
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// Connect checks the settings.
func (s *BI) Connect(env Env) (Connector, error) {
	start, err := s.check()
	if err != nil {
		return nil, fmt.Errorf("checking bi settings: %w", err)
	}
	wire, err := s.wire(s.URL, "text/xml, application/xml, */*;q=0.1").connected(env)
	if err != nil {
		return nil, err
	}
	return &biConnector{settings: *s, start: start, wire: wire}, nil
}

func (s *BI) check() (start time.Time, err error) {
	var problems []error
	if len(s.Series) == 0 {
		problems = append(problems, errors.New("series: name at least one of jisdor and transaction"))
	}
	for i, name := range s.Series {
		if _, ok := biSeriesKnown[name]; !ok || slices.Contains(s.Series[:i], name) {
			problems = append(problems, fmt.Errorf("series: %q is not known, or stands there twice (known: jisdor, transaction)", name))
		}
	}
	if slices.Contains(s.Series, "jisdor") && !slices.Contains(s.Currencies, "USD") {
		problems = append(problems, errors.New("currencies: JISDOR quotes USD only, which is not among them"))
	}
	if s.Via != "get" && s.Via != "soap" {
		problems = append(problems, fmt.Errorf("via: %q is neither get nor soap", s.Via))
	}
	if len(s.Currencies) == 0 {
		problems = append(problems, errors.New("currencies: name at least one, such as USD"))
	}
	seen := map[string]bool{}
	for _, code := range s.Currencies {
		if !currencyCode.MatchString(code) || seen[code] {
			problems = append(problems, fmt.Errorf("currencies: %q is no code of three capitals, or stands there twice", code))
		}
		seen[code] = true
	}
	if start, err = time.ParseInLocation(time.DateOnly, s.Start, sourceZone); err != nil {
		problems = append(problems, errors.New("start: must be a day such as 2013-05-20"))
	}
	return start, errors.Join(problems...)
}

type biConnector struct {
	settings BI
	start    time.Time
	wire     *restConnector
}

// biPosition is the newest day seen, "2026-02-06", of each "transaction/USD".
type biPosition struct {
	Seen map[string]string `json:"seen"`
}

// Pull yields the years, and the part of the running one, that may hold new days.
func (c *biConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error { return c.pull(ctx, req, yield) })
}

func (c *biConnector) pull(ctx context.Context, req Request, yield func(*Object) bool) error {
	position := biPosition{Seen: map[string]string{}}
	if len(req.Position) > 0 && req.Window.IsZero() {
		if err := json.Unmarshal(req.Position, &position); err != nil || position.Seen == nil {
			return errBIPosition
		}
	}
	session := c.wire.newSession(req.Now)
	for _, series := range c.settings.Series {
		for _, currency := range c.settings.Currencies {
			if series == "jisdor" && currency != "USD" {
				continue
			}
			if err := c.years(ctx, req, biQuestion{session: session, series: series, currency: currency}, &position, yield); err != nil {
				return err
			}
		}
	}
	return nil
}

// years asks one question for each calendar year that may hold new days.
func (c *biConnector) years(ctx context.Context, req Request, q biQuestion, position *biPosition, yield func(*Object) bool) error {
	from, to, err := c.span(req, position.Seen[q.name()])
	if err != nil {
		return err
	}
	for ; !from.After(to); from = time.Date(from.Year()+1, 1, 1, 0, 0, 0, 0, sourceZone) {
		until := time.Date(from.Year(), 12, 31, 0, 0, 0, 0, sourceZone)
		if until.After(to) {
			until = to
		}
		q.first, q.last = from.Format(time.DateOnly), until.Format(time.DateOnly)
		object, newest, err := c.ask(ctx, q)
		if err != nil {
			return err
		}
		if object == nil {
			continue
		}
		if newest > position.Seen[q.name()] && req.Window.IsZero() {
			position.Seen[q.name()] = newest
			if object.Position, err = json.Marshal(position); err != nil {
				return fmt.Errorf("writing the position of %s: %w", q.name(), err)
			}
		}
		if !yield(object) {
			return errEnough
		}
	}
	return nil
}

var errBIPosition = errors.New("reading the position of the rates: it is not one that this connector wrote: pull the feed anew")

// span is what to ask for: the days of a backfill, or those after the newest one
// seen, both ends included.
func (c *biConnector) span(req Request, seen string) (from, to time.Time, err error) {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(sourceZone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, sourceZone)
	}
	from, to = c.start, day(req.Now)
	switch {
	case !req.Window.IsZero():
		if w := req.Window.From; !w.IsZero() && day(w).After(from) {
			from = day(w)
		}
		if w := req.Window.To; !w.IsZero() && day(w.Add(-1)).Before(to) {
			to = day(w.Add(-1))
		}
	case seen != "":
		last, err := time.ParseInLocation(time.DateOnly, seen, sourceZone)
		if err != nil {
			return from, to, errBIPosition
		}
		if next := day(last.AddDate(0, 0, 1).Add(-req.Lookback)); next.After(from) {
			from = next
		}
	}
	return from, to, nil
}

// A biQuestion is what one request asks for.
type biQuestion struct {
	session                       *httpSession
	series, currency, first, last string
}

func (q biQuestion) name() string { return q.series + "/" + q.currency }

// ask sends one request; no object means that the answer has no days.
func (c *biConnector) ask(ctx context.Context, q biQuestion) (object *Object, newest string, err error) {
	place := fmt.Sprintf("%s from %s to %s", q.name(), q.first, q.last)
	err = q.session.fetch(ctx, c.target(q), place, func(r *http.Response, body io.ReadCloser) error {
		defer body.Close()
		data, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		if looksHTML(r.Header.Get("Content-Type"), data[:min(len(data), 512)]) {
			return errors.New("the source answered with a web page instead of data: did its address change, or does it refuse the user_agent?")
		}
		if newest, err = q.newest(data); err != nil {
			return contentError{err}
		}
		if newest == "" {
			return nil
		}
		media := r.Header.Get("Content-Type")
		if media == "" {
			media = "text/xml"
		}
		object = &Object{
			Name:      fmt.Sprintf("%s/%s_%s.xml", q.name(), q.first, q.last),
			MediaType: media, Meta: map[string]string{"url": c.settings.URL}, Body: io.NopCloser(bytes.NewReader(data)),
		}
		return nil
	})
	return object, newest, err
}

// target is the address to ask. With SOAP the question goes into the body.
func (c *biConnector) target(q biQuestion) *url.URL {
	target, series := *c.wire.base, biSeriesKnown[q.series]
	if c.settings.Via == "soap" {
		envelope := `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
			fmt.Sprintf(`<%[1]s xmlns="http://tempuri.org/"><mts>%[2]s</mts><%[3]s>%[4]s</%[3]s><%[5]s>%[6]s</%[5]s></%[1]s>`, series.method, q.currency, series.from, q.first, series.to, q.last) +
			`</soap:Body></soap:Envelope>`
		q.session.body = &requestBody{text: envelope, mediaType: "text/xml; charset=utf-8", headers: map[string]string{"SOAPAction": `"http://tempuri.org/` + series.method + `"`}}
		return &target
	}
	target.Path = strings.TrimSuffix(target.Path, "/") + "/" + series.method
	target.RawQuery = url.Values{"mts": {q.currency}, series.from: {q.first}, series.to: {q.last}}.Encode()
	return &target
}
