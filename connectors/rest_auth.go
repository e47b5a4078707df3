package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func (a *RESTAuth) check(allowHTTP bool) (problems []error) {
	need := func(name, value string) {
		if value == "" {
			problems = append(problems, fmt.Errorf("auth: %s is empty: kind %s needs it (is the variable set?)", name, a.Kind))
		}
	}
	switch a.Kind {
	case "none":
	case "api_key":
		need("name", a.Name)
		need("key", a.Key.Reveal())
		if a.In != "header" && a.In != "query" {
			problems = append(problems, fmt.Errorf("auth: in: %q is neither header nor query", a.In))
		}
	case "basic":
		need("user", a.User)
		need("password", a.Password.Reveal())
	case "bearer":
		need("token", a.Token.Reveal())
	case "oauth2_client_credentials":
		need("client_id", a.ClientID)
		need("client_secret", a.ClientSecret.Reveal())
		if u, err := url.Parse(a.TokenURL); err != nil || u.Host == "" || u.User != nil ||
			u.Scheme != "https" && (u.Scheme != "http" || !allowHTTP && !isThisMachine(u.Hostname())) {
			problems = append(problems, errors.New("auth: token_url: must be a whole https:// address without a user (http:// only on this machine, or with allow_plain_http)"))
		}
	default:
		problems = append(problems, fmt.Errorf("auth: kind %q is not known (known: none, api_key, basic, bearer, oauth2_client_credentials)", a.Kind))
	}
	return problems
}

// An authenticator adds credentials to the requests of one pull.
type authenticator struct {
	auth   RESTAuth
	oauth  *clientcredentials.Config
	token  *oauth2.Token
	client *http.Client
}

func newAuthenticator(auth RESTAuth, transport http.RoundTripper) *authenticator {
	a := &authenticator{auth: auth}
	if auth.Kind != "oauth2_client_credentials" {
		return a
	}
	params := url.Values{}
	for name, value := range auth.Params {
		params.Set(name, value.Reveal())
	}
	a.oauth = &clientcredentials.Config{
		ClientID: auth.ClientID, ClientSecret: auth.ClientSecret.Reveal(),
		TokenURL: auth.TokenURL, Scopes: auth.Scopes, EndpointParams: params,
	}
	a.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return errors.New("the token endpoint redirects, which is refused: correct auth.token_url")
	}}
	return a
}

// canRefresh reports whether new credentials can be had after a 401.
func (a *authenticator) canRefresh() bool { return a.oauth != nil }

// forget drops a token that was refused.
func (a *authenticator) forget() { a.token = nil }

// sign adds the credentials, getting a token first where one is needed.
func (a *authenticator) sign(ctx context.Context, r *http.Request) error {
	switch a.auth.Kind {
	case "api_key":
		if a.auth.In == "query" {
			query := r.URL.Query()
			query.Set(a.auth.Name, a.auth.Key.Reveal())
			r.URL.RawQuery = query.Encode()
			return nil
		}
		r.Header.Set(a.auth.Name, a.auth.Key.Reveal())
	case "basic":
		r.SetBasicAuth(a.auth.User, a.auth.Password.Reveal())
	case "bearer":
		r.Header.Set("Authorization", "Bearer "+a.auth.Token.Reveal())
	case "oauth2_client_credentials":
		if !a.token.Valid() {
			token, err := a.oauth.Token(context.WithValue(ctx, oauth2.HTTPClient, a.client))
			if err != nil {
				return tokenError(err)
			}
			a.token = token
		}
		a.token.SetAuthHeader(r)
	}
	return nil
}

// tokenError words a refused token request. The library's own text quotes the
// answer, which some servers fill with what was sent to them.
func tokenError(err error) error {
	refused := (*oauth2.RetrieveError)(nil)
	if errors.As(err, &refused) && refused.Response != nil {
		status := refused.Response.StatusCode
		if isTemporary(status) {
			return &temporaryError{err: fmt.Errorf("the token endpoint answered %d", status), header: refused.Response.Header}
		}
		return fmt.Errorf("the token endpoint answered %d: check auth.client_id, client_secret and scopes", status)
	}
	if urlErr := (*url.Error)(nil); errors.As(err, &urlErr) {
		return &temporaryError{err: fmt.Errorf("asking for a token: %w", urlErr.Err), broken: true}
	}
	return errors.New("asking for a token: the endpoint's answer holds no token: check auth.token_url")
}
