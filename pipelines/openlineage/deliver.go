package openlineage

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// A Sink takes one event at a time, and tries once.
type Sink interface {
	Deliver(ctx context.Context, e Event) error
	// Place says where events go, without what opens it.
	Place() string
}

// File is a sink that adds a line to a file for every event.
type File struct{ Path string }

// Place is the file's path.
func (f File) Place() string { return f.Path }

// Deliver adds an event in one write, so that lines of processes that write side by side do not mix.
func (f File) Deliver(_ context.Context, e Event) error {
	line, err := e.Line()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(f.Path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return fmt.Errorf("opening the file of lineage events: %w", err)
	}
	_, err = file.Write(line)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("adding to the file of lineage events: %w", err)
	}
	return nil
}

// HTTP is a sink that posts every event to an address.
type HTTP struct {
	address string
	place   string
	headers map[string]string
	client  *http.Client
}

// NewHTTP posts to an address with headers, each time for so long at most. It trusts the
// certificates in ca (PEM), where there are any, instead of the system's.
func NewHTTP(address string, headers map[string]string, ca string, timeout time.Duration) (*HTTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("url is not an address of HTTP")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if ca != "" {
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM([]byte(ca)) {
			return nil, errors.New("ca holds no PEM certificate")
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	// A redirect would carry headers that open something to whoever the answer names.
	client := &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &HTTP{address: address, place: u.Scheme + "://" + u.Host, headers: headers, client: client}, nil
}

// Place is scheme and host of the address.
func (h *HTTP) Place() string { return h.place }

// Deliver posts an event. What the other side answers is in no error: it may repeat what was sent.
func (h *HTTP) Deliver(ctx context.Context, e Event) error {
	line, err := e.Line()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.address, bytes.NewReader(line))
	if err != nil {
		return fmt.Errorf("posting to %s: the address cannot be used", h.place)
	}
	for name, value := range h.headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := h.client.Do(req)
	if err != nil {
		return fmt.Errorf("posting to %s: %w", h.place, withoutAddress(err))
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection serves again
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("posting to %s: it answered %s", h.place, strings.TrimSpace(fmt.Sprintf("%d %s", answer.StatusCode, http.StatusText(answer.StatusCode))))
	}
	return nil
}

// withoutAddress takes the address, whose query may hold a key, out of an error.
func withoutAddress(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		if of.Timeout() {
			return errors.New("no answer in time")
		}
		return of.Err
	}
	return err
}
