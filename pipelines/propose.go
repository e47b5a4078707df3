package pipelines

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/producers"
	"github.com/kp2mi/lindung/transforms"
)

// A Proposal asks for a source file for a source that nobody has described yet.
type Proposal struct {
	Name    string `json:"name"`
	Dataset string `json:"dataset"`
	From    string `json:"from"`   // FILE, an http(s) address, or env:NAME#schema.table
	CA      string `json:"ca"`     // a file of the project with the authorities to trust
	Origin  string `json:"origin"` // "" is the project's own
}

// ProposeSource looks at a source and writes the file that describes it. It takes no data.
func (r *Runner) ProposeSource(ctx context.Context, q Proposal) (*producers.Proposed, error) {
	if !nameRE.MatchString(q.Name) {
		return nil, usagef("NAME %q: write lower case letters, digits and _, beginning with a letter; it becomes part of every row's identity", q.Name)
	}
	d, ok := transforms.Lookup(q.Dataset)
	if !ok || len(d.Inputs()) == 0 {
		return nil, usagef("dataset %q is not known%s", q.Dataset, nearest(q.Dataset, feedDatasets()))
	}
	for _, s := range r.Project.Sources {
		if s.Name == q.Name {
			return nil, usagef("source %q is there already (%s); compare it with what it sends: lindung sources check %s", q.Name, s.File, q.Name)
		}
	}
	if q.Origin == "" {
		if q.Origin = r.Project.Origin(); q.Origin == configs.OriginReference {
			q.Origin = configs.OriginReal
		}
	}
	if has := r.Project.Origin(); !slices.Contains([]string{configs.OriginReal, configs.OriginSample, configs.OriginReference}, q.Origin) {
		return nil, usagef("--origin %q is not known; use real, sample or reference", q.Origin)
	} else if q.Origin != configs.OriginReference && has != configs.OriginReference && has != q.Origin {
		return nil, usagef("--origin %s: this project has %s data, and they never share a project", q.Origin, has)
	}
	if !strings.Contains(q.From, "://") && !strings.HasPrefix(q.From, "env:") {
		absolute, err := filepath.Abs(q.From)
		if err != nil {
			return nil, err
		}
		q.From = absolute
	}
	p := &producers.Proposed{}
	return p, r.look(ctx, lookPropose, lookJob{Draft: &q}, p)
}

var nameRE = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// feedDatasets are the datasets that a feed can bring.
func feedDatasets() []string {
	var list []string
	for _, d := range transforms.Datasets() {
		if len(d.Inputs()) > 0 {
			list = append(list, d.Name())
		}
	}
	return list
}

// propose is the child's side: it reads, guesses and writes.
func propose(ctx context.Context, job lookJob, event func(Event), log *slog.Logger) (*producers.Proposed, error) {
	q := job.Draft
	project, err := ValidateProject(job.Dir)
	if err != nil {
		return nil, err
	}
	lists, err := transforms.LoadLists(referenceFS(project))
	if err != nil {
		return nil, err
	}
	dataset, _ := transforms.Lookup(q.Dataset)
	d := producers.Draft{Name: q.Name, Origin: q.Origin, Dataset: dataset, Lists: lists, Rival: rivalOf(project, q.Dataset)}
	name, data, err := q.sample(ctx, &d, job, log, event)
	if err != nil {
		return nil, err
	}
	event(Event{Step: "look", Object: name})
	if err := guess(ctx, &d, name, data); err != nil {
		return nil, err
	}
	p := producers.Propose(d)
	if err := checkText(project, q.Name, p.Text); err != nil {
		return nil, fmt.Errorf("the proposal for %s does not pass lindung validate, which is a mistake of this program: %w", q.Name, err)
	}
	return &p, nil
}

// rivalOf is an authoritative feed that a dataset has already.
func rivalOf(p *configs.Project, dataset string) string {
	for _, s := range p.Sources {
		for _, f := range s.Feeds {
			if f.Dataset == dataset && f.Role == "authoritative" {
				return f.Name
			}
		}
	}
	return ""
}

// checkText holds a source's text to what validate asks of a file.
func checkText(p *configs.Project, name, text string) error {
	draft, err := loadDraft(p.Dir, name, text)
	if err != nil {
		return err
	}
	env, err := transformEnv(p)
	if err != nil {
		env = &transforms.Env{} // a project without keys yet: the mapping is not bound
	}
	var all configs.Errors
	for _, s := range draft.Sources {
		for _, f := range s.Feeds {
			all = append(all, checkFeed(f, env)...)
		}
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

// sampleBytes is how much of a source is looked at to propose its description.
const sampleBytes = 16 << 20

// sample reads the beginning of the source, and says in the draft how it is reached.
func (q *Proposal) sample(ctx context.Context, d *producers.Draft, job lookJob, log *slog.Logger, event func(Event)) (string, []byte, error) {
	switch {
	case strings.HasPrefix(q.From, "env:"):
		if err := q.table(d); err != nil {
			return "", nil, err
		}
	case strings.Contains(q.From, "://"):
		if err := q.address(d); err != nil {
			return "", nil, err
		}
	default:
		return q.file(d, job.Dir)
	}
	if q.CA != "" {
		d.Connector = append(d.Connector, producers.Setting{Key: "ca", Value: producers.Quote("${file:" + filepath.ToSlash(q.CA) + "}")})
	}
	return q.pullOne(ctx, d, job, log, event)
}

// file reads a file, wherever it lies, and proposes the folder that later ones are dropped into.
func (q *Proposal) file(d *producers.Draft, dir string) (string, []byte, error) {
	data, err := readHead(q.From)
	if err != nil {
		return "", nil, usagef("--from %s: %v; name a file that is there, an https:// address, or env:NAME#schema.table", q.From, err)
	}
	name := filepath.Base(q.From)
	folder, check := "inbox/"+q.Name, "make this folder in the project, and have the files dropped there"
	if root, err := filepath.Abs(dir); err == nil {
		if rel, err := filepath.Rel(root, filepath.Dir(q.From)); err == nil && filepath.IsLocal(rel) {
			folder, check = filepath.ToSlash(rel), ""
		}
	}
	d.From = name
	d.Connector = []producers.Setting{{Key: "kind", Value: "files"}, {Key: "path", Value: producers.Quote(folder), Check: check},
		{Key: "match", Value: `["*` + strings.ToLower(filepath.Ext(name)) + `"]`}}
	if ext := filepath.Ext(name); ext != strings.ToLower(ext) {
		d.Connector[2].Value = `["*` + ext + `"]`
	}
	return name, data, nil
}

func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("it is no plain file")
	}
	return io.ReadAll(io.LimitReader(f, sampleBytes+1))
}

// withoutPath keeps the reason of a file error: the message names the file in its own way.
func withoutPath(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// address proposes an HTTP source.
func (q *Proposal) address(d *producers.Draft) error {
	u, err := url.Parse(q.From)
	switch {
	case err != nil || u.Host == "":
		return usagef("--from is no whole address")
	case u.User != nil:
		return usagef("--from holds a user or a password: a command line is seen by others. Put the address of a database into an environment variable and write env:NAME#schema.table; of an HTTP source, leave the sign-in out and fill in auth: afterwards")
	case u.Scheme != "https" && u.Scheme != "http":
		return usagef("--from %s://…: only http and https addresses are read like this; of a database, put the whole address into an environment variable and write env:NAME#schema.table", u.Scheme)
	}
	for name := range u.Query() {
		if secretRE.MatchString(name) {
			return usagef("--from: the parameter %q looks like a secret, which must stand neither on a command line nor in a file; leave it out and write it as ${env:NAME} under auth: or query: afterwards", name)
		}
	}
	d.From = u.Scheme + "://" + u.Host + u.Path
	d.Connector = []producers.Setting{{Key: "kind", Value: "rest"}, {Key: "url", Value: producers.Quote(u.String())}}
	return nil
}

var secretRE = regexp.MustCompile(`(?i)key|token|secret|pass|sig|auth|sandi`)

// table proposes a table of a database, whose address an environment variable holds.
func (q *Proposal) table(d *producers.Draft) error {
	variable, table, _ := strings.Cut(strings.TrimPrefix(q.From, "env:"), "#")
	if variable == "" || table == "" {
		return usagef("--from %s: write env:NAME#schema.table, where the environment variable NAME holds the database's whole address", q.From)
	}
	address, set := configOptions(false).Env(variable)
	if !set {
		return usagef("--from %s: the environment variable %s is not set; it holds the whole address, such as postgres://user:password@host:5432/database", q.From, variable)
	}
	scheme, _, _ := strings.Cut(address, "://")
	kind := map[string]string{"postgres": "postgres", "postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql"}[scheme]
	if kind == "" {
		return usagef("--from %s: the environment variable %s holds no address that begins with postgres:// or mysql://", q.From, variable)
	}
	d.From, d.Table = kind+" table "+table, true
	d.Connector = []producers.Setting{{Key: "kind", Value: kind}, {Key: "url", Value: "${env:" + variable + "}"}, {Key: "table", Value: producers.Quote(table)}}
	return nil
}

// pullOne reads the beginning of the first object through the connector as drafted so far.
func (q *Proposal) pullOne(ctx context.Context, d *producers.Draft, job lookJob, log *slog.Logger, event func(Event)) (string, []byte, error) {
	bare := *d
	bare.Format = []producers.Setting{{Key: "kind", Value: "csv"}}
	draft, err := loadDraft(job.Dir, q.Name, producers.Propose(bare).Text)
	if err != nil {
		return "", nil, err
	}
	feed := draft.Sources[0].Feeds[0]
	r := &feedRun{job: FeedJob{Dir: job.Dir, Now: job.Now}, project: draft, feed: feed, log: log, event: event}
	var name string
	var data []byte
	err = r.eachObject(ctx, lookRequest{objects: 1}, func(obj *connectors.Object) (bool, error) {
		name = obj.Name
		data, err = io.ReadAll(io.LimitReader(obj.Body, sampleBytes+1))
		return false, err
	})
	if err == nil && name == "" {
		err = gatef("%s: there is nothing to read at present; try again when it has data", d.From)
	}
	return name, data, err
}

// guess finds the way of reading that shows the most of the dataset's columns, and looks at them.
func guess(ctx context.Context, d *producers.Draft, name string, data []byte) error {
	cut := len(data) > sampleBytes
	if end := bytes.LastIndexByte(data, '\n'); cut && end > 0 {
		data = data[:end+1] // the last record of a long text may be cut
	}
	guesses, err := formats.Guesses(name, data)
	if err != nil {
		return gatef("%s: %v", name, err)
	}
	matcher := producers.NewMatcher(d.Dataset, d.Lists)
	best, most := -1, 0.0
	for i, g := range guesses {
		header, err := headerOf(ctx, g, name, data)
		if err != nil || len(header) == 0 {
			continue
		}
		if score := matcher.HeaderScore(header); best < 0 || score > most {
			best, most = i, score
		}
	}
	if best < 0 {
		return gatef("%s: no row of column names was found in it; describe it by hand, beginning with: lindung init", name)
	}
	g := guesses[best]
	d.Format = []producers.Setting{{Key: "kind", Value: g.Kind}}
	for _, k := range g.Keys {
		d.Format = append(d.Format, producers.Setting{Key: k.Key, Value: producers.Quote(k.Value), Check: k.Why})
		if k.Key == "header_row" {
			d.Format[len(d.Format)-1].Value = k.Value
		}
	}
	found := newColumns()
	for b, err := range g.Settings.Decode(ctx, name, bytes.NewReader(data)) {
		if err != nil {
			if cut && d.Records > 0 {
				break // what was cut off ends badly
			}
			return gatef("%s: %v", name, err)
		}
		n := min(b.Len(), lookRecords-int(d.Records))
		found.add(withoutNames(b, nil), n, func(int) bool { return false }) // no field is known yet
		if d.Records += int64(n); d.Records >= lookRecords {
			break
		}
	}
	d.Columns = found.list()
	return nil
}

// headerOf is the header that a guess shows.
func headerOf(ctx context.Context, g formats.Guess, name string, data []byte) ([]string, error) {
	for b, err := range g.Settings.Decode(ctx, name, bytes.NewReader(data)) {
		if err != nil {
			return nil, err
		}
		return b.Header(), nil
	}
	return nil, nil
}
