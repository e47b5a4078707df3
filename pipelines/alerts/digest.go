package alerts

import (
	_ "embed"
	"strings"
	"text/template"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// A Digest is a summary of a day. What is zero or empty did not happen, or is not there.
type Digest struct {
	Project  string          `json:"project"`
	Mark     string          `json:"mark,omitempty"` // of sample data
	From     time.Time       `json:"from"`
	To       time.Time       `json:"to"`
	Runs     []RunCount      `json:"runs"`
	Records  RecordCount     `json:"records"` // of all feeds
	Problems []ledger.Notice `json:"problems"`
	Late     []ledger.Notice `json:"late"`
	Acked    []ledger.Notice `json:"acknowledged"`
	Waiting  []Waiting       `json:"waiting"`
	Release  string          `json:"release,omitempty"` // that readers get
	AsOf     time.Time       `json:"as_of,omitzero"`
	Behind   int64           `json:"commits_not_released"`
	Free     int64           `json:"free_bytes"` // beside the data
	Low      int64           `json:"low_bytes"`  // what is too little
	Unsent   int             `json:"unsent_messages"`
}

// A RunCount counts the runs of a command that ended in one way.
type RunCount struct {
	Command string `json:"command"`
	State   string `json:"state"`
	Runs    int    `json:"runs"`
}

// A RecordCount counts records of the deliveries.
type RecordCount struct {
	Feeds       int   `json:"feeds"` // that were pulled, each time counted
	Failed      int   `json:"failed"`
	Accepted    int64 `json:"accepted"`
	Quarantined int64 `json:"quarantined"`
}

// Waiting counts the records of a feed that wait for their producer.
type Waiting struct {
	Feed    string `json:"feed"`
	Records int64  `json:"records"`
}

var (
	//go:embed digest_id.txt
	digestID string
	//go:embed digest_en.txt
	digestEN string
)

var stateWords = map[string][2]string{
	ledger.Succeeded: {"berhasil", "succeeded"}, ledger.NothingNew: {"tidak ada yang baru", "nothing new"},
	ledger.Withheld: {"ada yang ditahan", "something withheld"}, ledger.Unavailable: {"sumber tidak terjangkau", "source unavailable"},
	ledger.Failed: {"gagal", "failed"}, ledger.Cancelled: {"dihentikan", "cancelled"}, ledger.Interrupted: {"terputus", "interrupted"},
}

// Write puts the digest into words: a subject of one line, and a text.
func (d Digest) Write(language string, zone *time.Location) (subject, text string, err error) {
	funcs := template.FuncMap{
		"when":  func(t time.Time) string { return Moment(t, zone, language) },
		"day":   func(t time.Time) string { day, _, _ := strings.Cut(Moment(t, zone, language), ","); return day },
		"count": func(n int64) string { return Count(n, language) },
		"size":  func(n int64) string { return Gigabytes(n, language) },
		"state": func(s string) string { w := stateWords[s]; return said(language, w[0], w[1]) },
		"age":   func(t time.Time) int { return int(d.To.Sub(t).Hours() / 24) },
		"text":  func(n ledger.Notice) string { return said(language, n.TextID, n.TextEN) },
		"severity": func(s string) string {
			w := severityWords[s]
			return said(language, w[0], w[1])
		},
	}
	t, err := template.New("digest").Funcs(funcs).Parse(said(language, digestID, digestEN))
	if err != nil {
		return "", "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, d); err != nil {
		return "", "", err
	}
	subject, text, _ = strings.Cut(b.String(), "\n")
	return subject, strings.TrimLeft(text, "\n"), nil
}

// Message makes the message that brings the digest.
func (d Digest) Message(language string, zone *time.Location) (Message, error) {
	subject, text, err := d.Write(language, zone)
	return Message{Kind: MessageDigest, Project: d.Project, Mark: d.Mark, Made: d.To.UTC(), Language: language, Subject: subject, Text: text}, err
}
