package alerts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

// The kinds of messages.
const (
	MessageAlerts   = "alerts"
	MessageDigest   = "digest"
	MessageReminder = "reminder" // to a producer: a delivery has not come
	MessageNote     = "note"     // to a producer: a return note
	MessageReport   = "report"   // an approved edition of a report
	MessageTest     = "test"
)

// A Message is what a channel delivers.
type Message struct {
	ID        string    `json:"id"` // the same when it is delivered again, after an answer that was lost
	Kind      string    `json:"kind"`
	Project   string    `json:"project"`
	Mark      string    `json:"mark,omitempty"` // of sample data
	Made      time.Time `json:"made"`
	Language  string    `json:"language"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	Entries   []Entry   `json:"entries,omitempty"`
	Recipient string    `json:"-"` // instead of whom the channel names
	// Attachments are files of the data folder; channels other than mail leave them out.
	Attachments []string `json:"-"`
}

// An Entry is one thing that a message tells.
type Entry struct {
	Event    string    `json:"event"`
	Kind     string    `json:"kind"`
	Party    string    `json:"party,omitempty"`
	Subjects []string  `json:"subjects"`
	Severity string    `json:"severity"`
	Since    time.Time `json:"since"`
	Ended    time.Time `json:"ended,omitzero"`
	TextID   string    `json:"text_id"`
	TextEN   string    `json:"text_en"`
	Commands []string  `json:"commands"`
}

// A Channel brings messages to people.
type Channel interface {
	Send(ctx context.Context, m Message) error
}

// ErrRefused is wrapped when a message itself is not taken: others may be, and trying again soon is
// of no use.
var ErrRefused = errors.New("refused")

// A Project is what messages say of the project that they come from.
type Project struct {
	Name string
	Mark string // of sample data
	Zone *time.Location
}

// SampleMark stands on everything that is made of sample data.
const SampleMark = "DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL"

// Compose makes the messages of one look: at most one for a channel.
func Compose(p Project, channels []*configs.Channel, tell []Telling, now time.Time) []ledger.Message {
	var all []ledger.Message
	for _, c := range channels {
		mine := slices.DeleteFunc(slices.Clone(tell), func(t Telling) bool { return !takes(c, t.Kind, t.Subject, t.Severity) })
		if len(mine) == 0 {
			continue
		}
		entries := entriesOf(mine)
		m := Message{Kind: MessageAlerts, Project: p.Name, Mark: p.Mark, Made: now.UTC(), Language: c.Language, Entries: entries}
		m.Subject, m.Text = p.alertText(entries, c.Language)
		all = append(all, Pack(m, c.Name, ""))
	}
	return all
}

// entriesOf puts together what is of one kind, party and event.
func entriesOf(tell []Telling) []Entry {
	var all []Entry
	at := map[[3]string]int{}
	for _, t := range tell {
		e := Entry{Event: t.Event, Kind: t.Kind, Party: t.Party, Subjects: []string{t.Subject}, Severity: t.Severity,
			Since: t.Since.UTC(), Ended: t.Ended.UTC(), TextID: t.TextID, TextEN: t.TextEN, Commands: []string{t.Command}}
		key := [3]string{t.Event, t.Kind, t.Party}
		_, together := groupWords[t.Kind]
		i, there := at[key]
		if !there || !together || t.Party == "" {
			at[key] = len(all)
			all = append(all, e)
			continue
		}
		g := &all[i]
		g.Subjects = append(g.Subjects, t.Subject)
		if !slices.Contains(g.Commands, t.Command) {
			g.Commands = append(g.Commands, t.Command)
		}
		if e.Since.Before(g.Since) {
			g.Since = e.Since
		}
		if e.Ended.After(g.Ended) {
			g.Ended = e.Ended
		}
		g.Severity = worse(g.Severity, e.Severity)
		g.TextID, g.TextEN = groupText(*g)
	}
	slices.SortStableFunc(all, func(a, b Entry) int {
		if a.Event != b.Event {
			return slices.Index(events, a.Event) - slices.Index(events, b.Event)
		}
		return slices.Index(configs.Severities, b.Severity) - slices.Index(configs.Severities, a.Severity)
	})
	return all
}

var events = []string{Began, Repeated, Recovered}

func worse(a, b string) string {
	if slices.Index(configs.Severities, a) < slices.Index(configs.Severities, b) {
		return b
	}
	return a
}

// packed is how a message waits in the ledger.
type packed struct {
	Message
	Attachments []string `json:"attachments,omitempty"`
	Attachment  string   `json:"attachment,omitempty"` // what waits since a version that knew one only
}

// Once gives a message the id by which it is one whoever writes it down: two processes may notice the
// same thing. what names the thing.
func Once(m Message, what string) Message {
	sum := sha256.Sum256([]byte(m.Project + "\n" + m.Recipient + "\n" + what))
	m.ID = m.Kind + "-" + hex.EncodeToString(sum[:12])
	return m
}

// Pack makes a message ready to wait in the ledger for its delivery. Equal messages are one.
func Pack(m Message, channel, subject string) ledger.Message {
	content, err := json.Marshal(packed{Message: m, Attachments: m.Attachments})
	if err != nil {
		panic(fmt.Sprintf("a message that JSON cannot hold: %v", err)) // it has texts and times only
	}
	if m.ID == "" {
		m = Once(m, channel+"\n"+string(content))
	}
	return ledger.Message{Key: m.ID, Channel: channel, Recipient: m.Recipient, Subject: subject,
		Content: string(content), Made: m.Made}
}

// Unpack reads a message that waited.
func Unpack(kept ledger.Message) (Message, error) {
	var p packed
	if err := json.Unmarshal([]byte(kept.Content), &p); err != nil {
		return Message{}, fmt.Errorf("reading message %d from the ledger: %w", kept.ID, err)
	}
	m := p.Message
	if p.Attachment != "" {
		p.Attachments = append(p.Attachments, p.Attachment)
	}
	m.ID, m.Recipient, m.Attachments = kept.Key, kept.Recipient, p.Attachments
	return m, nil
}
