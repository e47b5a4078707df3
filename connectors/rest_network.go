package connectors

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// A Network says how to get to a source over HTTP where the usual way does not do.
// Without a proxy of its own, the one of the environment (HTTPS_PROXY, NO_PROXY) is
// used.
type Network struct {
	CA    string `yaml:"ca" doc:"certificates to trust instead of the system's, in PEM; name their file as ${file:PATH}"`
	Proxy Proxy  `yaml:"proxy" doc:"proxy to go through, instead of the environment's"`
}

// A Proxy is who passes requests on.
type Proxy struct {
	URL      string `yaml:"url" doc:"its address, without user and password: http://proxy.example.go.id:3128, https:// or socks5://"`
	User     string `yaml:"user" doc:"whom to sign in as"`
	Password Secret `yaml:"password" doc:"the user's password"`
}

// address checks the proxy; nil means none. What is wrong is not quoted: it may hold
// what should have been a secret.
func (p Proxy) address() (*url.URL, error) {
	if p.URL == "" {
		if p.User != "" || p.Password != "" {
			return nil, errors.New("proxy: url is missing")
		}
		return nil, nil
	}
	u, err := url.Parse(p.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
		return nil, errors.New("proxy: url must be a whole address that begins with http://, https:// or socks5://")
	case u.User != nil || u.RawQuery != "" || u.Path != "" && u.Path != "/":
		return nil, errors.New("proxy: url must be the proxy's address alone: put the user under user and password")
	case (p.User == "") != (p.Password == ""):
		return nil, errors.New("proxy: user and password go together (is the variable set?)")
	}
	if p.User != "" {
		u.User = url.UserPassword(p.User, p.Password.Reveal())
	}
	return u, nil
}

// transport is what carries the requests when the environment brings nothing.
func (n Network) transport(env Env) (http.RoundTripper, error) {
	pool, err := certificatesOf(n.CA)
	proxy, proxyErr := n.Proxy.address()
	if err := errors.Join(err, proxyErr); err != nil || env.HTTP != nil {
		return env.HTTP, err
	}
	t := newTransport().(*http.Transport)
	if pool != nil {
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	if proxy != nil {
		t.Proxy = http.ProxyURL(proxy)
	}
	t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
		if r.StatusCode != http.StatusOK {
			return proxyRefusal(r.StatusCode)
		}
		return nil
	}
	return t, nil
}

// A proxyRefusal is the answer of a proxy that does not make the connection.
type proxyRefusal int

// Error says what to do.
func (s proxyRefusal) Error() string {
	if int(s) == http.StatusProxyAuthRequired {
		return "the proxy wants to know who asks: check proxy.user and proxy.password"
	}
	return fmt.Sprintf("the proxy answered %d %s instead of making the connection: ask who runs it", int(s), http.StatusText(int(s)))
}

// passing reports whether another attempt makes sense.
func (s proxyRefusal) passing() bool { return isTemporary(int(s)) }
