package connectors

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Retries are done here and not by go-retryablehttp: it waits on a timer of its
// own, which no test can replace; a body that breaks off comes after its retries
// are over; and its errors quote the address with the query, secrets included.

// isTemporary reports the answers after which another attempt makes sense.
func isTemporary(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500
}

// An httpSession sends the requests of one pull.
type httpSession struct {
	c       *restConnector
	auth    *authenticator
	client  *http.Client
	limiter *rate.Limiter
	now     time.Time
	body    *requestBody // what to ask with, for connectors that ask by POST without changing anything
	// refusal words an answer by what its body says, for sources that explain
	// themselves there; nil for those that do not.
	refusal func(status int, head []byte) error
	method  string
	// headers go to the source's own host only.
	headers http.Header
}

// refusalBytes is how much of a refusing answer is looked at.
const refusalBytes = 64 << 10

// A requestBody is a question that is sent instead of a query. It only reads, so
// it may be sent again like one.
type requestBody struct {
	text, mediaType string
	headers         map[string]string
}

func (b *requestBody) put(r *http.Request) {
	r.Method, r.ContentLength = http.MethodPost, int64(len(b.text))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(b.text)), nil }
	r.Body, _ = r.GetBody()
	r.Header.Set("Content-Type", b.mediaType)
	for name, value := range b.headers {
		r.Header.Set(name, value)
	}
}

func (c *restConnector) newSession(now time.Time) *httpSession {
	s := &httpSession{c: c, auth: newAuthenticator(c.settings.Auth, c.transport), now: now, method: c.settings.Method}
	if perSecond := c.settings.Rate.PerSecond; perSecond > 0 {
		s.limiter = rate.NewLimiter(rate.Limit(perSecond), 1)
	}
	s.client = &http.Client{Transport: c.transport, CheckRedirect: s.checkRedirect}
	return s
}

// checkHost refuses addresses that the operator did not name.
func (c *restConnector) checkHost(u *url.URL, what string) error {
	host := strings.ToLower(u.Host)
	if host != c.base.Host && !slices.ContainsFunc(c.settings.AllowHosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return fmt.Errorf("%s to another host (%s) is refused: add it to allow_hosts if that is right", what, host)
	}
	if u.Scheme != "https" && u.Scheme != c.base.Scheme {
		return fmt.Errorf("%s from https to %s is refused", what, u.Scheme)
	}
	return nil
}

var errRedirect = errors.New("redirect refused")

func (s *httpSession) checkRedirect(r *http.Request, via []*http.Request) error {
	if err := s.c.checkHost(r.URL, "a redirect"); err != nil {
		return fmt.Errorf("%w: %w", errRedirect, err)
	}
	if len(via) > 5 {
		return fmt.Errorf("%w: the source redirects in circles", errRedirect)
	}
	// What a POST asks with is lost on most redirects, and may hold credentials.
	if first := via[0]; first.Method != r.Method || first.Method != http.MethodGet && r.URL.Host != first.URL.Host {
		return fmt.Errorf("%w: the source answers a POST with a redirect: correct url", errRedirect)
	}
	if strings.ToLower(r.URL.Host) != s.c.base.Host {
		r.Header = http.Header{"Accept": r.Header["Accept"]}
	}
	return nil
}

// fetch sends a request until read has taken a whole answer, or trying again
// makes no sense. place says what is asked for, in words that hold no secret.
func (s *httpSession) fetch(ctx context.Context, u *url.URL, place string, read func(*http.Response, io.ReadCloser) error) error {
	settings := &s.c.settings
	refreshed := false
	for attempt := 1; ; attempt++ {
		if s.limiter != nil {
			if err := s.pace(ctx); err != nil {
				return fmt.Errorf("pulling %s: %w", place, err)
			}
		}
		err := s.once(ctx, u, read)
		if ctx.Err() != nil {
			return fmt.Errorf("pulling %s: %w", place, context.Cause(ctx))
		}
		if errors.Is(err, errUnauthorised) && s.auth.canRefresh() && !refreshed {
			// Once: a second 401 is an answer to the credentials, not to their age.
			refreshed = true
			s.auth.forget()
			attempt--
			continue
		}
		if err == nil {
			return nil
		}
		temporary := (*temporaryError)(nil)
		if !errors.As(err, &temporary) || temporary.broken && s.method != http.MethodGet {
			return s.failure(place, err)
		}
		if attempt >= settings.Retry.Attempts {
			return s.failure(place, fmt.Errorf("%w (%d attempts)", err, attempt))
		}
		if err := s.c.env.again(ctx, place, err, attempt, s.waitAfter(attempt, temporary)); err != nil {
			return fmt.Errorf("pulling %s: %w", place, err)
		}
	}
}

// pace waits until the rate limit allows another request.
func (s *httpSession) pace(ctx context.Context) error {
	wait := s.limiter.Reserve().Delay()
	if wait <= 0 {
		return nil
	}
	return s.c.env.sleep(ctx, wait)
}

func (s *httpSession) waitAfter(attempt int, temporary *temporaryError) time.Duration {
	asked, isAsked := retryAfter(temporary.header.Get("Retry-After"), sourceClock(temporary.header, s.now))
	return waitBefore(attempt, asked, isAsked, s.c.settings.Retry.MaxWait, s.c.env.Sleep == nil)
}

// A contentError is an answer that came whole and is not what it should be:
// asking again will not help, and neither will waiting.
type contentError struct{ error }

func (s *httpSession) failure(place string, err error) error {
	if content := (contentError{}); errors.As(err, &content) {
		return fmt.Errorf("pulling %s: %w", place, content.error)
	}
	return fmt.Errorf("pulling %s: %w: %w", place, ErrUnavailable, err)
}

var errUnauthorised = errors.New("the source answered 401 Unauthorized: check auth")

// once sends one request. The body that read gets ends its request when closed.
func (s *httpSession) once(ctx context.Context, u *url.URL, read func(*http.Response, io.ReadCloser) error) error {
	settings := &s.c.settings
	ctx, idle, end := boundRequest(ctx, settings.IdleTimeout, settings.TotalTimeout)
	request, err := s.newRequest(ctx, u)
	var response *http.Response
	if err == nil {
		idle.Reset(settings.IdleTimeout)
		response, err = s.client.Do(request)
	}
	idle.Stop()
	if err != nil {
		err = unanswered(ctx, err)
		end()
		return err
	}
	body := &idleBody{body: response.Body, idle: idle, timeout: settings.IdleTimeout, limit: int64(settings.MaxBytes), end: end,
		fail: func(err error) error { return brokenOff(ctx, err) }}
	err = statusError(response)
	if status := response.StatusCode; status == http.StatusNotModified && len(s.headers) > 0 {
		err = errNotModified
	} else if err != nil && s.refusal != nil && !isTemporary(status) {
		// What could not be read explains nothing; the status still counts.
		head, _ := io.ReadAll(io.LimitReader(body, refusalBytes))
		err = s.refusal(status, head)
	}
	var plain io.ReadCloser
	if err == nil {
		plain, err = decoded(response, body)
	}
	if err != nil {
		_ = body.Close()
		return err
	}
	return read(response, plain)
}

// errNotModified is the answer to a question with validators: nothing is new.
var errNotModified = errors.New("the source answered 304 Not Modified")

// boundRequest gives a request a context that ends when nothing comes for a while
// or all of it takes too long. The idle timer runs while we wait for the source.
func boundRequest(ctx context.Context, idleTimeout, totalTimeout time.Duration) (bound context.Context, idle *time.Timer, end func()) {
	bound, cancel := context.WithCancelCause(ctx)
	idle = time.AfterFunc(idleTimeout, func() { cancel(errStalled) })
	total := time.AfterFunc(totalTimeout, func() { cancel(errTooLong) })
	return bound, idle, func() { idle.Stop(); total.Stop(); cancel(context.Canceled) }
}

func (s *httpSession) newRequest(ctx context.Context, u *url.URL) (*http.Request, error) {
	target, body := *u, s.body
	if s.method == http.MethodPost {
		body = &requestBody{text: target.RawQuery, mediaType: "application/x-www-form-urlencoded"}
		target.RawQuery = ""
		if s.c.template != nil {
			query := u.Query()
			text, err := s.c.template.fill(query)
			if err != nil {
				return nil, contentError{err}
			}
			body = &requestBody{text: text, mediaType: "application/json"}
			target.RawQuery = query.Encode()
		}
	}
	request, err := http.NewRequestWithContext(ctx, s.method, target.String(), nil)
	if err != nil {
		return nil, errors.New("the address cannot be asked for")
	}
	request.Header.Set("Accept", s.c.settings.Accept)
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("User-Agent", s.c.settings.UserAgent)
	if body != nil {
		body.put(request)
	}
	if strings.ToLower(u.Host) != s.c.base.Host {
		return request, nil // a next link on another host: no credentials there
	}
	for name, value := range s.c.settings.Headers {
		request.Header.Set(name, value.Reveal())
	}
	for name := range s.headers {
		request.Header.Set(name, s.headers.Get(name))
	}
	return request, s.auth.sign(ctx, request)
}

func statusError(r *http.Response) error {
	status := r.StatusCode
	switch {
	case status >= 200 && status < 300:
		return nil
	case isTemporary(status):
		return &temporaryError{err: fmt.Errorf("the source answered %d %s", status, http.StatusText(status)), header: r.Header}
	case status == http.StatusUnauthorized:
		return errUnauthorised
	case status == http.StatusProxyAuthRequired:
		return proxyRefusal(status)
	case status == http.StatusForbidden:
		return errors.New("the source answered 403 Forbidden: ask its owner for access")
	}
	return fmt.Errorf("the source answered %d %s: check url and parameters", status, http.StatusText(status))
}

// unanswered words the error of a request that got no answer: without the
// address, which may hold secrets in its query, and with the reason why we ended
// it, if we did.
func unanswered(ctx context.Context, err error) error {
	if ended := endedByUs(ctx); ended != nil {
		return ended
	}
	urlErr := (*url.Error)(nil)
	if temporary := (*temporaryError)(nil); errors.As(err, &temporary) || !errors.As(err, &urlErr) {
		return err // about the token or the request, worded already
	}
	if errors.Is(urlErr.Err, errRedirect) {
		return urlErr.Err
	}
	if refused := proxyRefusal(0); errors.As(urlErr.Err, &refused) && !refused.passing() {
		return refused
	}
	if bad := (*tls.CertificateVerificationError)(nil); errors.As(urlErr.Err, &bad) {
		return fmt.Errorf("nobody who is known here vouches for the source's certificate: set ca to its authority's certificate, if the address is right (%w)", bad.Err)
	}
	return &temporaryError{err: fmt.Errorf("the connection failed: %w", urlErr.Err), broken: true}
}

// brokenOff words the error of an answer that began and did not end.
func brokenOff(ctx context.Context, err error) error {
	if ended := endedByUs(ctx); ended != nil {
		return ended
	}
	return &temporaryError{err: fmt.Errorf("the answer was cut short: %w", err), broken: true}
}

func endedByUs(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) || errors.Is(cause, errTooLong) {
		return &temporaryError{err: cause, broken: true}
	}
	return nil
}

// idleBody reads an answer. It gives up when no byte comes for a while and when
// more bytes come than allowed.
type idleBody struct {
	body    io.ReadCloser
	idle    *time.Timer
	timeout time.Duration
	limit   int64
	read    int64
	end     func()
	fail    func(error) error
}

func (b *idleBody) Read(p []byte) (int, error) {
	// The timer runs while we wait for the source, not while our reader is busy.
	b.idle.Reset(b.timeout)
	n, err := b.body.Read(p)
	b.idle.Stop()
	if b.read += int64(n); b.read > b.limit {
		return 0, contentError{fmt.Errorf("the answer has more than %s: raise the limit, or ask for less at a time", Size(b.limit))}
	}
	if err != nil && err != io.EOF {
		return n, b.fail(err)
	}
	return n, err
}

func (b *idleBody) Close() error {
	err := b.body.Close()
	b.end()
	return err
}
