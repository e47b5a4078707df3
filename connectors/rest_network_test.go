package connectors_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/kp2mi/lindung/connectors"
)

const proxyPassword = "pintu-belakang"

// forwardProxy passes requests on, and connections by CONNECT, for who signs in.
type forwardProxy struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string // method and target
	down bool
}

func newForwardProxy(t *testing.T) *forwardProxy {
	p := &forwardProxy{}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *forwardProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r.Method+" "+r.Host)
	p.mu.Unlock()
	probe := http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
	if user, password, _ := probe.BasicAuth(); user != "lindung" || password != proxyPassword {
		http.Error(w, "who are you? "+password, http.StatusProxyAuthRequired)
		return
	}
	if p.down {
		http.Error(w, "down", http.StatusBadGateway)
		return
	}
	if r.Method == http.MethodConnect {
		p.connect(w, r)
		return
	}
	r.RequestURI = ""
	r.Header.Del("Proxy-Authorization")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		http.Error(w, "no", http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

func (p *forwardProxy) connect(w http.ResponseWriter, r *http.Request) {
	server, err := net.Dial("tcp", r.Host)
	if err != nil {
		http.Error(w, "no", http.StatusBadGateway)
		return
	}
	defer server.Close()
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	fmt.Fprint(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(server, client) }()
	_, _ = io.Copy(client, server)
}

func secureAPI(t *testing.T) (a *api, ca string) {
	a = &api{pageSize: 2}
	a.Server = httptest.NewUnstartedServer(a)
	a.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that are meant to fail
	a.StartTLS()
	t.Cleanup(a.Close)
	a.add(3)
	return a, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}))
}

func TestRESTTrustsTheAuthorityThatItIsTold(t *testing.T) {
	a, ca := secureAPI(t)
	wantIDs(t, pull(t, a.settings(func(s *connectors.REST) { s.CA = ca }), connectors.Request{}), 1, 2, 3)
	out := pull(t, a.settings(nil), connectors.Request{})
	if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "set ca") || len(out.slept) > 0 {
		t.Errorf("without it: %v after %d waits", out.err, len(out.slept))
	}
	if _, err := a.settings(func(s *connectors.REST) { s.CA = "ca.pem" }).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), "${file:PATH}") {
		t.Errorf("the name of a file instead of its content: %v", err)
	}
}

func TestRESTGoesThroughItsProxy(t *testing.T) {
	through := func(p *forwardProxy, password connectors.Secret, ca string) func(*connectors.REST) {
		return func(s *connectors.REST) {
			s.CA, s.Proxy = ca, connectors.Proxy{URL: p.URL, User: "lindung", Password: password}
		}
	}
	secure, ca := secureAPI(t)
	plain := newAPI(t)
	plain.add(3)
	for name, a := range map[string]*api{"CONNECT": secure, "GET": plain} {
		t.Run(name, func(t *testing.T) {
			p := newForwardProxy(t)
			wantIDs(t, pull(t, a.settings(through(p, proxyPassword, ca)), connectors.Request{}), 1, 2, 3)
			if len(p.seen) == 0 || !strings.HasPrefix(p.seen[0], name+" "+strings.TrimPrefix(strings.TrimPrefix(a.URL, "https://"), "http://")) {
				t.Errorf("the proxy saw %v", p.seen)
			}
			out := pull(t, a.settings(through(p, "salah-semua", ca)), connectors.Request{})
			if !errors.Is(out.err, connectors.ErrUnavailable) || !strings.Contains(out.err.Error(), "proxy.password") || len(out.slept) > 0 || strings.Contains(out.err.Error(), "salah-semua") {
				t.Errorf("with a wrong password: %v after %d waits", out.err, len(out.slept))
			}
			p.down = true
			out = pull(t, a.settings(through(p, proxyPassword, ca)), connectors.Request{})
			if !errors.Is(out.err, connectors.ErrUnavailable) || len(out.slept) == 0 || strings.Contains(out.err.Error()+out.log.String(), proxyPassword) {
				t.Errorf("with the proxy down: %v after %d waits", out.err, len(out.slept))
			}
			p.Close()
			out = pull(t, a.settings(through(p, proxyPassword, ca)), connectors.Request{})
			if !errors.Is(out.err, connectors.ErrUnavailable) || strings.Contains(out.err.Error()+out.log.String(), proxyPassword) {
				t.Errorf("without the proxy: %v", out.err)
			}
		})
	}
}

func TestProxySettingsAreChecked(t *testing.T) {
	a := newAPI(t)
	for want, proxy := range map[string]connectors.Proxy{
		"begins with http://": {URL: "proxy:3128"},
		"alone":               {URL: "http://u:" + proxyPassword + "@proxy:3128"},
		"go together":         {URL: "http://proxy:3128", User: "u"},
		"url is missing":      {User: "u", Password: "p"},
	} {
		_, err := a.settings(func(s *connectors.REST) { s.Proxy = proxy }).Connect(connectors.Env{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), proxyPassword) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// Whatever asks over HTTP can be told an authority and a proxy.
func TestEveryHTTPConnectorTakesAnAuthorityAndAProxy(t *testing.T) {
	p, n := newForwardProxy(t), connectors.Network{}
	n.Proxy = connectors.Proxy{URL: p.URL, User: "lindung", Password: proxyPassword}
	secure, ca := secureAPI(t)
	n.CA = ca
	on := func(base string) map[string]connectors.Settings {
		server := &httptest.Server{URL: base}
		return map[string]connectors.Settings{
			"bi":        (&biService{Server: server}).settings(func(s *connectors.BI) { s.Network = n }),
			"bps":       (&bpsService{Server: server}).settings(func(s *connectors.BPS) { s.Network = n }),
			"ckan":      (&ckanPortal{Server: server}).settings(func(s *connectors.CKAN) { s.Network = n }),
			"iati":      (&iatiService{Server: server}).settings("dportal", func(s *connectors.IATI) { s.Network = n }),
			"ilostat":   (&ilostatService{Server: server}).settings(func(s *connectors.ILOSTAT) { s.Network = n }),
			"rest":      (&api{Server: server}).settings(func(s *connectors.REST) { s.Network = n }),
			"sdmx":      (&sdmxService{Server: server}).settings(func(s *connectors.SDMX) { s.Network = n }),
			"worldbank": (&worldBankService{Server: server}).settings(func(s *connectors.WorldBank) { s.Network = n }),
		}
	}
	for name, settings := range on(secure.URL) {
		seen, asked := len(p.seen), secure.count()
		_, _, _, _ = pullAll(t, settings, connectors.Request{})
		if len(p.seen) == seen || secure.count() == asked {
			t.Errorf("%s: nothing comes through the proxy to the server", name)
		}
	}
}
