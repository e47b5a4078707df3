package alerts

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
)

// A webhook is asked a few times in a row; what is then still not delivered waits for a later look.
const (
	webhookAttempts = 3
	longestPause    = 10 * time.Second
)

type webhook struct {
	settings configs.Webhook
	client   *http.Client
	pause    time.Duration // before the second attempt; longer before the third
}

func newWebhook(s configs.Webhook) *webhook {
	return &webhook{settings: s, client: newClient(s.CA, s.Timeout), pause: time.Second}
}

// newClient follows no redirection: a secret goes to the address that was written down, and nowhere else.
func newClient(ca string, timeout time.Duration) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableKeepAlives = true // messages are rare, and an idle connection is broken by then
	if ca != "" {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(ca)) // the configuration was checked
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	return &http.Client{Transport: t, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Send posts the message as JSON.
func (w *webhook) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	pause := w.pause
	for attempt := 1; ; attempt++ {
		wait, err := w.post(ctx, m.ID, body)
		if err == nil || errors.Is(err, ErrRefused) || attempt == webhookAttempts {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(min(max(pause, wait), longestPause)):
		}
		pause *= 3
	}
}

// post makes one attempt. It gives how long the server asks to wait.
func (w *webhook) post(ctx context.Context, id string, body []byte) (wait time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.settings.URL, bytes.NewReader(body))
	if err != nil {
		return 0, withoutAddress(w.settings.URL, err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Idempotency-Key", id)
	if w.settings.Header != "" {
		req.Header.Set(w.settings.Header, w.settings.Secret.Reveal())
	}
	return ask(w.client, req)
}

// ask sends a request and judges the answer by its status alone.
func ask(client *http.Client, req *http.Request) (wait time.Duration, err error) {
	req.Header.Set("User-Agent", "lindung")
	host := req.URL.Host
	answer, err := client.Do(req)
	if err != nil {
		return 0, withoutAddress(req.URL.String(), err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10)
	switch code := answer.StatusCode; {
	case code/100 == 2:
		return 0, nil
	case code/100 == 3:
		to := "another address"
		if u, err := answer.Location(); err == nil && u.Host != host {
			to = "the host " + u.Host
		}
		return 0, fmt.Errorf("%w: %s answers %d and points to %s; write the final address into lindung.yaml", ErrRefused, host, code, to)
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		return time.Duration(seconds) * time.Second, fmt.Errorf("%s answers %d %s", host, code, http.StatusText(code))
	default:
		return 0, fmt.Errorf("%w: %s answers %d %s; check the address and its secret in lindung.yaml", ErrRefused, host, code, http.StatusText(code))
	}
}

// withoutAddress says what is wrong without the address, of which only the host is no secret.
func withoutAddress(address string, err error) error {
	host := "the address"
	if u, parsed := url.Parse(address); parsed == nil && u.Host != "" {
		host = u.Host
	}
	if e := (*url.Error)(nil); errors.As(err, &e) {
		err = e.Err
	}
	return fmt.Errorf("asking %s: %s", host, strings.ReplaceAll(err.Error(), address, host))
}

// Heartbeat tells whoever keeps an address that this machine is alive.
type Heartbeat struct {
	Every    time.Duration
	settings configs.Heartbeat
	client   *http.Client
}

// heartbeatTimeout is short: the next one comes soon.
const heartbeatTimeout = 10 * time.Second

// NewHeartbeat makes the heartbeat of a project; nil when it has none.
func NewHeartbeat(a configs.Alerts) (*Heartbeat, error) {
	if a.Heartbeat == nil {
		return nil, nil
	}
	if missing := a.Heartbeat.Missing(); len(missing) > 0 {
		return nil, fmt.Errorf("the heartbeat of alerts needs %s; set it before starting lindung", strings.Join(missing, ", "))
	}
	s, err := a.Heartbeat.Settings()
	if err != nil {
		return nil, err
	}
	return &Heartbeat{Every: s.Every, settings: s, client: newClient(s.CA, heartbeatTimeout)}, nil
}

// Beat asks the address once.
func (h *Heartbeat) Beat(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, strings.ToUpper(h.settings.Method), h.settings.URL, nil)
	if err != nil {
		return withoutAddress(h.settings.URL, err)
	}
	_, err = ask(h.client, req)
	return err
}
