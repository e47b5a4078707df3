package connectors

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

type sdmxConnector struct {
	settings SDMX
	wire     *restConnector
}

// sdmxPosition holds what is known of each query, by its address.
type sdmxPosition struct {
	Seen map[string]sdmxMark `json:"seen"`
}

// An sdmxMark is how an answer that has not changed is recognised, or the pull after
// which changes are asked for.
type sdmxMark struct {
	ETag     string     `json:"etag,omitempty"`
	Modified string     `json:"modified,omitempty"`
	Since    *time.Time `json:"since,omitempty"`
}

var errSDMXPosition = errors.New("reading the position of the statistics: it is not one that this connector wrote: pull the feed anew")

// An sdmxPull is one pull under way.
type sdmxPull struct {
	c       *sdmxConnector
	session *httpSession
	answers *answerKeeper
	ctx     context.Context
	req     Request
	seen    map[string]sdmxMark // nil in a backfill
	yield   func(*Object) bool
}

// Pull yields the answers to the queries.
func (c *sdmxConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &sdmxPull{c: c, session: c.wire.newSession(req.Now), ctx: ctx, req: req, yield: yield}
		p.answers = keepAnswers(p.session)
		return p.run()
	})
}

func (p *sdmxPull) run() error {
	var position sdmxPosition
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &position); err != nil || position.Seen == nil {
			return errSDMXPosition
		}
	}
	from, to := p.periods()
	if from != "" && to != "" && from > to {
		return nil // the backfill lies outside of what is asked for at all
	}
	addresses := make([]*url.URL, len(p.c.settings.Queries))
	if p.req.Window.IsZero() {
		p.seen = map[string]sdmxMark{}
	}
	for i, q := range p.c.settings.Queries {
		addresses[i] = p.address(q, from, to)
		// A query that is asked no more leaves the position, one that changed begins anew.
		if mark, ok := position.Seen[p.asked(addresses[i])]; ok {
			p.seen[p.asked(addresses[i])] = mark
		}
	}
	for i, q := range p.c.settings.Queries {
		ask := p.whole
		if p.c.settings.PageSize > 0 {
			ask = p.pages
		}
		if err := ask(q, addresses[i]); err != nil {
			return err
		}
	}
	return nil
}

// periods are the first and the last period to ask for, both included: those of the
// settings, and within them those of a backfill, rounded outwards to whole ones.
func (p *sdmxPull) periods() (from, to string) {
	s, layout := &p.c.settings, sdmxPeriods[p.c.settings.Periods]
	from, to = s.Start, s.End
	if w := p.req.Window.From; !w.IsZero() {
		from = max(from, w.In(sourceZone).Format(layout))
	}
	if w := p.req.Window.To; !w.IsZero() {
		if last := w.Add(-1).In(sourceZone).Format(layout); to == "" || last < to {
			to = last
		}
	}
	return from, to
}

// address is what to ask a query at. Its signs stand as the standard writes them:
// a service may read %2B as part of a code, and a + in a path is one.
func (p *sdmxPull) address(q SDMXQuery, from, to string) *url.URL {
	s, target := &p.c.settings, *p.c.wire.base
	path, query := "/data/"+q.Agency+","+q.Flow+","+q.Version, ""
	key := q.Key
	if key == "" {
		key = map[string]string{"2.1": "all", "3.0": "*"}[s.Version]
	}
	add := func(parameter string) {
		if query != "" {
			query += "&"
		}
		query += parameter
	}
	if s.Version == "3.0" {
		path = "/data/dataflow/" + q.Agency + "/" + q.Flow + "/" + q.Version
		limits := ""
		if from != "" {
			limits = "ge:" + from
		}
		if to != "" {
			if limits != "" {
				limits += "+"
			}
			limits += "le:" + to
		}
		if limits != "" {
			add("c%5BTIME_PERIOD%5D=" + limits)
		}
	} else {
		if from != "" {
			add("startPeriod=" + from)
		}
		if to != "" {
			add("endPeriod=" + to)
		}
	}
	if s.LastNObservations > 0 {
		add("lastNObservations=" + strconv.Itoa(s.LastNObservations))
	}
	base := target.EscapedPath()
	for len(base) > 0 && base[len(base)-1] == '/' {
		base = base[:len(base)-1]
	}
	target.RawPath = base + path + "/" + key
	target.Path, _ = url.PathUnescape(target.RawPath)
	target.RawQuery = joinQueries(target.RawQuery, query)
	return &target
}

// asked is what a position knows a query by: its address and the form of the answer.
func (p *sdmxPull) asked(address *url.URL) string {
	return p.c.settings.accept() + " " + address.RequestURI()
}

// joinQueries adds parameters to those that an address has already.
func joinQueries(a, b string) string {
	if a != "" && b != "" {
		return a + "&" + b
	}
	return a + b
}

func (p *sdmxPull) place(q SDMXQuery) string {
	return fmt.Sprintf("%s of %s", q.Name, p.c.wire.base.Hostname())
}

// name is what an object is called: the query, and in a backfill its periods.
func (p *sdmxPull) name(q SDMXQuery, page int) string {
	name := q.Name
	if !p.req.Window.IsZero() {
		from, to := p.periods()
		name += "/" + from + "_" + to
	}
	if page > 0 {
		name += fmt.Sprintf("/page-%06d", page)
	}
	return name + p.c.settings.extension()
}

// whole asks a query whose answer is one object, which is not held in memory.
func (p *sdmxPull) whole(q SDMXQuery, address *url.URL) error {
	mark, known := p.seen[p.asked(address)]
	target := *address
	p.answers.headers = map[string]string{}
	if known && !p.c.settings.UpdatedAfter {
		if mark.ETag != "" {
			p.answers.headers["If-None-Match"] = mark.ETag
		} else if mark.Modified != "" {
			p.answers.headers["If-Modified-Since"] = mark.Modified
		}
	}
	if known && p.c.settings.UpdatedAfter && mark.Since != nil {
		target.RawQuery = joinQueries(target.RawQuery, "updatedAfter="+url.QueryEscape(mark.Since.Add(-p.req.Lookback).UTC().Format(time.RFC3339)))
	}
	var object *Object
	err := p.fetch(&target, p.place(q), func(r *http.Response, body io.ReadCloser) (err error) {
		object, err = p.object(q, r, body)
		return err
	})
	if errors.Is(err, errSDMXNothing) {
		return nil
	}
	if err != nil || object == nil {
		return err
	}
	if p.seen != nil {
		if err := p.note(object, address, mark); err != nil {
			_ = object.Body.Close()
			return err
		}
	}
	if !p.yield(object) {
		return errEnough
	}
	return nil
}

// fetch asks, and words what the source says where it refuses.
func (p *sdmxPull) fetch(target *url.URL, place string, read func(*http.Response, io.ReadCloser) error) error {
	err := p.session.fetch(p.ctx, target, place, read)
	if err == nil || p.ctx.Err() != nil {
		return err
	}
	if p.answers.status == http.StatusNotModified && len(p.answers.headers) == 0 {
		return err // to a question without validators
	}
	if worded := p.c.settings.refused(p.answers.status, p.answers.head); worded != nil {
		return fmt.Errorf("pulling %s: %w", place, worded)
	}
	return err
}

// note gives an object the position after it, if its answer leaves anything to
// recognise it by.
func (p *sdmxPull) note(object *Object, address *url.URL, mark sdmxMark) (err error) {
	next := sdmxMark{ETag: object.Meta["etag"], Modified: object.Meta["modified"]}
	if p.c.settings.UpdatedAfter {
		since := p.req.Now.UTC()
		if mark.Since != nil && mark.Since.After(since) {
			since = *mark.Since
		}
		next = sdmxMark{Since: &since}
	}
	if next == (sdmxMark{}) {
		return nil
	}
	p.seen[p.asked(address)] = next
	if object.Position, err = json.Marshal(sdmxPosition{p.seen}); err != nil {
		return fmt.Errorf("writing the position of %s: %w", object.Name, err)
	}
	return nil
}

// object takes an answer; nil means that it says there is nothing.
func (p *sdmxPull) object(q SDMXQuery, r *http.Response, body io.ReadCloser) (*Object, error) {
	if r.StatusCode == http.StatusNoContent {
		return nil, body.Close()
	}
	buffered := bufio.NewReaderSize(body, sdmxHead)
	head, err := buffered.Peek(sdmxHead)
	if err != nil && err != io.EOF {
		_ = body.Close()
		return nil, err
	}
	if err := p.c.settings.refuse(r, head, err == io.EOF); err != nil {
		_ = body.Close()
		return nil, err
	}
	o := p.describe(q, r, 0)
	o.Body = &placedBody{Reader: buffered, Closer: body, fail: func(err error) error {
		if p.ctx.Err() != nil {
			return fmt.Errorf("pulling %s: %w", p.place(q), context.Cause(p.ctx))
		}
		return p.session.failure(p.place(q), err)
	}}
	return o, nil
}

func (p *sdmxPull) describe(q SDMXQuery, r *http.Response, page int) *Object {
	o := &Object{Name: p.name(q, page), MediaType: r.Header.Get("Content-Type"), Meta: map[string]string{"url": p.c.settings.URL, "flow": q.Agency + "," + q.Flow + "," + q.Version}}
	if o.MediaType == "" || o.MediaType == "application/octet-stream" {
		o.MediaType = mediaTypeOf(o.Name)
	}
	if etag := r.Header.Get("ETag"); etag != "" {
		o.Meta["etag"] = etag
	}
	if modified, err := http.ParseTime(r.Header.Get("Last-Modified")); err == nil {
		o.Meta["modified"], o.ModifiedAt = r.Header.Get("Last-Modified"), modified.UTC()
	}
	return o
}

// pages asks a query by offset and limit until a page has no observations: a service
// may give fewer than asked for. None of them moves the position, because the pages
// of one query are one answer.
func (p *sdmxPull) pages(q SDMXQuery, address *url.URL) error {
	var before [32]byte
	offset := 0
	for number := 1; ; number++ {
		if number > p.c.settings.MaxPages {
			return fmt.Errorf("pulling %s: more than max_pages (%d) pages: ask for larger ones, or raise the limit", p.place(q), p.c.settings.MaxPages)
		}
		target := *address
		target.RawQuery = joinQueries(target.RawQuery, fmt.Sprintf("offset=%d&limit=%d", offset, p.c.settings.PageSize))
		object, data, err := p.page(q, &target, number)
		if errors.Is(err, errSDMXNothing) || err == nil && object == nil {
			return nil
		}
		if err != nil {
			return err
		}
		digest := sha256.Sum256(data)
		count := csvRecords(data)
		switch {
		case count == 0:
			return nil
		case number > 1 && digest == before:
			return fmt.Errorf("pulling %s: page %d repeats the page before: the service does not heed limit and offset, take page_size away", p.place(q), number)
		}
		before, offset = digest, offset+count
		object.Body = io.NopCloser(bytes.NewReader(data))
		if !p.yield(object) {
			return errEnough
		}
	}
}

func (p *sdmxPull) page(q SDMXQuery, target *url.URL, number int) (object *Object, data []byte, err error) {
	place := fmt.Sprintf("page %d of %s", number, p.place(q))
	err = p.fetch(target, place, func(r *http.Response, body io.ReadCloser) (err error) {
		defer body.Close()
		if r.StatusCode == http.StatusNoContent {
			return nil
		}
		limit := p.c.settings.MaxPageBytes
		if data, err = io.ReadAll(io.LimitReader(body, int64(limit)+1)); err != nil {
			return err
		}
		if Size(len(data)) > limit {
			return contentError{fmt.Errorf("the page has more than max_page_bytes (%s): lower page_size, or raise the limit", limit)}
		}
		if err := p.c.settings.refuse(r, data[:min(len(data), sdmxHead)], len(data) <= sdmxHead); err != nil {
			return err
		}
		object = p.describe(q, r, number)
		return nil
	})
	return object, data, err
}
