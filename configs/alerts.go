package configs

import (
	"time"
)

// Alerts say who is told of what goes wrong in an installation that nobody watches, and how.
type Alerts struct {
	Language      string             `yaml:"language" one:"id|en" doc:"Language of what channels are told, unless they say another one."`
	RepeatAfter   time.Duration      `yaml:"repeat_after" doc:"After how long something that goes on is told again, such as 24h."`
	DiskLow       Size               `yaml:"disk_low" min:"1MiB" doc:"Less free space than this beside the data is told."`
	ReleaseBehind time.Duration      `yaml:"release_behind" doc:"How long what was committed may wait for a release before that is told."`
	Channels      []*Channel         `yaml:"channels" named:"yes" doc:"Ways to tell people, by name: a webhook, e-mail, or a file."`
	Heartbeat     *Sealed[Heartbeat] `yaml:"heartbeat" doc:"An address that is asked at regular times while the scheduler is healthy: whoever keeps it notices when the machine is silent."`
	Producers     ProducerMail       `yaml:"producers" doc:"What those who answer for a source are told, before anybody here is."`
	Digest        DigestTime         `yaml:"digest" doc:"A summary of each day."`
}

func (a *Alerts) setDefaults() {
	*a = Alerts{Language: "id", RepeatAfter: 24 * time.Hour, DiskLow: 8 << 30, ReleaseBehind: 24 * time.Hour,
		Producers: ProducerMail{EscalateAfter: 24 * time.Hour}, Digest: DigestTime{At: "07:30"}}
}

// Channel returns the channel of a name.
func (a Alerts) Channel(name string) (*Channel, bool) {
	for _, c := range a.Channels {
		if c.Name == name {
			return c, true
		}
	}
	return nil, false
}

// Missing says which channels, and whether the heartbeat, lack secrets now.
func (a Alerts) Missing() []string {
	var lacks []string
	add := func(what string, s *StoreSection) {
		for _, name := range s.Missing() {
			lacks = append(lacks, what+" needs "+name)
		}
	}
	for _, c := range a.Channels {
		switch {
		case c.Webhook != nil:
			add("channel "+c.Name, &c.Webhook.StoreSection)
		case c.Email != nil:
			add("channel "+c.Name, &c.Email.StoreSection)
		}
	}
	if a.Heartbeat != nil {
		add("the heartbeat of alerts", &a.Heartbeat.StoreSection)
	}
	return lacks
}

// The severities, from the least.
var Severities = []string{"info", "warning", "error", "critical"}

// A Channel is one way to tell people.
type Channel struct {
	Name     string           `yaml:"-"`
	Line     int              `yaml:"-"` // where the channel begins in lindung.yaml
	Webhook  *Sealed[Webhook] `yaml:"webhook" doc:"An address that a message is sent to as JSON."`
	Email    *Sealed[Email]   `yaml:"email" doc:"A mail server and whom to write to."`
	File     string           `yaml:"file" like:"folder" doc:"A file that a line is added to for each message; relative to this file."`
	Form     string           `yaml:"form" one:"json|text" doc:"Of a file: json is one line for each message, text is for people."`
	Severity string           `yaml:"severity" one:"info|warning|error|critical" doc:"The least severity that is told here."`
	Kinds    []string         `yaml:"kinds" one:"feed_failed|run_failed|build_failed|release_withheld|release_behind|withheld|late|volume|disk_low|target_unreachable|undeliverable|letter_undeliverable|heartbeat_failed|unreadable" doc:"What is told here. Left out: everything."`
	Language string           `yaml:"language" one:"id|en" doc:"Language of what is told here."`
}

func (c *Channel) setDefaults() { c.Form, c.Severity = "json", "warning" }

// A Webhook is an address that takes messages as JSON.
type Webhook struct {
	URL            string        `yaml:"url" need:"yes" like:"text" doc:"Its whole address. One that is itself a secret is written as a reference, \"${env:NAME}\": messages name the host only."`
	Header         string        `yaml:"header" like:"text" doc:"Name of the header that holds the secret, such as Authorization."`
	Secret         Secret        `yaml:"secret" doc:"What that header says, such as \"Bearer ${env:NAME}\"."`
	CA             string        `yaml:"ca" doc:"Certificates to trust instead of the system's, in PEM; name their file as ${file:PATH}."`
	Timeout        time.Duration `yaml:"timeout" doc:"How long one attempt may take."`
	AllowPlainHTTP bool          `yaml:"allow_plain_http" doc:"Send over http://, where everybody on the way can read."`
}

func (w *Webhook) setDefaults() { w.Timeout = 10 * time.Second }

// An Email is a mail server and whom to write to.
type Email struct {
	Host     string        `yaml:"host" need:"yes" like:"text" doc:"The mail server."`
	Port     int           `yaml:"port" min:"1" max:"65535" doc:"Its port: 587 for starttls, 465 for tls."`
	TLS      string        `yaml:"tls" one:"starttls|tls|none" doc:"starttls: the connection must become encrypted. tls: it is from the beginning. none: it is not; only for a server on the same machine."`
	User     string        `yaml:"user" doc:"Whom to sign in as. Left out: nobody."`
	Password Secret        `yaml:"password" doc:"The user's password."`
	From     string        `yaml:"from" need:"yes" like:"text" doc:"Whom the mail is from: a role mailbox."`
	To       []string      `yaml:"to" need:"yes" like:"text" doc:"Whom alerts and digests are written to."`
	CA       string        `yaml:"ca" doc:"Certificates to trust instead of the system's, in PEM; name their file as ${file:PATH}."`
	Timeout  time.Duration `yaml:"timeout" doc:"How long the delivery of one message may take."`
}

func (e *Email) setDefaults() { e.Port, e.TLS, e.Timeout = 587, "starttls", 20*time.Second }

// A Heartbeat is an address that hears regularly that the scheduler is alive and well.
type Heartbeat struct {
	URL            string        `yaml:"url" need:"yes" like:"text" doc:"The whole address; as a reference, \"${env:NAME}\", where it is itself a secret."`
	Every          time.Duration `yaml:"every" doc:"How often it is asked."`
	Method         string        `yaml:"method" one:"get|post" doc:"How it is asked."`
	CA             string        `yaml:"ca" doc:"Certificates to trust instead of the system's, in PEM; name their file as ${file:PATH}."`
	AllowPlainHTTP bool          `yaml:"allow_plain_http" doc:"Ask over http://."`
}

func (h *Heartbeat) setDefaults() { h.Every, h.Method = 5*time.Minute, "get" }

// ProducerMail says what the contact of a source is written to.
type ProducerMail struct {
	Channel       string        `yaml:"channel" need:"yes" like:"name" doc:"The e-mail channel whose server is used."`
	Remind        bool          `yaml:"remind" doc:"Remind them of a delivery that is late."`
	Notes         bool          `yaml:"notes" doc:"Send them the return notes."`
	EscalateAfter time.Duration `yaml:"escalate_after" doc:"How long after a reminder the channels are told that a delivery is late."`
}

// A DigestTime says when a summary of the day is sent, and how.
type DigestTime struct {
	Channel  string `yaml:"channel" need:"yes" like:"name" doc:"The channel that it is sent to."`
	At       string `yaml:"at" like:"clock" doc:"The time of day, such as 07:30."`
	Language string `yaml:"language" one:"id|en" doc:"Its language. Left out: the channel's."`
}

// Of gives the moment of a day at which the digest is due; day is any moment of it.
func (d DigestTime) Of(day time.Time) time.Time {
	year, month, n := day.Date()
	return time.Date(year, month, n, digitsOf(d.At[:2]), digitsOf(d.At[3:]), 0, 0, day.Location())
}

// A Sealed is a section with settings of one declared type, some of which may be references to secrets.
type Sealed[T any] struct{ StoreSection }

// Settings resolves the references. A setting that is left out has its default.
func (s *Sealed[T]) Settings() (T, error) {
	t := defaultsOf[T]()
	err := s.Decode(&t)
	return t, err
}

func defaultsOf[T any]() (t T) {
	if own, ok := any(&t).(defaulter); ok {
		own.setDefaults()
	}
	return t
}

// A judge finds what is wrong with settings whose references are all resolved; it quotes none of them.
type judge interface{ problem() string }

// check finds the mistakes in the section: those that need its secrets only where they are there.
func (s *Sealed[T]) check() error {
	t := defaultsOf[T]()
	if err := s.Check(&t); err != nil || len(s.Missing()) > 0 {
		return err
	}
	t, err := s.Settings()
	if err != nil {
		return err
	}
	if p := any(&t).(judge).problem(); p != "" {
		return s.Errorf("%s", p)
	}
	return nil
}

// IndonesianMonth is the name of a month.
func IndonesianMonth(m time.Month) string { return months[m-1] }
