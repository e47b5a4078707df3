package connectors

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

func init() {
	Register(Kind{
		Name:    "rest",
		Summary: "an HTTP API, paged or whole",
		New: func() Settings {
			return &REST{
				Method:       http.MethodGet,
				UserAgent:    "lindung",
				Auth:         RESTAuth{Kind: "none", In: "header", Name: "X-API-Key"},
				Conditional:  true,
				Paging:       RESTPaging{Kind: "none", Start: 1, MaxPages: 1_000_000},
				TimeFormat:   "rfc3339",
				Export:       RESTExport{Every: 10 * time.Second, Deadline: time.Hour, Keep: 24 * time.Hour},
				Retry:        Retry{Attempts: 5, MaxWait: 2 * time.Minute},
				IdleTimeout:  30 * time.Second,
				TotalTimeout: time.Hour,
				MaxBytes:     2 * GiB,
				MaxPageBytes: 64 * MiB,
			}
		},
	})
}

// REST pulls the answers of an HTTP API, each page as one object.
//
// Incremental pulls have two forms. With paging by keyset, the API lists rows in
// the order of (updated, key) and is asked for those after the last row that was
// committed; no row is lost or doubled, also when many share an instant. With
// any other paging and a since_param, the API is asked for what changed since the
// newest change seen, less the feed's lookback; rows of the overlap come again, and their
// key and version make that harmless.
//
// A resource that is one object and is not asked for by an instant is asked for
// with the validators (ETag, Last-Modified) of the last answer; a source that says
// "not modified" has nothing new. With export the object is a file that the source
// prepares first. A job that a pull left behind, because it crashed or its patience
// ended, is taken up by the next one, if that asks for the same and the job is not
// too old; else the file is asked for anew.
type REST struct {
	URL          string            `yaml:"url" doc:"address of the resource, without secrets"`
	Method       string            `yaml:"method" doc:"GET, or POST with the parameters as a form or in body; default GET"`
	Body         string            `yaml:"body" doc:"method POST: a JSON document to ask with; \"{from}\" and {page} stand for the parameters of those names, and a member without a value is left out"`
	Headers      map[string]Secret `yaml:"headers" doc:"additional request headers"`
	Query        map[string]Secret `yaml:"query" doc:"additional query parameters"`
	Accept       string            `yaml:"accept" doc:"Accept header; HTML answers are refused unless it names text/html; default application/json for paged resources, else */*"`
	UserAgent    string            `yaml:"user_agent" doc:"what the requests say they come from, for sources that turn away programs; default lindung"`
	Auth         RESTAuth          `yaml:"auth" doc:"how to authenticate"`
	Paging       RESTPaging        `yaml:"paging" doc:"how the resource is split"`
	Conditional  bool              `yaml:"conditional" doc:"ask for a resource that is one object only if it changed since the last answer (ETag, Last-Modified); false for a source whose validators stay when the data change; default true"`
	SinceParam   string            `yaml:"since_param" doc:"parameter that asks for what changed since an instant"`
	TimeFormat   string            `yaml:"time_format" doc:"how instants are sent: rfc3339, datetime, date, unix or unix_ms; default rfc3339"`
	Window       RESTWindow        `yaml:"window" doc:"parameters that limit a backfill"`
	Rate         RESTRate          `yaml:"rate" doc:"how fast to ask"`
	Retry        Retry             `yaml:"retry" doc:"what to do after 429, 5xx and broken connections"`
	IdleTimeout  time.Duration     `yaml:"idle_timeout" doc:"give up a request when no byte came for this long; default 30s"`
	TotalTimeout time.Duration     `yaml:"total_timeout" doc:"give up a request after this long; default 1h"`
	MaxBytes     Size              `yaml:"max_bytes" doc:"a larger answer is an error; default 2GiB"`
	MaxPageBytes Size              `yaml:"max_page_bytes" doc:"a larger page is an error: pages are held in memory; default 64MiB"`
	AllowHosts   []string          `yaml:"allow_hosts" doc:"other hosts that redirects and next links may lead to; they are never sent credentials"`
	AllowHTTP    bool              `yaml:"allow_plain_http" doc:"send credentials over http:// to a host that is not this machine"`
	Export       RESTExport        `yaml:"export" doc:"the source prepares a file: ask for it at url, wait, fetch it"`
	Network      `yaml:",inline"`
	SweepURL     string `yaml:"sweep_url" doc:"address that lists the keys of all rows that exist, for deletes: key_sweep; same host, auth and paging"`
}

// RESTAuth says how to authenticate.
type RESTAuth struct {
	Kind         string            `yaml:"kind" doc:"none, api_key, basic, bearer or oauth2_client_credentials; default none"`
	Name         string            `yaml:"name" doc:"api_key: name of the header or parameter; default X-API-Key"`
	In           string            `yaml:"in" doc:"api_key: header or query; default header"`
	Key          Secret            `yaml:"key" doc:"api_key: the key"`
	User         string            `yaml:"user" doc:"basic: the user"`
	Password     Secret            `yaml:"password" doc:"basic: the password"`
	Token        Secret            `yaml:"token" doc:"bearer: the token"`
	TokenURL     string            `yaml:"token_url" doc:"oauth2_client_credentials: address of the token endpoint"`
	ClientID     string            `yaml:"client_id" doc:"oauth2_client_credentials: the client"`
	ClientSecret Secret            `yaml:"client_secret" doc:"oauth2_client_credentials: its secret"`
	Scopes       []string          `yaml:"scopes" doc:"oauth2_client_credentials: scopes to ask for"`
	Params       map[string]Secret `yaml:"params" doc:"oauth2_client_credentials: additional parameters, such as audience"`
}

// RESTPaging says how a resource is split into pages. Paths are member names
// joined by dots; items_path, cursor_path and total_path begin at the document,
// updated_path and key_path at an item.
type RESTPaging struct {
	Kind          string `yaml:"kind" doc:"none, page, offset, cursor, link or keyset; default none"`
	Param         string `yaml:"param" doc:"page, offset, cursor: parameter with the page number, offset or cursor"`
	SizeParam     string `yaml:"size_param" doc:"parameter with the number of items per page"`
	Size          int    `yaml:"size" doc:"number of items per page to ask for"`
	Start         int    `yaml:"start" doc:"page: number of the first page; default 1"`
	ItemsPath     string `yaml:"items_path" doc:"where the list of items is; default: the document itself"`
	CursorPath    string `yaml:"cursor_path" doc:"cursor: where the next cursor is; link: where the next address is, instead of the Link header"`
	TotalPath     string `yaml:"total_path" doc:"page, offset: where the number of all items is; spares the request for an empty last page"`
	UpdatedPath   string `yaml:"updated_path" doc:"keyset: instant of an item's last change; others: optional, what the next pull asks since"`
	KeyPath       string `yaml:"key_path" doc:"keyset: an item's key"`
	SinceParam    string `yaml:"since_param" doc:"keyset: parameter with the instant to go on from"`
	AfterKeyParam string `yaml:"after_key_param" doc:"keyset: parameter with the key to go on from, within that instant"`
	MaxPages      int    `yaml:"max_pages" doc:"more pages are an error; default 1000000"`
}

// RESTWindow names the parameters of a backfill; without them a backfill pulls
// everything.
type RESTWindow struct {
	FromParam string `yaml:"from_param" doc:"parameter with the first instant of a backfill"`
	ToParam   string `yaml:"to_param" doc:"parameter with the instant that a backfill ends before"`
}

// RESTRate bounds how fast requests are sent.
type RESTRate struct {
	PerSecond float64 `yaml:"per_second" doc:"requests per second; default no limit"`
}

// Whole says what stands against reading everything: a parameter that asks for what changed.
func (s *REST) Whole() error {
	if name := s.sinceParam(); name != "" {
		return fmt.Errorf("with since_param (%s) it asks for what changed: take since_param out, and paging: keyset with it", name)
	}
	return nil
}

// sinceParam is the parameter in force: keyset paging may name it in either
// place.
func (s *REST) sinceParam() string {
	if s.Paging.SinceParam != "" {
		return s.Paging.SinceParam
	}
	return s.SinceParam
}

// Connect checks the settings.
func (s *REST) Connect(env Env) (Connector, error) {
	settings := *s
	settings.Method = strings.ToUpper(settings.Method)
	base, err := settings.check()
	template, bodyErr := settings.checkBody()
	transport, networkErr := settings.Network.transport(env)
	if err := errors.Join(err, bodyErr, networkErr); err != nil {
		return nil, fmt.Errorf("checking rest settings: %w", err)
	}
	if settings.Accept == "" {
		settings.Accept = "*/*"
		if settings.Paging.Kind != "none" {
			settings.Accept = "application/json"
		}
	}
	return &restConnector{settings: settings, base: base, env: env, transport: transport, template: template}, nil
}

// newTransport is the transport of real sources. Compression stays off: with it
// Go undoes gzip silently, and with it the length that shows a cut answer and
// every limit. See decoded.
func newTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true
	return t
}

func (s *REST) check() (base *url.URL, err error) {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	base, err = s.checkURL("url", s.URL)
	if err != nil {
		problems = append(problems, err)
	}
	if s.SweepURL != "" {
		if sweep, err := s.checkURL("sweep_url", s.SweepURL); err != nil {
			problems = append(problems, err)
		} else if base != nil && sweep.Host != base.Host {
			report("sweep_url: must be on the host of url, which is where the credentials belong")
		}
	}
	if s.Method != http.MethodGet && s.Method != http.MethodPost {
		report("method: %q is neither GET nor POST", s.Method)
	}
	if !slices.Contains(timeFormats, s.TimeFormat) {
		report("time_format: %q is not known (known: %s)", s.TimeFormat, strings.Join(timeFormats, ", "))
	}
	problems = append(problems, s.Retry.check()...)
	if s.IdleTimeout <= 0 || s.TotalTimeout <= 0 || s.Rate.PerSecond < 0 {
		report("idle_timeout and total_timeout must be more than 0, rate.per_second not negative")
	}
	if s.MaxBytes <= 0 || s.MaxPageBytes <= 0 {
		report("max_bytes and max_page_bytes: must be more than 0")
	}
	problems = append(problems, s.Auth.check(s.AllowHTTP)...)
	problems = append(problems, s.checkPaging()...)
	problems = append(problems, s.checkExport()...)
	return base, errors.Join(problems...)
}

// checkURL parses an address without ever quoting it: it may hold what should
// have been a secret.
func (s *REST) checkURL(name, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s: must be a whole address that begins with https:// (is the variable in it set?)", name)
	}
	if u.User != nil {
		return nil, fmt.Errorf("%s: must not hold a user or password: put them under auth", name)
	}
	if u.Scheme == "http" && s.Auth.Kind != "none" && !s.AllowHTTP && !isThisMachine(u.Hostname()) {
		return nil, fmt.Errorf("%s: credentials would travel in clear over http://: use https://, or set allow_plain_http", name)
	}
	u.Host = strings.ToLower(u.Host)
	return u, nil
}

func isThisMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func (s *REST) checkPaging() (problems []error) {
	p := s.Paging
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf("paging: "+format, args...)) }
	need := func(name, value string) {
		if value == "" {
			report("%s is needed for kind %s", name, p.Kind)
		}
	}
	switch p.Kind {
	case "none", "link":
	case "page", "offset":
		need("param", p.Param)
	case "cursor":
		need("param", p.Param)
		need("cursor_path", p.CursorPath)
	case "keyset":
		need("updated_path", p.UpdatedPath)
		need("key_path", p.KeyPath)
		need("since_param", s.sinceParam())
		need("after_key_param", p.AfterKeyParam)
	default:
		report("kind %q is not known (known: none, page, offset, cursor, link, keyset)", p.Kind)
	}
	if p.SinceParam != "" && s.SinceParam != "" && p.SinceParam != s.SinceParam {
		report("since_param is given twice with different names: keep one")
	}
	if p.Size < 0 || p.Start < 0 || p.MaxPages < 1 {
		report("size and start must not be negative, max_pages must be at least 1")
	}
	if (p.SizeParam == "") != (p.Size == 0) {
		report("size_param and size go together")
	}
	for _, path := range []string{p.ItemsPath, p.CursorPath, p.TotalPath, p.UpdatedPath, p.KeyPath} {
		if path != "" && slices.Contains(strings.Split(path, "."), "") {
			report("the path %q has an empty part", path)
		}
	}
	return problems
}
