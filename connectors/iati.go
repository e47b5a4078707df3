package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

func init() {
	Register(Kind{
		Name:    "iati",
		Summary: "activities of development partners (IATI): Datastore, d-portal, the Registry, plain addresses",
		New: func() Settings {
			return &IATI{
				PageSize: 100, MaxPageBytes: 64 * MiB,
				Manners: newManners(1, time.Minute, time.Hour, 2*GiB),
			}
		},
	})
}

// IATI pulls files of IATI activities.
//
// The Datastore and d-portal know the activities of all publishers and are asked for
// some publishers and recipient countries, a page at a time, until a page is empty. A
// page that says the same as at the last pull is not handed on again; when a page was
// put together does not count. The Registry knows where each publisher keeps its
// datasets: it is asked for the datasets of some publishers, and those whose mark
// there (hash, or else time of change) is another than at the last pull are fetched
// whole from where they lie. Plain addresses are fetched whole too, and are handed on
// again unless their entity tag or time of change is the same.
//
// Datasets of the Registry lie on the publishers' hosts, and anybody can become a
// publisher. So each host must be named in allow_hosts, or any_host must be set:
// then every named, public host will do, but redirects still lead to named ones only.
// No host but that of url is ever sent the key. A dataset that cannot be had ends
// the pull, like everything that cannot be had, unless leave_out names it.
type IATI struct {
	Via          string   `yaml:"via" doc:"where from: datastore, dportal, registry or xml (plain addresses)"`
	URL          string   `yaml:"url" doc:"address to ask; default https://api.iatistandard.org/datastore/activity/iati, https://d-portal.org/q.xml or https://iatiregistry.org/api/3/action/package_search"`
	Key          Secret   `yaml:"key" doc:"datastore: the subscription key, sent as Ocp-Apim-Subscription-Key"`
	Publishers   []string `yaml:"publishers" doc:"datastore, dportal: references of reporting organisations, such as AU-5; registry: publishers' names there, such as ausgov"`
	Countries    []string `yaml:"countries" doc:"datastore, dportal: recipient countries to ask for, ISO 3166-1 alpha-2"`
	Addresses    []string `yaml:"addresses" doc:"xml: addresses of files"`
	LeaveOut     []string `yaml:"leave_out" doc:"registry: names of datasets to pass over, such as ones whose address is dead"`
	PageSize     int      `yaml:"page_size" doc:"datastore, dportal: activities to ask for at a time; default 100"`
	MaxPageBytes Size     `yaml:"max_page_bytes" doc:"a larger page of activities or datasets is an error: pages are held in memory; default 64MiB"`
	AnyHost      bool     `yaml:"any_host" doc:"registry: datasets may lie on any public host"`
	Manners      `yaml:",inline"`
}

// iatiURLs are the default addresses.
var iatiURLs = map[string]string{
	"datastore": "https://api.iatistandard.org/datastore/activity/iati",
	"dportal":   "https://d-portal.org/q.xml",
	"registry":  "https://iatiregistry.org/api/3/action/package_search",
	"xml":       "",
}

var (
	iatiCountry   = regexp.MustCompile(`^[A-Z]{2}$`)
	iatiReference = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]*$`)
)

// Connect checks the settings.
func (s *IATI) Connect(env Env) (Connector, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("checking iati settings: %w", err)
	}
	wire := s.wire(s.URL, "application/xml, text/xml, */*;q=0.1")
	if s.Via == "registry" {
		wire.Accept = "application/json, application/xml, text/xml, */*;q=0.1"
	}
	if wire.URL == "" {
		wire.URL = iatiURLs[s.Via]
	}
	if s.Key != "" {
		wire.Auth = RESTAuth{Kind: "api_key", In: "header", Name: "Ocp-Apim-Subscription-Key", Key: s.Key}
	}
	wire.MaxPageBytes = s.MaxPageBytes
	wire.Conditional = false // what is known of a file stands in the position of all files
	files, err := s.files(wire)
	if err != nil {
		return nil, fmt.Errorf("checking iati settings: %w", err)
	}
	made, err := wire.connected(env)
	if err != nil {
		return nil, err
	}
	return &iatiConnector{settings: *s, files: files, wire: made}, nil
}

func (s *IATI) check() error {
	var problems []error
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if _, ok := iatiURLs[s.Via]; !ok {
		report("via: %q is not known (known: datastore, dportal, registry, xml)", s.Via)
	}
	asked := s.Via == "datastore" || s.Via == "dportal"
	needs := func(name string, given, wanted bool) {
		if given && !wanted {
			report("%s: means nothing with via: %s", name, s.Via)
		}
	}
	needs("key", s.Key != "", s.Via == "datastore")
	needs("publishers", len(s.Publishers) > 0, s.Via != "xml")
	needs("countries", len(s.Countries) > 0, asked)
	needs("addresses", len(s.Addresses) > 0, s.Via == "xml")
	needs("url", s.URL != "", s.Via != "xml")
	needs("leave_out", len(s.LeaveOut) > 0, s.Via == "registry")
	needs("any_host", s.AnyHost, s.Via == "registry")
	switch {
	case s.Via == "datastore" && s.Key == "":
		report("key: the Datastore answers only with a subscription key, which is free of charge at developer.iatistandard.org")
	case s.Via == "xml" && len(s.Addresses) == 0:
		report("addresses: name at least one")
	case s.Via == "registry" && len(s.Publishers) == 0:
		report("publishers: name at least one, as the Registry calls it")
	case asked && len(s.Publishers)+len(s.Countries) == 0:
		report("publishers, countries: name at least one, or every activity of the world would come")
	}
	seen := map[string]bool{}
	for _, p := range s.Publishers {
		if !iatiReference.MatchString(p) || seen[p] {
			report("publishers: %q is no reference, or stands there twice", p)
		}
		seen[p] = true
	}
	for _, code := range s.Countries {
		if !iatiCountry.MatchString(code) {
			report("countries: %q is no code of two capitals, such as ID", code)
		}
	}
	if s.PageSize < 1 {
		report("page_size: must be at least 1")
	}
	return errors.Join(problems...)
}

// files checks plain addresses. wire gets the first as its own, for want of another.
func (s *IATI) files(wire *REST) (files []*url.URL, err error) {
	names := map[string]bool{}
	for _, address := range s.Addresses {
		u, err := wire.checkURL("addresses", address)
		if err != nil {
			return nil, err
		}
		if name := addressName(u); names[name] {
			return nil, fmt.Errorf("addresses: %s stands there twice", name)
		} else {
			names[name] = true
		}
		files = append(files, u)
	}
	if s.Via == "xml" && len(files) > 0 {
		wire.URL = files[0].String()
	}
	return files, nil
}

type iatiConnector struct {
	settings IATI
	files    []*url.URL
	wire     *restConnector
}

// iatiPosition is the mark of everything taken: a digest of a page, the Registry's
// mark of a dataset, or what a file's host says of its state.
type iatiPosition struct {
	Seen map[string]string `json:"seen"`
}

// An iatiPull is one pull under way.
type iatiPull struct {
	c       *iatiConnector
	session *httpSession
	ctx     context.Context
	req     Request
	seen    map[string]string
	yield   func(*Object) bool
}

// Pull yields pages, datasets or files that are new or have changed.
func (c *iatiConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error {
		p := &iatiPull{c: c, session: c.wire.newSession(req.Now), ctx: ctx, req: req, yield: yield}
		if c.settings.Via == "datastore" {
			p.session.refusal = refusedByDatastore
		}
		return p.run()
	})
}

// refusedByDatastore words the answers of the gateway that stands before the Datastore.
func refusedByDatastore(status int, _ []byte) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("the Datastore answered %d %s: is key the subscription key of the Datastore, and still in force?", status, http.StatusText(status))
	}
	return fmt.Errorf("the Datastore answered %d %s: check url, publishers and countries", status, http.StatusText(status))
}

func (p *iatiPull) run() error {
	position := iatiPosition{}
	if len(p.req.Position) > 0 && p.req.Window.IsZero() {
		if err := json.Unmarshal(p.req.Position, &position); err != nil || position.Seen == nil {
			return errors.New("reading the position of the activities: it is not one that this connector wrote: pull the feed anew")
		}
	}
	p.seen = maps.Clone(position.Seen)
	if p.seen == nil {
		p.seen = map[string]string{}
	}
	switch p.c.settings.Via {
	case "xml":
		return p.addresses()
	case "registry":
		return p.registry()
	}
	publishers := p.c.settings.Publishers
	if len(publishers) == 0 {
		publishers = []string{""}
	}
	for _, publisher := range publishers {
		if err := p.pages(publisher); err != nil {
			return err
		}
	}
	return nil
}

// isNew says whether something bears another mark than at the last pull. What bears
// none is always new.
func (p *iatiPull) isNew(name, mark string) bool { return mark == "" || p.seen[name] != mark }

// give hands on an object together with the position after it.
func (p *iatiPull) give(o *Object, mark string) error {
	if p.req.Window.IsZero() {
		if p.seen[o.Name] = mark; mark == "" {
			delete(p.seen, o.Name)
		}
		var err error
		if o.Position, err = json.Marshal(iatiPosition{p.seen}); err != nil {
			return fmt.Errorf("writing the position of %s: %w", o.Name, err)
		}
	}
	if !p.yield(o) {
		return errEnough
	}
	return nil
}

// allows reports whether a host is that of the address to ask, or named.
func (c *iatiConnector) allows(host string) bool {
	return host == c.wire.base.Host || slices.ContainsFunc(c.settings.AllowHosts, func(h string) bool { return strings.EqualFold(h, host) })
}
