package connectors

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

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
	if p.isConditional() {
		p.session.headers = p.validators()
		defer func() { p.session.headers = nil }()
	}
	err = p.stream(&u, func(r *http.Response) (json.RawMessage, error) {
		if p.isConditional() {
			return p.validatorPosition(r)
		}
		return position, nil
	})
	if errors.Is(err, errNotModified) {
		return nil
	}
	return err
}

// stream hands an answer on as an object, without holding it.
func (p *restPull) stream(u *url.URL, position func(*http.Response) (json.RawMessage, error)) error {
	var object *Object
	err := p.session.fetch(p.ctx, u, p.place(0), func(r *http.Response, body io.ReadCloser) error {
		if r.StatusCode == http.StatusNoContent {
			return body.Close()
		}
		buffered := bufio.NewReaderSize(body, 64<<10)
		// An error here comes again when the body is read; but a connection that
		// breaks this early is worth another attempt.
		head, err := buffered.Peek(512)
		if err == io.EOF {
			err = nil
		}
		if err == nil {
			err = p.checkHTML(r, head)
		}
		o := p.describe(r, 0)
		if err == nil {
			o.Position, err = position(r)
		}
		if err != nil {
			_ = body.Close()
			return err
		}
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

// isConditional reports whether the source is asked only for what changed since the
// last answer as a whole. A backfill wants everything, and who asks by an instant
// asks for something else each time.
func (p *restPull) isConditional() bool {
	s := &p.c.settings
	return s.Conditional && s.Paging.Kind == "none" && s.Method == http.MethodGet && !s.Export.isSet() && s.sinceParam() == "" && p.req.Window.IsZero() && p.role == Data
}

// resource tells one resource from another in a position: validators are good for
// the resource that they came with. Parameters from secrets are not part of it.
func (p *restPull) resource() string {
	sum := sha256.Sum256([]byte(p.c.base.String()))
	return hex.EncodeToString(sum[:8])
}

func (p *restPull) validators() http.Header {
	headers := http.Header{}
	if p.position.Resource != p.resource() {
		return headers
	}
	if p.position.ETag != "" {
		headers.Set("If-None-Match", p.position.ETag)
	}
	if p.position.Modified != "" {
		headers.Set("If-Modified-Since", p.position.Modified)
	}
	return headers
}

func (p *restPull) validatorPosition(r *http.Response) (json.RawMessage, error) {
	next := restPosition{ETag: r.Header.Get("ETag"), Modified: r.Header.Get("Last-Modified"), Resource: p.resource()}
	if next.ETag == "" && next.Modified == "" {
		return nil, nil
	}
	return json.Marshal(next)
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
