package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

// RESTExport says how to have a file prepared and to fetch it. Paths are member
// names joined by dots, from the document on.
type RESTExport struct {
	IDPath       string        `yaml:"id_path" doc:"where the answer to the request says how the job is called"`
	StatusURL    string        `yaml:"status_url" doc:"address that tells how far the job is; {id} is the job; default: the Location header of the answer"`
	StatusPath   string        `yaml:"status_path" doc:"where the state is told"`
	Done         []string      `yaml:"done" doc:"states of a job whose file can be fetched, such as completed"`
	Failed       []string      `yaml:"failed" doc:"states of a job that will never have a file, such as failed, cancelled"`
	ErrorPath    string        `yaml:"error_path" doc:"where a failed job says why"`
	DownloadURL  string        `yaml:"download_url" doc:"address of the file; {id} is the job"`
	DownloadPath string        `yaml:"download_path" doc:"where the state of a finished job tells the address of its file, instead of download_url"`
	Every        time.Duration `yaml:"every" doc:"wait this long before asking again, unless the source says how long; default 10s"`
	Deadline     time.Duration `yaml:"deadline" doc:"give up a job after waiting this long in all; default 1h"`
	Keep         time.Duration `yaml:"keep" doc:"a job that a pull left behind is taken up by a later one until it is this old; 0: never, a new one is asked for; default 24h"`
}

const jobPlaceholder = "{id}"

func (e RESTExport) isSet() bool { return e.StatusPath != "" || e.IDPath != "" || e.StatusURL != "" }

func (s *REST) checkExport() (problems []error) {
	e := s.Export
	report := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("export: "+format, args...))
	}
	if !e.isSet() {
		if len(e.Done)+len(e.Failed) > 0 || e.DownloadURL+e.DownloadPath+e.ErrorPath != "" {
			report("status_path is missing: it says where the state of the job is told")
		}
		return problems
	}
	if e.StatusPath == "" || len(e.Done) == 0 {
		report("status_path and done are needed: where the state of the job is told, and which state means that its file is there")
	}
	if (e.DownloadURL == "") == (e.DownloadPath == "") {
		report("give one of download_url and download_path")
	}
	for name, text := range map[string]string{"status_url": e.StatusURL, "download_url": e.DownloadURL} {
		if text == "" {
			continue
		}
		if _, err := s.checkURL("export: "+name, strings.ReplaceAll(text, jobPlaceholder, "id")); err != nil {
			problems = append(problems, err)
		}
		if strings.Contains(text, jobPlaceholder) && e.IDPath == "" {
			report("%s holds {id}, and id_path does not say where to find it", name)
		}
	}
	for _, path := range []string{e.IDPath, e.StatusPath, e.ErrorPath, e.DownloadPath} {
		if path != "" && slices.Contains(strings.Split(path, "."), "") {
			report("the path %q has an empty part", path)
		}
	}
	if i := slices.IndexFunc(e.Failed, func(state string) bool { return slices.Contains(e.Done, state) }); i >= 0 {
		report("%q cannot be both done and failed", e.Failed[i])
	}
	if e.Every <= 0 || e.Deadline < e.Every || e.Keep < 0 {
		report("every must be more than 0, deadline not less, and keep not negative")
	}
	if s.Paging.Kind != "none" || s.Paging.UpdatedPath != "" || s.SweepURL != "" {
		report("goes without paging and sweep_url: the file is one object")
	}
	return problems
}

// export has a file prepared, waits for it, and hands it on. The object is called
// after url and not after the job, which is another one each time.
func (p *restPull) export() error {
	if job, ok := p.leftJob(); ok {
		log := p.c.env.logger().With(slog.String("what", p.place(0)), slog.Time("asked", p.asOf))
		log.Info("taking up the export that an earlier pull asked for")
		err := p.fetchExport(job)
		if !p.isLost(err) {
			return err
		}
		log.Info("that export is lost, asking for a new one", slog.String("problem", err.Error()))
		p.asOf, p.session.method = p.req.Now, p.c.settings.Method
	}
	create := *p.c.base
	create.RawQuery = p.query(p.c.base).Encode()
	answer, err := p.message(&create, "the request for an export at "+p.place(0))
	if err != nil {
		return err
	}
	job, err := p.jobOf(answer)
	if err == nil {
		err = p.leaveJob(job)
	}
	if err != nil {
		return fmt.Errorf("pulling %s: %w", p.place(0), err)
	}
	return p.fetchExport(job)
}

// fetchExport waits for a job's file and hands it on.
func (p *restPull) fetchExport(job restJob) error {
	position, err := p.sincePosition(time.Time{})
	if err != nil {
		return err
	}
	p.session.method = http.MethodGet
	download, err := p.await(job)
	if err != nil {
		return err
	}
	return p.stream(download, func(*http.Response) (json.RawMessage, error) { return position, nil })
}

// A jobMessage is an answer about a job.
type jobMessage struct {
	text   jsonscan.Text
	start  int
	url    *url.URL
	header http.Header
}

// at returns the text at a path, "" where there is none.
func (m *jobMessage) at(path string) string {
	if path == "" || len(m.text.Data) == 0 {
		return ""
	}
	if at, ok := lookup(m.text, m.start, path); ok {
		return scalar(m.text, at)
	}
	return ""
}

// message asks for an answer about a job and reads it whole.
func (p *restPull) message(u *url.URL, place string) (*jobMessage, error) {
	var m *jobMessage
	err := p.session.fetch(p.ctx, u, place, func(r *http.Response, body io.ReadCloser) error {
		defer body.Close()
		limit := p.c.settings.MaxPageBytes
		data, err := io.ReadAll(io.LimitReader(body, int64(limit)+1))
		if err != nil {
			return err
		}
		if Size(len(data)) > limit {
			return contentError{fmt.Errorf("the answer has more than max_page_bytes (%s), which no answer about a job has", limit)}
		}
		if looksHTML(r.Header.Get("Content-Type"), data[:min(len(data), 512)]) {
			return errWebPage
		}
		m = &jobMessage{url: r.Request.URL, header: r.Header}
		if len(data) == 0 {
			return nil // an answer of headers alone
		}
		m.text = jsonscan.Text{Data: bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), Final: true}
		if m.start, err = wholeDocument(m.text); err != nil {
			return contentError{fmt.Errorf("the answer is not JSON: %w", err)}
		}
		return nil
	})
	return m, err
}

// A restJob is an export under way.
type restJob struct {
	id     string
	status *url.URL
}

const maxJobID = 200

// jobOf reads how a job is called and where its state is told.
func (p *restPull) jobOf(answer *jobMessage) (job restJob, err error) {
	e := p.c.settings.Export
	if e.IDPath != "" {
		if job.id = answer.at(e.IDPath); job.id == "" || len(job.id) > maxJobID || strings.ContainsFunc(job.id, unicode.IsControl) {
			return job, fmt.Errorf("the answer to the request for an export has no usable %q: check export.id_path", e.IDPath)
		}
	}
	address := strings.ReplaceAll(e.StatusURL, jobPlaceholder, url.PathEscape(job.id))
	if address == "" {
		if address = answer.header.Get("Location"); address == "" {
			return job, errors.New("the answer to the request for an export does not say where its state is told (Location): set export.status_url")
		}
	}
	job.status, err = p.addressOf(answer.url, address, "a link")
	return job, err
}

// addressOf makes sense of an address that a source gave, and refuses hosts that
// the operator did not name.
func (p *restPull) addressOf(base *url.URL, address, what string) (*url.URL, error) {
	u, err := base.Parse(address)
	if err != nil || u.User != nil || u.Host == "" {
		return nil, fmt.Errorf("%s in the answer is no address", what)
	}
	u.Fragment = ""
	if err := p.c.checkHost(u, what); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return u, nil
}

var errNotReady = errors.New("the export is still not ready")

// await asks for the state of a job until its file can be fetched.
func (p *restPull) await(job restJob) (download *url.URL, err error) {
	e, place := p.c.settings.Export, "the state of the export at "+p.place(0)
	for waited := time.Duration(0); ; {
		m, err := p.message(job.status, place)
		if err != nil {
			return nil, err
		}
		state := m.at(e.StatusPath)
		switch {
		case slices.Contains(e.Done, state):
			address := strings.ReplaceAll(e.DownloadURL, jobPlaceholder, url.PathEscape(job.id))
			if address == "" {
				if address = m.at(e.DownloadPath); address == "" {
					return nil, fmt.Errorf("pulling %s: the finished export has no %q: check export.download_path", p.place(0), e.DownloadPath)
				}
			}
			if download, err = p.addressOf(m.url, address, "a link"); err != nil {
				return nil, fmt.Errorf("pulling %s: %w", p.place(0), err)
			}
			return download, nil
		case slices.Contains(e.Failed, state):
			return nil, fmt.Errorf("pulling %s: %w: the source could not prepare the export (%s)%s", p.place(0), ErrUnavailable, p.quoted(state), p.reason(m.at(e.ErrorPath)))
		case state == "":
			return nil, fmt.Errorf("pulling %s: the state of the export has no %q: check export.status_path", p.place(0), e.StatusPath)
		}
		wait := e.Every
		if asked, ok := retryAfter(m.header.Get("Retry-After"), sourceClock(m.header, p.req.Now)); ok {
			wait = min(max(asked, firstWait), p.c.settings.Retry.MaxWait)
		}
		if waited += wait; waited > e.Deadline {
			return nil, fmt.Errorf("pulling %s: %w: %w (%s) after export.deadline (%v): ask for less, or raise it", p.place(0), ErrUnavailable, errNotReady, p.quoted(state), e.Deadline)
		}
		if err := p.c.env.sleep(p.ctx, wait); err != nil {
			return nil, fmt.Errorf("pulling %s: %w", p.place(0), err)
		}
	}
}

func (p *restPull) reason(text string) string {
	if text == "" {
		return ""
	}
	return ": it says: " + p.quoted(text)
}

// Long numbers may be of persons.
var longNumber = regexp.MustCompile(`\d{6,}`)

// quoted is a source's own words, short and without what they must not hold.
func (p *restPull) quoted(text string) string {
	for _, secret := range p.c.settings.secrets() {
		text = strings.ReplaceAll(text, secret, masked)
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, longNumber.ReplaceAllString(text, "…"))
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// secrets are the values that nobody may see.
func (s *REST) secrets() []string {
	all := []string{s.Auth.Key.Reveal(), s.Auth.Password.Reveal(), s.Auth.Token.Reveal(), s.Auth.ClientSecret.Reveal(), s.Proxy.Password.Reveal()}
	for _, more := range []map[string]Secret{s.Headers, s.Query, s.Auth.Params} {
		for _, secret := range more {
			all = append(all, secret.Reveal())
		}
	}
	// Short ones are no secrets, and would take words apart.
	return slices.DeleteFunc(all, func(text string) bool { return len(text) < 4 })
}
