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
	"path"
	"strconv"
	"strings"
	"time"
)

type restConnector struct {
	settings  REST
	base      *url.URL
	env       Env
	transport http.RoundTripper
	template  *bodyTemplate // nil: parameters go as a query or form
}

// restPosition is where the next pull goes on: Updated and Key for keyset paging,
// as the source wrote them; Since or the validators for the others.
type restPosition struct {
	Updated string     `json:"updated,omitempty"`
	Key     string     `json:"key,omitempty"`
	Since   *time.Time `json:"since,omitempty"`
	// Of a resource that is one object: the validators of its last answer, and
	// which resource that was.
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	Resource string `json:"resource,omitempty"`
}

// A restPull is one pull under way.
type restPull struct {
	c        *restConnector
	session  *httpSession
	ctx      context.Context
	req      Request
	position restPosition
	role     Role
	asOf     time.Time // when the source was asked: the pull's time, or that of an export under way
	yield    func(*Object) bool
}

// Pull yields the pages that are new.
func (c *restConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &restPull{c: c, session: c.newSession(req.Now), ctx: ctx, req: req, asOf: req.Now, yield: yield}
		return p.run()
	})
}

func (p *restPull) run() error {
	s := &p.c.settings
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &p.position); err != nil {
			return fmt.Errorf("reading the position of %s: it is not one that this connector wrote: %w", p.place(0), err)
		}
	}
	var err error
	switch {
	case s.Export.isSet():
		err = p.export()
	case s.Paging.Kind == "none":
		err = p.whole(p.c.base)
	case s.Paging.Kind == "keyset":
		err = p.keyset()
	default:
		err = p.pages(p.c.base)
	}
	if err != nil || !p.req.Sweep || s.SweepURL == "" {
		return err
	}
	// The listing is asked for after the data: a row that appears between the two
	// is then in the listing, and not taken for deleted.
	sweep, err := url.Parse(s.SweepURL)
	if err != nil {
		return fmt.Errorf("checking rest settings: sweep_url: must be a whole address")
	}
	p.role = Keys
	if s.Paging.Kind == "none" || s.Paging.Kind == "keyset" {
		return p.whole(sweep)
	}
	return p.pages(sweep)
}

// place names a page in messages: its number, and the address without the query.
func (p *restPull) place(number int) string {
	u := url.URL{Scheme: p.c.base.Scheme, Host: p.c.base.Host, Path: p.c.base.Path}
	if number == 0 {
		return u.String()
	}
	return fmt.Sprintf("page %d of %s", number, u.String())
}

// query returns the parameters that every request of this pull has.
func (p *restPull) query(base *url.URL) url.Values {
	s := &p.c.settings
	query := base.Query()
	for name, value := range s.Query {
		query.Set(name, value.Reveal())
	}
	if s.Paging.SizeParam != "" {
		query.Set(s.Paging.SizeParam, strconv.Itoa(s.Paging.Size))
	}
	if p.role == Keys {
		return query
	}
	if w := p.req.Window; !w.IsZero() {
		if s.Window.FromParam != "" && !w.From.IsZero() {
			query.Set(s.Window.FromParam, formatInstant(w.From, s.TimeFormat))
		}
		if s.Window.ToParam != "" && !w.To.IsZero() {
			query.Set(s.Window.ToParam, formatInstant(w.To, s.TimeFormat))
		}
	} else if since := p.position.Since; since != nil && s.sinceParam() != "" && s.Paging.Kind != "keyset" {
		query.Set(s.sinceParam(), formatInstant(since.Add(-p.req.Lookback), s.TimeFormat))
	}
	return query
}

// sincePosition is the position after a pull that asks by since_param: the newest
// change seen or, when items do not tell, the time when the source was asked. It
// never goes back.
func (p *restPull) sincePosition(newest time.Time) (json.RawMessage, error) {
	if p.c.settings.sinceParam() == "" || !p.req.Window.IsZero() || p.role == Keys {
		return nil, nil
	}
	if p.c.settings.Paging.UpdatedPath == "" {
		newest = p.asOf
	}
	if old := p.position.Since; old != nil && old.After(newest) {
		newest = *old
	}
	if newest.IsZero() {
		return nil, nil
	}
	newest = newest.UTC()
	return json.Marshal(restPosition{Since: &newest})
}

func (p *restPull) checkHTML(r *http.Response, head []byte) error {
	if strings.Contains(p.c.settings.Accept, "text/html") || !looksHTML(r.Header.Get("Content-Type"), head) {
		return nil
	}
	return errWebPage
}

var errWebPage = errors.New("the source answered with a web page instead of data: a login or maintenance page? check url and auth")

// describe fills in what the answer's headers say. number is 0 for a resource
// that is one object.
func (p *restPull) describe(r *http.Response, number int) Object {
	base := path.Base(p.c.base.Path)
	if base == "/" || base == "." {
		base = p.c.base.Hostname()
	}
	if p.role == Keys {
		base += "-keys"
	}
	contentType := r.Header.Get("Content-Type")
	name := base
	if number > 0 {
		name = fmt.Sprintf("%s/page-%06d.json", base, number)
	} else if _, known := mediaTypes[strings.ToLower(path.Ext(base))]; !known {
		name = base + "." + extensionOf(contentType)
	}
	o := Object{Name: name, MediaType: contentType, Role: p.role, Meta: map[string]string{"url": p.place(0)}}
	if o.MediaType == "" {
		o.MediaType = "application/octet-stream"
	}
	if etag := r.Header.Get("ETag"); etag != "" {
		o.Meta["etag"] = etag
	}
	if modified, err := http.ParseTime(r.Header.Get("Last-Modified")); err == nil {
		o.ModifiedAt = modified.UTC()
	}
	return o
}

// page reads one page whole; nil means that there is no content.
func (p *restPull) page(u *url.URL, number int) (*page, error) {
	var pg *page
	place := p.place(number)
	err := p.session.fetch(p.ctx, u, place, func(r *http.Response, body io.ReadCloser) (err error) {
		defer body.Close()
		if r.StatusCode == http.StatusNoContent {
			return nil
		}
		limit := p.c.settings.MaxPageBytes
		data, err := io.ReadAll(io.LimitReader(body, int64(limit)+1))
		if err != nil {
			return err
		}
		if Size(len(data)) > limit {
			return contentError{fmt.Errorf("the page has more than max_page_bytes (%s): ask for fewer items per page, or raise the limit", limit)}
		}
		if err := p.checkHTML(r, data[:min(len(data), 512)]); err != nil {
			return err
		}
		pg = &page{number: number, body: data, object: p.describe(r, number), url: r.Request.URL, links: r.Header.Values("Link")}
		if err := pg.scan(&p.c.settings.Paging); err != nil {
			return contentError{err}
		}
		return nil
	})
	return pg, err
}

func (p *restPull) give(pg *page) error {
	pg.object.Body = io.NopCloser(bytes.NewReader(pg.body))
	if !p.yield(&pg.object) {
		return errEnough
	}
	return nil
}
