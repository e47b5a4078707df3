package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

func init() {
	Register(Kind{
		Name:    "ckan",
		Summary: "an open-data portal that runs CKAN",
		New: func() Settings {
			return &CKAN{
				PageSize: 10_000, MaxPageBytes: 64 * MiB,
				Manners: newManners(2, 30*time.Second, time.Hour, 2*GiB),
			}
		},
	})
}

// CKAN pulls resources of a portal that runs CKAN: each is an object, its file as
// the portal serves it; or, with datastore, the pages of its rows as JSON.
//
// What was pulled is not pulled again until the portal says that it changed: by
// the hash, the size or the time of the last change that it keeps of a file. A
// resource that is only a link elsewhere is pulled every time, because the portal
// does not see it change. Times of CKAN are UTC and carry no zone.
//
// Rows are asked for in the order of their number in the DataStore (_id). Portals
// of CKAN 2.12 and later say how to ask for what comes after a row; others are
// asked by offset, and either way every page must begin after the last row of
// the one before.
type CKAN struct {
	URL          string   `yaml:"url" doc:"address of the portal, such as https://data.bnpb.go.id, without /api/3"`
	Package      string   `yaml:"package" doc:"name or id of the package whose resources to pull"`
	Resources    []string `yaml:"resources" doc:"ids of the resources to pull; needed without package; default all of the package"`
	Match        []string `yaml:"match" doc:"names of the resources to pull, in any case; * stands for any text; default all"`
	Formats      []string `yaml:"formats" doc:"formats of the resources to pull, such as CSV, in any case; default all"`
	Datastore    bool     `yaml:"datastore" doc:"pull the rows that the portal keeps of each resource, as JSON, instead of its file; default false"`
	PageSize     int      `yaml:"page_size" doc:"datastore: rows per page, at most 32000; default 10000"`
	Token        Secret   `yaml:"token" doc:"API token, for portals and packages that are not public; only ever sent to the portal"`
	MaxPageBytes Size     `yaml:"max_page_bytes" doc:"a larger answer of the API is an error: it is held in memory; default 64MiB"`
	AllowHTTP    bool     `yaml:"allow_plain_http" doc:"send the token over http:// to a host that is not this machine"`
	Manners      `yaml:",inline"`
}

// Connect checks the settings.
func (s *CKAN) Connect(env Env) (Connector, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("checking ckan settings: %w", err)
	}
	wire := s.wire(strings.TrimRight(s.URL, "/"), "application/json")
	// The API's answers have a limit of their own, one byte less than where the wire gives up.
	wire.MaxBytes, wire.MaxPageBytes, wire.AllowHTTP = s.MaxPageBytes+1, s.MaxPageBytes, s.AllowHTTP
	wire.Conditional = false // what is known of a file stands in the position of all resources
	if s.Token != "" {
		wire.Auth = RESTAuth{Kind: "api_key", In: "header", Name: "Authorization", Key: s.Token}
	}
	made, err := wire.connected(env)
	if err != nil {
		return nil, err
	}
	c := &ckanConnector{settings: *s, wire: made}
	for _, pattern := range s.Match {
		c.match = append(c.match, namePattern(pattern))
	}
	return c, nil
}

// maxRowsPage is the most that CKAN gives at a time unless told otherwise.
const maxRowsPage = 32_000

func (s *CKAN) check() error {
	var problems []error
	if strings.Contains(s.URL, "/api/") {
		problems = append(problems, errors.New("url: must be the address of the portal itself, without /api/3/action"))
	}
	if s.Package == "" && len(s.Resources) == 0 {
		problems = append(problems, errors.New("package: name a package, or the ids of resources under resources"))
	}
	for _, list := range [][]string{s.Resources, s.Match, s.Formats} {
		if slices.Contains(list, "") {
			problems = append(problems, errors.New("resources, match and formats: must not hold empty texts"))
			break
		}
	}
	if s.PageSize < 1 || s.PageSize > maxRowsPage {
		problems = append(problems, fmt.Errorf("page_size: must lie between 1 and %d", maxRowsPage))
	}
	if s.MaxBytes <= 0 || s.MaxPageBytes <= 0 {
		problems = append(problems, errors.New("max_bytes and max_page_bytes: must be more than 0"))
	}
	return errors.Join(problems...)
}

// namePattern makes an expression of a pattern. Names of resources are sentences
// that may hold slashes, so that the patterns of file names do not fit them.
func namePattern(pattern string) *regexp.Regexp {
	parts := strings.Split(pattern, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?is)^` + strings.Join(parts, ".*") + `$`)
}

type ckanConnector struct {
	settings CKAN
	match    []*regexp.Regexp
	wire     *restConnector
}

// ckanPosition is what the portal said of each resource when it was pulled.
type ckanPosition struct {
	Seen map[string]string `json:"seen"`
}

// Pull yields the resources that are new or changed.
func (c *ckanConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &ckanPull{c: c, ctx: ctx, req: req, session: c.wire.newSession(req.Now), yield: yield}
		p.session.refusal = func(status int, head []byte) error {
			return refusedByCKAN(fmt.Sprintf("%d %s", status, http.StatusText(status)), head, c.settings.Token)
		}
		return p.run()
	})
}

// A ckanPull is one pull under way.
type ckanPull struct {
	c        *ckanConnector
	ctx      context.Context
	req      Request
	session  *httpSession
	position ckanPosition
	folder   string // what the objects' names begin with
	yield    func(*Object) bool
}

func (p *ckanPull) run() error {
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &p.position); err != nil || p.position.Seen == nil {
			return fmt.Errorf("reading the position of %s: it is not one that this connector wrote: pull the feed anew", p.c.wire.base.Host)
		}
	}
	resources, err := p.list()
	if err != nil {
		return err
	}
	before := p.position.Seen
	p.position.Seen = map[string]string{}
	for _, r := range resources { // what is gone from the portal leaves the position too
		if mark, ok := before[r.ID]; ok {
			p.position.Seen[r.ID] = mark
		}
	}
	for _, r := range resources {
		if mark, ok := before[r.ID]; ok && mark == p.mark(r) && !r.isLink() {
			continue
		}
		if err := p.resource(r); err != nil {
			return err
		}
	}
	return nil
}

// resource pulls one resource.
func (p *ckanPull) resource(r *ckanResource) error {
	if p.c.settings.Datastore {
		return p.rows(r)
	}
	return p.file(r)
}

// mark is what the position remembers of a resource. Its file and its rows are two
// things: a feed that turns to the other pulls it again.
func (p *ckanPull) mark(r *ckanResource) string {
	if p.c.settings.Datastore {
		return "rows|" + r.mark()
	}
	return r.mark()
}

// pulled is the position after all of a resource.
func (p *ckanPull) pulled(r *ckanResource) (json.RawMessage, error) {
	if !p.req.Window.IsZero() {
		return nil, nil
	}
	p.position.Seen[r.ID] = p.mark(r)
	position, err := json.Marshal(p.position)
	if err != nil {
		return nil, fmt.Errorf("writing the position of resource %s: %w", r.ID, err)
	}
	return position, nil
}

// action is the address of an action of the API.
func (p *ckanPull) action(name string, query url.Values) *url.URL {
	u := p.c.wire.base.JoinPath("api", "3", "action", name)
	u.RawQuery = query.Encode()
	return u
}
