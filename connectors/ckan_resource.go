package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A ckanResource is what a portal says of one resource, as far as it matters here.
type ckanResource struct {
	ID               string          `json:"id"`
	Name             string          `json:"name"`
	Format           string          `json:"format"`
	URL              string          `json:"url"`
	URLType          string          `json:"url_type"`
	State            string          `json:"state"`
	Hash             string          `json:"hash"`
	Size             json.RawMessage `json:"size"` // a number, a text or null
	LastModified     string          `json:"last_modified"`
	MetadataModified string          `json:"metadata_modified"`
	Created          string          `json:"created"`
	DatastoreActive  bool            `json:"datastore_active"`
}

// mark is by what a change is seen. A new description alone changes the metadata
// and no row, so their time counts only where there is no other.
func (r *ckanResource) mark() string {
	when := r.LastModified
	for _, other := range []string{r.MetadataModified, r.Created} {
		if when == "" && r.Hash == "" {
			when = other
		}
	}
	size := strings.Trim(string(r.Size), `"`)
	if size == "null" {
		size = ""
	}
	return strings.Join([]string{r.Hash, when, size}, "|")
}

// isLink reports a resource that lies elsewhere, and changes without the portal.
func (r *ckanResource) isLink() bool { return r.URLType == "" }

// modified is when the resource changed, as far as the portal says so.
func (r *ckanResource) modified() time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", time.RFC3339Nano} {
		if t, err := time.Parse(layout, r.LastModified); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// label names the resource in messages.
func (r *ckanResource) label() string {
	return fmt.Sprintf("resource %s (%.80s)", r.ID, strings.Map(printable, r.Name))
}

func printable(c rune) rune {
	if unicode.IsControl(c) {
		return ' '
	}
	return c
}

// A ckanID names a resource, also in addresses and names of objects.
var ckanID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,100}$`)

// list asks for the resources and keeps those that the settings choose.
func (p *ckanPull) list() (chosen []*ckanResource, err error) {
	s := &p.c.settings
	var all []*ckanResource
	p.folder = p.c.wire.base.Hostname()
	if s.Package != "" {
		var shown struct {
			Name      string          `json:"name"`
			Resources []*ckanResource `json:"resources"`
		}
		if err := p.show("package_show", s.Package, "package "+s.Package, &shown); err != nil {
			return nil, err
		}
		if ckanID.MatchString(shown.Name) {
			p.folder = shown.Name
		}
		all = shown.Resources
	}
	for _, id := range s.Resources {
		if s.Package != "" {
			if !slices.ContainsFunc(all, func(r *ckanResource) bool { return r != nil && r.ID == id }) {
				return nil, fmt.Errorf("pulling package %s: it has no resource %s: correct resources", s.Package, id)
			}
			continue
		}
		r := new(ckanResource)
		if err := p.show("resource_show", id, "resource "+id, r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	seen := map[string]bool{}
	for _, r := range all {
		if r == nil || !ckanID.MatchString(r.ID) || seen[r.ID] {
			return nil, fmt.Errorf("pulling package %s: a resource has no id, or another one's: tell the portal's owner", s.Package)
		}
		seen[r.ID] = true
		if p.c.chooses(r) {
			chosen = append(chosen, r)
		}
	}
	if len(chosen) == 0 && len(all) > 0 {
		return nil, fmt.Errorf("pulling %s: none of its %d resources is chosen by resources, match and formats: correct them (the first is %s, format %.20s)",
			p.folder, len(all), all[0].label(), all[0].Format)
	}
	return chosen, nil
}

func (c *ckanConnector) chooses(r *ckanResource) bool {
	s := &c.settings
	if r.State != "" && r.State != "active" {
		return false
	}
	return (len(s.Resources) == 0 || slices.Contains(s.Resources, r.ID)) &&
		(len(s.Formats) == 0 || slices.ContainsFunc(s.Formats, func(f string) bool { return strings.EqualFold(f, strings.TrimSpace(r.Format)) })) &&
		(len(c.match) == 0 || slices.ContainsFunc(c.match, func(m *regexp.Regexp) bool { return m.MatchString(strings.TrimSpace(r.Name)) }))
}

// show asks for a package or a resource.
func (p *ckanPull) show(action, id, place string, into any) error {
	answer, err := p.ask(action, url.Values{"id": {id}}, place)
	if err != nil {
		return err
	}
	var envelope struct {
		Result json.RawMessage `json:"result"`
	}
	if err = json.Unmarshal(answer, &envelope); err == nil {
		err = json.Unmarshal(envelope.Result, into)
	}
	if err != nil {
		// The library's words quote the answer.
		return fmt.Errorf("pulling %s: the portal describes it in another form than CKAN does: is url a CKAN portal?", place)
	}
	return nil
}

// ask calls an action and gives the whole answer of one that succeeded.
func (p *ckanPull) ask(action string, query url.Values, place string) (answer []byte, err error) {
	place = fmt.Sprintf("%s of %s", place, p.c.wire.base.Host)
	err = p.session.fetch(p.ctx, p.action(action, query), place, func(r *http.Response, body io.ReadCloser) (err error) {
		defer body.Close()
		limit := p.c.settings.MaxPageBytes
		if answer, err = io.ReadAll(io.LimitReader(body, int64(limit)+1)); err != nil {
			return err
		}
		if Size(len(answer)) > limit {
			return contentError{fmt.Errorf("the answer has more than max_page_bytes (%s): lower page_size, or raise the limit", limit)}
		}
		answer = bytes.TrimPrefix(answer, []byte("\xEF\xBB\xBF"))
		var envelope struct {
			Success *bool `json:"success"`
		}
		if json.Unmarshal(answer, &envelope) != nil || envelope.Success == nil || !*envelope.Success {
			return refusedByCKAN("", answer, p.c.settings.Token)
		}
		return nil
	})
	return answer, err
}

// refusedByCKAN words an answer that is no success. CKAN says why in an envelope;
// what is no envelope does not come from CKAN.
func refusedByCKAN(status string, head []byte, token Secret) error {
	answered := "the portal answered"
	if status != "" {
		answered += " " + status
	}
	var envelope struct {
		Success *bool                      `json:"success"`
		Error   map[string]json.RawMessage `json:"error"`
	}
	if json.Unmarshal(head, &envelope) != nil || envelope.Success == nil {
		what := "what is no answer of CKAN"
		if looksHTML("", head) {
			what = "a web page"
		}
		return fmt.Errorf("%s with %s: is url right, and does the portal still run CKAN? (data.go.id does not; its CKAN is katalog.data.go.id)", answered, what)
	}
	kind, remedy := textOf(envelope.Error["__type"]), "check package, resources and url"
	if strings.HasPrefix(kind, "Authorization") {
		remedy = "ask the portal's owner for access and set token"
	}
	said := kind
	for _, name := range slices.Sorted(maps.Keys(envelope.Error)) {
		if name != "__type" {
			said += "; " + name + ": " + textOf(envelope.Error[name])
		}
	}
	if token != "" {
		said = strings.ReplaceAll(said, token.Reveal(), masked)
	}
	return fmt.Errorf("%s %q: %s", answered, shorten(strings.Map(printable, strings.TrimPrefix(said, "; "))), remedy)
}

// textOf is a JSON value as people read it.
func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// shorten keeps what a message has room for.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 200 {
		return string(runes[:200]) + "…"
	}
	return text
}

// file pulls a resource's file as it is served.
func (p *ckanPull) file(r *ckanResource) error {
	target, err := p.address(r)
	if err != nil {
		return fmt.Errorf("pulling %s: %w", r.label(), err)
	}
	position, err := p.pulled(r)
	if err != nil {
		return err
	}
	// The file is asked for like any resource of an API, at its own address.
	wire := *p.c.wire
	wire.base, wire.settings.Accept, wire.settings.MaxBytes = target, "*/*", p.c.settings.MaxBytes
	if f := strings.ToUpper(strings.TrimSpace(r.Format)); f == "HTML" || f == "XLS" {
		wire.settings.Accept = "text/html, */*" // portals write HTML tables under the name .xls
	}
	if target.Host != p.c.wire.base.Host {
		wire.settings.Auth = RESTAuth{Kind: "none"}
	}
	session := wire.newSession(p.req.Now)
	session.limiter = p.session.limiter
	whole := &restPull{c: &wire, session: session, ctx: p.ctx, req: Request{Now: p.req.Now}, yield: func(o *Object) bool {
		p.describe(o, r, fileNameOf(target, r, o.MediaType))
		o.Position = position
		return p.yield(o)
	}}
	return whole.whole(target)
}

// address is where a resource's file is. Portals that moved to https keep
// addresses of the time before.
func (p *ckanPull) address(r *ckanResource) (*url.URL, error) {
	base := p.c.wire.base
	target, err := base.Parse(strings.TrimSpace(r.URL))
	if err != nil || target.User != nil || target.Host == "" {
		return nil, errors.New("its url is no address: tell the portal's owner, or set datastore")
	}
	target.Host, target.Fragment = strings.ToLower(target.Host), ""
	if target.Host == base.Host {
		target.Scheme = base.Scheme
	}
	if err := p.c.wire.checkHost(target, "a file"); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return target, nil
}

// describe names an object of a resource.
func (p *ckanPull) describe(o *Object, r *ckanResource, name string) {
	o.Name = path.Join(p.folder, r.ID, name)
	if o.MediaType == "" || strings.HasPrefix(o.MediaType, "application/octet-stream") {
		o.MediaType = mediaTypeOf(name)
	}
	if o.ModifiedAt.IsZero() {
		o.ModifiedAt = r.modified()
	}
	if o.Meta == nil {
		o.Meta = map[string]string{}
	}
	o.Meta["resource"] = r.Name
}

// fileNameOf is what the file is called at the end of its address, with an
// extension that its format or its media type gives where it has none.
func fileNameOf(target *url.URL, r *ckanResource, mediaType string) string {
	name := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\\' || c == '/' || c == unicode.ReplacementChar {
			return '_'
		}
		return c
	}, path.Base(target.Path))
	if name == "." || name == "_" || name == ".." || len(name) > 200 {
		name = "file"
	}
	if mediaTypeOf(name) != "application/octet-stream" {
		return name
	}
	if ext := "." + strings.ToLower(strings.TrimSpace(r.Format)); mediaTypeOf(ext) != "application/octet-stream" {
		return name + ext
	}
	return name + "." + extensionOf(mediaType)
}
