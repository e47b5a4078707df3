package connectors

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

type ilostatConnector struct {
	settings ILOSTAT
	wire     *restConnector
}

// ilostatPosition is when each query's dataset changed last, in the words of the table
// of contents.
type ilostatPosition struct {
	Seen map[string]string `json:"seen"`
}

// An ilostatEntry is a dataset in the table of contents.
type ilostatEntry struct {
	ID      string      `json:"id"`
	Updated string      `json:"last.update"`
	Records json.Number `json:"n.records"`
	All     json.Number `json:"n.records.all"`
}

// An ilostatPull is one pull under way.
type ilostatPull struct {
	c       *ilostatConnector
	session *httpSession
	answers *answerKeeper
	ctx     context.Context
	req     Request
	seen    map[string]string // nil in a backfill
	yield   func(*Object) bool
}

// Pull yields the datasets that have changed.
func (c *ilostatConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &ilostatPull{c: c, session: c.wire.newSession(req.Now), ctx: ctx, req: req, yield: yield}
		p.answers = keepAnswers(p.session)
		return p.run()
	})
}

var errILOSTATPosition = errors.New("reading the position of ILOSTAT's datasets: it is not one that this connector wrote: pull the feed anew")

func (p *ilostatPull) run() error {
	var position ilostatPosition
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &position); err != nil || position.Seen == nil {
			return errILOSTATPosition
		}
	}
	from, to := p.years()
	if from != "" && to != "" && from > to {
		return nil // the backfill lies outside of what is asked for at all
	}
	contents, err := p.contents()
	if err != nil {
		return err
	}
	if p.req.Window.IsZero() {
		p.seen = map[string]string{}
	}
	// What is asked no more leaves the position; a query that changed begins anew.
	for _, id := range p.c.settings.Indicators {
		if query := p.query(id, from, to); position.Seen[query] != "" {
			p.seen[query] = position.Seen[query]
		}
	}
	for _, id := range p.c.settings.Indicators {
		entry, ok := contents[id]
		if !ok {
			return fmt.Errorf("pulling %s: ILOSTAT's table of contents does not list it: correct indicators, or take it out if it was withdrawn", id)
		}
		if err := p.dataset(entry, from, to); err != nil {
			return err
		}
	}
	return nil
}

// years are the first and the last year to ask for, of the settings and a backfill.
// The service reads no more than the year.
func (p *ilostatPull) years() (from, to string) {
	from, to = p.c.settings.Start, p.c.settings.End
	if w := p.req.Window.From; !w.IsZero() {
		from = max(from, w.In(sourceZone).Format("2006"))
	}
	if w := p.req.Window.To; !w.IsZero() {
		if last := w.Add(-1).In(sourceZone).Format("2006"); to == "" || last < to {
			to = last
		}
	}
	return from, to
}

// query are the parameters of a dataset. Codes are joined by a + as it stands: in the
// parameter id the service takes %2B for part of a name.
func (p *ilostatPull) query(id, from, to string) string {
	s := &p.c.settings
	query := "id=" + id
	for _, limit := range s.limits() {
		if len(limit.codes) > 0 {
			query += "&" + limit.parameter + "=" + strings.Join(limit.codes, "+")
		}
	}
	if from != "" {
		query += "&timefrom=" + from
	}
	if to != "" {
		query += "&timeto=" + to
	}
	if s.BestSource != "yes" {
		query += "&best_source=" + s.BestSource
	}
	return query + "&type=" + s.Type + "&format=.csv"
}

// ilostatContents bounds the table of contents, which has about a megabyte.
const ilostatContents = 64 << 20

// contents asks for the table of contents.
func (p *ilostatPull) contents() (map[string]ilostatEntry, error) {
	target := p.c.wire.base.JoinPath("metadata", "toc", "indicator")
	target.RawQuery = "lang=en&format=.json"
	found := map[string]ilostatEntry{}
	err := p.session.fetch(p.ctx, target, "ILOSTAT's table of contents", func(r *http.Response, body io.ReadCloser) error {
		defer body.Close()
		data, err := io.ReadAll(io.LimitReader(body, ilostatContents+1))
		if err != nil {
			return err
		}
		if looksHTML(r.Header.Get("Content-Type"), data[:min(len(data), 512)]) {
			return errILOSTATPage
		}
		if len(data) > ilostatContents {
			return contentError{fmt.Errorf("the answer has more than %s, which no table of contents has: is url right?", Size(ilostatContents))}
		}
		var entries []ilostatEntry
		if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), &entries); err != nil {
			return contentError{fmt.Errorf("the answer is no table of contents: %w", err)}
		}
		for _, e := range entries {
			found[e.ID] = e
		}
		return nil
	})
	return found, err
}

var errILOSTATPage = errors.New("the source answered with a web page instead of data: did its address change, or does it refuse the user_agent?")

// dataset pulls one dataset unless it is as it was.
func (p *ilostatPull) dataset(entry ilostatEntry, from, to string) error {
	query := p.query(entry.ID, from, to)
	if entry.Records.String() == "0" || entry.Updated != "" && p.seen[query] == entry.Updated {
		return nil
	}
	target := p.c.wire.base.JoinPath("data", "indicator", "/")
	target.RawQuery = query
	var object *Object
	err := p.session.fetch(p.ctx, target, entry.ID+" of ILOSTAT", func(r *http.Response, body io.ReadCloser) (err error) {
		object, err = p.object(entry, r, body)
		return err
	})
	if err != nil && p.answers.status == http.StatusBadRequest {
		return fmt.Errorf("pulling %s of ILOSTAT: the source answered 400 Bad Request%s: correct indicators", entry.ID, ownWords(p.answers.head))
	}
	if err != nil || object == nil {
		return err
	}
	if p.seen != nil && entry.Updated != "" {
		p.seen[query] = entry.Updated
		if object.Position, err = json.Marshal(ilostatPosition{p.seen}); err != nil {
			_ = object.Body.Close()
			return fmt.Errorf("writing the position of %s: %w", entry.ID, err)
		}
	}
	if !p.yield(object) {
		return errEnough
	}
	return nil
}

// object takes an answer; nil is a backfill's without records. Every answer is called
// application/octet-stream by the service, so that only its bytes tell what it is.
func (p *ilostatPull) object(entry ilostatEntry, r *http.Response, body io.ReadCloser) (*Object, error) {
	buffered := bufio.NewReaderSize(body, sdmxHead)
	head, err := buffered.Peek(sdmxHead)
	ended := err == io.EOF
	if err != nil && !ended {
		_ = body.Close()
		return nil, err
	}
	if looksHTML(r.Header.Get("Content-Type"), head) {
		_ = body.Close()
		return nil, errILOSTATPage
	}
	first := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), `"`)
	switch {
	case !bytes.HasPrefix(first, []byte("ref_area")):
		err = contentError{fmt.Errorf("the answer does not begin with the column ref_area, as ILOSTAT's tables do%s", ownWords(head[:min(len(head), 512)]))}
	case ended && csvRecords(head) == 0 && p.req.Window.IsZero():
		err = contentError{errors.New("the answer has no records: ILOSTAT does not know one of the codes in ref_area, sex, classif1, classif2 or source, which it does not say, or has nothing for these years")}
	case ended && csvRecords(head) == 0:
		return nil, body.Close()
	default:
		err = nil
	}
	if err != nil {
		_ = body.Close()
		return nil, err
	}
	o := &Object{Name: p.name(entry.ID), MediaType: "text/csv", Meta: map[string]string{"url": p.c.settings.URL, "last_update": entry.Updated}}
	o.Body = &recordsBody{placedBody: placedBody{Reader: buffered, Closer: body, fail: func(err error) error {
		if p.ctx.Err() != nil {
			return fmt.Errorf("pulling %s: %w", entry.ID, context.Cause(p.ctx))
		}
		return p.session.failure(entry.ID+" of ILOSTAT", err)
	}}, want: p.expected(entry), id: entry.ID}
	return o, nil
}

// name is what an object is called: the dataset, and in a backfill its years.
func (p *ilostatPull) name(id string) string {
	if p.req.Window.IsZero() {
		return id + ".csv"
	}
	from, to := p.years()
	return id + "/" + from + "_" + to + ".csv"
}

// expected is how many records an answer has by the table of contents; -1 where it
// cannot tell, because only a part was asked for.
func (p *ilostatPull) expected(entry ilostatEntry) int {
	from, to := p.years()
	if from != "" || to != "" {
		return -1
	}
	for _, limit := range p.c.settings.limits() {
		if len(limit.codes) > 0 {
			return -1
		}
	}
	said := map[string]json.Number{"yes": entry.Records, "all": entry.All}[p.c.settings.BestSource]
	n, err := strconv.Atoi(said.String())
	if err != nil {
		return -1
	}
	return n
}

// A recordsBody counts the records that pass and refuses the end if there are more or
// fewer than there should be.
type recordsBody struct {
	placedBody
	id    string
	want  int // -1: any
	count csvCount
}

func (b *recordsBody) Read(p []byte) (int, error) {
	n, err := b.placedBody.Read(p)
	b.count.add(p[:n])
	if records := b.count.records(); err == io.EOF && b.want >= 0 && records != b.want {
		return n, fmt.Errorf("pulling %s: the answer has %d records and ILOSTAT's table of contents says %d: it was cut short, or changed meanwhile; pull again", b.id, records, b.want)
	}
	return n, err
}
