package connectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A ckanAnswer is what the Registry, a CKAN, answers to a search.
type ckanAnswer struct {
	Success bool `json:"success"`
	Result  struct {
		Count   int           `json:"count"`
		Results []ckanPackage `json:"results"`
	} `json:"result"`
}

// A ckanPackage is a dataset in the Registry: one file of activities or of
// organisations.
type ckanPackage struct {
	Name      string `json:"name"`
	Modified  string `json:"metadata_modified"`
	Resources []struct {
		URL  string `json:"url"`
		Hash string `json:"hash"`
	} `json:"resources"`
	Extras []struct {
		Key   string `json:"key"`
		Value any    `json:"value"`
	} `json:"extras"`
	FileType string `json:"filetype"` // newer Registries give it beside the extras
}

// hasActivities is false for files of organisations.
func (d *ckanPackage) hasActivities() bool {
	kind := d.FileType
	for _, e := range d.Extras {
		if text, ok := e.Value.(string); ok && e.Key == "filetype" {
			kind = text
		}
	}
	return kind != "organisation"
}

// iatiRows is how many datasets are asked for at a time, which is CKAN's own limit.
const iatiRows = 1000

// registry looks up the datasets of each publisher and fetches those that changed. All
// are looked up first: the order of names does not depend on the Registry's.
func (p *iatiPull) registry() error {
	for _, publisher := range p.c.settings.Publishers {
		datasets, err := p.lookUp(publisher)
		if err != nil {
			return err
		}
		slices.SortFunc(datasets, func(a, b ckanPackage) int { return strings.Compare(a.Name, b.Name) })
		datasets = slices.CompactFunc(datasets, func(a, b ckanPackage) bool { return a.Name == b.Name })
		// What is gone from the Registry leaves the position too, so that it does not grow for ever.
		listed := map[string]bool{}
		for i := range datasets {
			for k := range datasets[i].Resources {
				listed[resourceName(publisher, &datasets[i], k)] = true
			}
		}
		maps.DeleteFunc(p.seen, func(name, _ string) bool { return strings.HasPrefix(name, publisher+"/") && !listed[name] })
		for i := range datasets {
			if err := p.dataset(publisher, &datasets[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookUp lists the datasets of a publisher.
func (p *iatiPull) lookUp(publisher string) (datasets []ckanPackage, err error) {
	place := "the datasets of " + publisher
	for start := 0; ; {
		target := *p.c.wire.base
		query := target.Query()
		query.Set("q", "organization:"+publisher)
		query.Set("rows", strconv.Itoa(iatiRows))
		query.Set("start", strconv.Itoa(start))
		query.Set("sort", "name asc")
		target.RawQuery = query.Encode()
		var answer ckanAnswer
		err := p.session.fetch(p.ctx, &target, place, func(r *http.Response, body io.ReadCloser) error {
			defer body.Close()
			return readCKAN(r, body, p.c.settings.MaxPageBytes, &answer)
		})
		if err != nil {
			return nil, err
		}
		datasets = append(datasets, answer.Result.Results...)
		if start += len(answer.Result.Results); start >= answer.Result.Count {
			return datasets, nil
		}
		if len(answer.Result.Results) == 0 {
			return nil, fmt.Errorf("pulling %s: the Registry says that there are %d and gives %d: pull again later", place, answer.Result.Count, start)
		}
	}
}

func readCKAN(r *http.Response, body io.Reader, limit Size, answer *ckanAnswer) error {
	data, err := io.ReadAll(io.LimitReader(body, int64(limit)+1))
	if err != nil {
		return err
	}
	if Size(len(data)) > limit {
		return contentError{fmt.Errorf("the answer has more than max_page_bytes (%s): raise the limit", limit)}
	}
	if looksHTML(r.Header.Get("Content-Type"), data[:min(len(data), 512)]) {
		return errors.New("the Registry answered with a web page instead of data: maintenance, or another address?")
	}
	*answer = ckanAnswer{}
	if err := json.Unmarshal(data, answer); err != nil {
		return contentError{fmt.Errorf("the answer is not what a Registry (CKAN) answers: check url: %w", err)}
	}
	if !answer.Success {
		return contentError{errors.New("the Registry says that the search did not succeed: check url and publishers")}
	}
	return nil
}

// dataset fetches a dataset if the Registry marks it otherwise than at the last pull.
func (p *iatiPull) dataset(publisher string, d *ckanPackage) error {
	if !d.hasActivities() || slices.Contains(p.c.settings.LeaveOut, d.Name) {
		return nil
	}
	if !iatiReference.MatchString(d.Name) {
		return fmt.Errorf("pulling the datasets of %s: the Registry calls one of them by no proper name", publisher)
	}
	for i, resource := range d.Resources {
		name, mark := resourceName(publisher, d, i), resource.Hash
		if mark == "" {
			mark = d.Modified
		}
		if !p.isNew(name, mark) {
			continue
		}
		u, err := p.c.permitted(resource.URL)
		if err != nil {
			return fmt.Errorf("pulling %s: %w", name, err)
		}
		if err := p.file(u, name, func(o *Object) string { return mark }); err != nil {
			return err
		}
	}
	return nil
}

// resourceName names a file of a dataset; nearly all datasets are one file.
func resourceName(publisher string, d *ckanPackage, i int) string {
	if i > 0 {
		return fmt.Sprintf("%s/%s-%d.xml", publisher, d.Name, i+1)
	}
	return publisher + "/" + d.Name + ".xml"
}

// permitted checks the address of a dataset, which its publisher wrote.
func (c *iatiConnector) permitted(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, errors.New("the Registry gives no address that begins with https://: tell the publisher, or name the dataset in leave_out")
	}
	u.Host = strings.ToLower(u.Host)
	if c.allows(u.Host) {
		return u, nil
	}
	if !c.settings.AnyHost {
		return nil, fmt.Errorf("it lies on another host (%s): add that to allow_hosts, or set any_host, if that is right", u.Host)
	}
	// An address inside the ministry's own network is none that a publisher may name.
	host := strings.TrimSuffix(u.Hostname(), ".")
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal") {
		return nil, fmt.Errorf("it lies on %s, which is no public name: any_host does not cover that; add it to allow_hosts if it is right", u.Host)
	}
	return u, nil
}

// addresses fetches the plain addresses, in their order.
func (p *iatiPull) addresses() error {
	for _, u := range p.c.files {
		if err := p.file(u, addressName(u), stateOf); err != nil {
			return err
		}
	}
	return nil
}

// stateOf is what a file's host says of its state.
func stateOf(o *Object) string {
	if etag := o.Meta["etag"]; etag != "" {
		return etag
	}
	if o.ModifiedAt.IsZero() {
		return ""
	}
	return o.ModifiedAt.Format(time.RFC3339)
}

// validators ask a plain address for its file only if that is another than at the last
// pull. Marks of the Registry mean nothing to the hosts of its datasets.
func (p *iatiPull) validators(name string) http.Header {
	mark := p.seen[name]
	if mark == "" || p.c.settings.Via != "xml" {
		return nil
	}
	if modified, err := time.Parse(time.RFC3339, mark); err == nil {
		return http.Header{"If-Modified-Since": {modified.Format(http.TimeFormat)}}
	}
	return http.Header{"If-None-Match": {mark}}
}

// addressName names a plain address: its host and path, and what it asks for. The port is left out: the same file
// from a server that moved is the same object.
func addressName(u *url.URL) string {
	name := u.Hostname() + path.Clean("/"+u.Path)
	if u.RawQuery != "" {
		name += "-" + pageMark([]byte(u.RawQuery))[:8]
	}
	name = strings.Map(func(r rune) rune {
		if r == '/' || iatiReference.MatchString("a"+string(r)) {
			return r
		}
		return '_'
	}, strings.TrimSuffix(name, "/"))
	if !strings.HasSuffix(strings.ToLower(name), ".xml") {
		name += ".xml"
	}
	return name
}

// file fetches a file whole, without holding it. What bears the mark that it had at the
// last pull is not handed on.
func (p *iatiPull) file(u *url.URL, name string, mark func(*Object) string) error {
	wire := *p.c.wire
	wire.base = u
	// Redirects are judged by the host that the file lies on.
	registry := p.session.c
	p.session.c = &wire
	defer func() { p.session.c = registry }()
	p.session.headers = p.validators(name)
	defer func() { p.session.headers = nil }()
	var failed error
	pull := &restPull{c: &wire, session: p.session, ctx: p.ctx, yield: func(o *Object) bool {
		o.Name = name
		if m := mark(o); p.isNew(name, m) {
			failed = p.give(o, m)
		} else {
			_ = o.Body.Close()
		}
		return failed == nil
	}}
	err := pull.stream(u, func(*http.Response) (json.RawMessage, error) { return nil, nil })
	switch {
	case failed != nil:
		return failed
	case errors.Is(err, errNotModified):
		return nil
	}
	return err
}
