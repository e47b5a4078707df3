package configs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAlertsAreRead(t *testing.T) {
	secrets := map[string]string{"MAIL_PASSWORD": "kenari", "CHAT_TOKEN": "kutilang", "BEAT_URL": "https://detak.contoh.example/1"}
	dir := newProject(t, "project_alerts.good.yaml")
	p, err := Load(dir, testOptions(secrets))
	if err != nil {
		t.Fatal(err)
	}
	a := p.Alerts
	if a.RepeatAfter != 12*time.Hour || a.DiskLow != 8<<30 || a.ReleaseBehind != 24*time.Hour || len(a.Channels) != 3 {
		t.Fatalf("got %+v", a)
	}
	operators, chat, book := a.Channels[0], a.Channels[1], a.Channels[2]
	if operators.Language != "id" || chat.Language != "en" || chat.Severity != "error" || book.Severity != "warning" || book.Form != "json" ||
		strings.Join(chat.Kinds, " ") != "feed_failed disk_low" || book.File != filepath.Join(filepath.Dir(dir), "alerts.jsonl") {
		t.Errorf("got %+v %+v %+v", operators, chat, book)
	}
	mail, err := operators.Email.Settings()
	if err != nil || mail.Port != 587 || mail.TLS != "starttls" || mail.Password.Reveal() != "kenari" || len(mail.To) != 1 {
		t.Errorf("got %+v, %v", mail, err)
	}
	hook, err := chat.Webhook.Settings()
	if err != nil || hook.Secret.Reveal() != "Bearer kutilang" || hook.Timeout != 10*time.Second {
		t.Errorf("got %+v, %v", hook, err)
	}
	beat, err := a.Heartbeat.Settings()
	if err != nil || beat.Every != 5*time.Minute || beat.Method != "get" {
		t.Errorf("got %+v, %v", beat, err)
	}
	if a.Producers.EscalateAfter != 24*time.Hour || a.Digest.At != "07:30" || a.Digest.Language != "id" {
		t.Errorf("got %+v %+v", a.Producers, a.Digest)
	}
	// However it is printed, a secret is not seen.
	printed := fmt.Sprintf("%v %+v %#v %s %d", mail, mail, hook, mail.Password, hook.Secret)
	encoded, err := json.Marshal([]any{mail, hook})
	if printed += string(encoded); err != nil || strings.Contains(printed, "kenari") || strings.Contains(printed, "kutilang") {
		t.Errorf("printed: %s, %v", printed, err)
	}
}

// Without its secrets a project can be looked at, and it knows what it lacks.
func TestAlertsNameWhatTheyLack(t *testing.T) {
	opt := testOptions(nil)
	opt.AllowMissingSecrets = true
	p, err := Load(newProject(t, "project_alerts.good.yaml"), opt)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Alerts.Missing(), "; "); got != "channel operators needs ${env:MAIL_PASSWORD}; channel chat needs ${env:CHAT_TOKEN}; the heartbeat of alerts needs ${env:BEAT_URL}" {
		t.Errorf("missing: %s", got)
	}
}

// What a reference stands for is judged where it is there, and is in no message.
func TestAddressesThatAreSecretsAreNotQuoted(t *testing.T) {
	for _, bad := range []string{"http://detak.contoh.example/kenari", "kenari", "https://u:kenari@detak.contoh.example"} {
		_, err := Load(newProject(t, "project_alerts.good.yaml"), testOptions(map[string]string{"MAIL_PASSWORD": "x", "CHAT_TOKEN": "x", "BEAT_URL": bad}))
		if err == nil || !strings.Contains(err.Error(), "lindung.yaml:14:14: url") || strings.Contains(err.Error(), "kenari") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestTheDigestsTimeOfDay(t *testing.T) {
	zone := time.FixedZone("WIB", 7*3600)
	if got := (DigestTime{At: "07:30"}).Of(time.Date(2026, 1, 15, 23, 0, 0, 0, zone)); !got.Equal(time.Date(2026, 1, 15, 0, 30, 0, 0, time.UTC)) {
		t.Errorf("got %v", got)
	}
}

func TestWhatIsWrongWithSettings(t *testing.T) {
	mail := Email{Host: "mail.contoh.example", From: "a@contoh.example", To: []string{"b@contoh.example"}, User: "u", Password: "kenari", TLS: "tls", Timeout: time.Second}
	with := func(change func(*Email)) *Email { m := mail; change(&m); return &m }
	for want, s := range map[string]judge{
		"":                                  &mail,
		"would go over the line":            with(func(m *Email) { m.TLS = "none" }),
		"user and password go together":     with(func(m *Email) { m.Password = "" }),
		"host must be the name":             with(func(m *Email) { m.Host = "smtp://kenari" }),
		"timeout must be between 1s and 2m": with(func(m *Email) { m.Timeout = time.Hour }),
		"timeout must be between 1s and 1m": &Webhook{URL: "https://chat.contoh.example"},
		"header must be the name":           &Webhook{URL: "https://chat.contoh.example", Timeout: time.Second, Header: "X: y", Secret: "kenari"},
		"secret must be one line":           &Webhook{URL: "https://chat.contoh.example", Timeout: time.Second, Header: "X", Secret: "kenari\nX: y"},
	} {
		got := s.problem()
		if want == "" && got != "" || !strings.Contains(got, want) || strings.Contains(got, "kenari") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The example of the documentation is a project that loads, and its table names every kind.
func TestTheDocumentedAlerts(t *testing.T) {
	text, err := os.ReadFile("../docs/operations/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	example, rest, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("there is no example")
	}
	dir := newProject(t)
	write(t, filepath.Join(dir, ProjectFile), "project: {name: Contoh}\n"+example)
	secrets := map[string]string{"LINDUNG_MAIL_PASSWORD": "x", "LINDUNG_CHAT_URL": "https://chat.contoh.example/x", "LINDUNG_CHAT_TOKEN": "x", "LINDUNG_HEARTBEAT_URL": "https://detak.contoh.example/x"}
	p, err := Load(dir, testOptions(secrets))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Alerts.Channels) != 3 || !p.Alerts.Producers.Notes || p.Alerts.Digest.Channel != "operators" {
		t.Errorf("got %+v", p.Alerts)
	}
	field, _ := reflect.TypeFor[Channel]().FieldByName("Kinds")
	for _, kind := range strings.Split(field.Tag.Get("one"), "|") {
		if !strings.Contains(rest, "`"+kind+"`") {
			t.Errorf("the documentation does not name %s", kind)
		}
	}
}
