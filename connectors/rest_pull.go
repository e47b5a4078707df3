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
}

// restPosition is where the next pull goes on: Updated and Key for keyset paging,
// as the source wrote them; Since for the others.
type restPosition struct {
	Updated string     `json:"updated,omitempty"`
	Key     string     `json:"key,omitempty"`
	Since   *time.Time `json:"since,omitempty"`
}

// A restPull is one pull under way.
type restPull struct {
	c        *restConnector
	session  *httpSession
	ctx      context.Context
	req      Request
	position restPosition
	role     Role
	yield    func(*Object) bool
}

// Pull yields the pages that are new.
func (c *restConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		p := &restPull{c: c, session: c.newSession(req.Now), ctx: ctx, req: req, yield: func(o *Object) bool {
			more := yield(o, nil)
			// A reader that forgot to close must not hold the connection.
			_ = o.Body.Close()
			return more
		}}
		if err := p.run(); err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// errEnough says that the reader wants no more objects.
var errEnough = errors.New("enough")

func (p *restPull) run() error {
	s := &p.c.settings
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &p.position); err != nil {
			return fmt.Errorf("reading the position of %s: it is not one that this connector wrote: %w", p.place(0), err)
		}
	}
	var err error
	switch s.Paging.Kind {
	case "none":
		err = p.whole(p.c.base)
	case "keyset":
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
// change seen or, when items do not tell, the time of the pull. It never goes
// back.
func (p *restPull) sincePosition(newest time.Time) (json.RawMessage, error) {
	if p.c.settings.sinceParam() == "" || !p.req.Window.IsZero() || p.role == Keys {
		return nil, nil
	}
	if p.c.settings.Paging.UpdatedPath == "" {
		newest = p.req.Now
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

// whole pulls a resource that is one object, without holding it, unless its
// items tell when they changed.
func (p *restPull) whole(base *url.URL) error {
	u := *base
	u.RawQuery = p.query(base).Encode()
	if p.c.settings.Paging.UpdatedPath != "" && p.role == Data {
		pg, err := p.page(&u, 0)
		if err != nil || pg == nil {
			return err
		}
		if pg.object.Position, err = p.sincePosition(pg.updated.Time); err != nil {
			return err
		}
		return p.give(pg)
	}
	position, err := p.sincePosition(time.Time{})
	if err != nil {
		return err
	}
	var object *Object
	err = p.session.fetch(p.ctx, &u, p.place(0), func(r *http.Response, body io.ReadCloser) error {
		if r.StatusCode == http.StatusNoContent {
			return body.Close()
		}
		buffered := bufio.NewReaderSize(body, 64<<10)
		// An error here comes again when the body is read; but a connection that
		// breaks this early is worth another attempt.
		head, err := buffered.Peek(512)
		if err != nil && err != io.EOF {
			_ = body.Close()
			return err
		}
		if err := p.checkHTML(r, head); err != nil {
			_ = body.Close()
			return err
		}
		o := p.describe(r, 0)
		o.Position = position
		o.Body = &placedBody{Reader: buffered, Closer: body, fail: func(err error) error {
			if p.ctx.Err() != nil {
				err = context.Cause(p.ctx)
				return fmt.Errorf("pulling %s: %w", p.place(0), err)
			}
			return p.session.failure(p.place(0), err)
		}}
		object = &o
		return nil
	})
	if err == nil && object != nil && !p.yield(object) {
		err = errEnough
	}
	return err
}

// placedBody adds the place to the errors of a body that is read later.
type placedBody struct {
	io.Reader
	io.Closer
	fail func(error) error
}

func (b *placedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = b.fail(err)
	}
	return n, err
}

func (p *restPull) checkHTML(r *http.Response, head []byte) error {
	if strings.Contains(p.c.settings.Accept, "text/html") || !looksHTML(r.Header.Get("Content-Type"), head) {
		return nil
	}
	return errors.New("the source answered with a web page instead of data: a login or maintenance page? check url and auth")
}

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
