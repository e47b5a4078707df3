package alerts

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
)

// A hook is a server over HTTPS that answers as it is told, one answer after the other.
type hook struct {
	*httptest.Server
	sync.Mutex
	answers []func(w http.ResponseWriter)
	got     []*http.Request
	bodies  []string
}

func newHook(t *testing.T, answers ...func(w http.ResponseWriter)) *hook {
	t.Helper()
	h := &hook{answers: answers}
	h.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.Lock()
		n := len(h.got)
		h.got, h.bodies = append(h.got, r), append(h.bodies, string(body))
		h.Unlock()
		if n < len(h.answers) {
			h.answers[n](w)
		}
	}))
	t.Cleanup(h.Close)
	h.Config.ErrorLog = nil
	return h
}

func (h *hook) ca() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.Certificate().Raw}))
}

func (h *hook) channel(change ...func(*configs.Webhook)) *webhook {
	s := configs.Webhook{URL: h.URL + "/kenari", Header: "Authorization", Secret: "Bearer kutilang", CA: h.ca(), Timeout: 300 * time.Millisecond}
	for _, c := range change {
		c(&s)
	}
	w := newWebhook(s)
	w.pause = time.Millisecond
	return w
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "perkutut")
	}
}

func hang(w http.ResponseWriter) { time.Sleep(600 * time.Millisecond) }

func redirect(to string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
}

var message = Message{ID: "alerts-1", Kind: MessageAlerts, Project: "Uji", Made: noon, Language: "id", Subject: "Uji: Baru", Text: "Baru\n- x\n",
	Entries:   []Entry{{Event: Began, Kind: FeedFailed, Subjects: []string{"f"}, Severity: Error, Since: noon, TextID: "x", TextEN: "y", Commands: []string{"z"}}},
	Recipient: "b@contoh.example", Attachments: []string{"notes/f/n.html"}}

func TestAWebhookGetsJSONAndTheSecret(t *testing.T) {
	h := newHook(t)
	if err := h.channel().Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	r := h.got[0]
	if r.Method != http.MethodPost || r.URL.Path != "/kenari" || r.Header.Get("Authorization") != "Bearer kutilang" ||
		r.Header.Get("Idempotency-Key") != "alerts-1" || r.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("got %s %s %v", r.Method, r.URL, r.Header)
	}
	golden(t, "webhook.json", h.bodies[0]+"\n")
}

// A server that is away for a moment is asked again, with the same id; one that stays away is an
// error that names its host and nothing more.
func TestAWebhookIsAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		answers []func(http.ResponseWriter)
		asked   int
		problem string
		refused bool
	}{
		"500 and then well":    {answers: []func(http.ResponseWriter){status(500)}, asked: 2},
		"hangs and then well":  {answers: []func(http.ResponseWriter){hang, status(429)}, asked: 3},
		"500 all the time":     {answers: []func(http.ResponseWriter){status(500), status(503), status(502)}, asked: 3, problem: "answers 502 Bad Gateway"},
		"hangs all the time":   {answers: []func(http.ResponseWriter){hang, hang, hang}, asked: 3, problem: "deadline exceeded"},
		"refuses":              {answers: []func(http.ResponseWriter){status(401)}, asked: 1, problem: "answers 401 Unauthorized; check the address and its secret", refused: true},
		"points elsewhere":     {answers: []func(http.ResponseWriter){redirect("https://lain.example/kenari")}, asked: 1, problem: "answers 307 and points to the host lain.example; write the final address", refused: true},
		"points to itself":     {answers: []func(http.ResponseWriter){redirect("/kenari2")}, asked: 1, problem: "points to another address", refused: true},
		"breaks the line off":  {answers: []func(http.ResponseWriter){func(http.ResponseWriter) { panic(http.ErrAbortHandler) }}, asked: 2},
		"asks for much time":   {answers: []func(http.ResponseWriter){func(w http.ResponseWriter) { w.Header().Set("Retry-After", "-1"); status(503)(w) }}, asked: 2},
		"answers with a flood": {answers: []func(http.ResponseWriter){func(w http.ResponseWriter) { _, _ = w.Write(make([]byte, 1<<20)) }}, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHook(t, c.answers...)
			err := h.channel().Send(t.Context(), message)
			h.Lock()
			defer h.Unlock()
			if len(h.got) != c.asked || errors.Is(err, ErrRefused) != c.refused {
				t.Errorf("asked %d times, want %d; %v", len(h.got), c.asked, err)
			}
			switch {
			case c.problem == "" && err != nil:
				t.Error(err)
			case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
				t.Errorf("got %v, want %s", err, c.problem)
			}
			if err != nil {
				for _, secret := range []string{"kenari", "kutilang", "perkutut"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("the error tells %s: %v", secret, err)
					}
				}
			}
			for _, r := range h.got {
				if r.Header.Get("Idempotency-Key") != "alerts-1" {
					t.Error("asked again under another id")
				}
			}
		})
	}
}

// A certificate that nobody vouches for gets no secret.
func TestAWebhookTrustsWhomItIsTold(t *testing.T) {
	h := newHook(t)
	err := h.channel(func(s *configs.Webhook) { s.CA = "" }).Send(t.Context(), message)
	if err == nil || !strings.Contains(err.Error(), "certificate") || strings.Contains(err.Error(), "kenari") || len(h.got) != 0 {
		t.Errorf("got %v", err)
	}
}

func TestSendingEndsWithTheProcess(t *testing.T) {
	h := newHook(t, status(500), status(500), status(500))
	w := h.channel()
	w.pause = time.Hour
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if err := w.Send(ctx, message); err == nil {
		t.Error("it was delivered")
	}
}

func TestTheHeartbeat(t *testing.T) {
	h := newHook(t, status(204), status(404), redirect("https://lain.example"))
	b := &Heartbeat{settings: configs.Heartbeat{URL: h.URL + "/kenari", Method: "get"}, client: newClient(h.ca(), time.Second)}
	if err := b.Beat(t.Context()); err != nil || h.got[0].Method != http.MethodGet || h.got[0].URL.Path != "/kenari" {
		t.Errorf("got %v", err)
	}
	b.settings.Method = "post"
	if err := b.Beat(t.Context()); err == nil || strings.Contains(err.Error(), "kenari") || h.got[1].Method != http.MethodPost {
		t.Errorf("got %v", err)
	}
	if err := b.Beat(t.Context()); err == nil {
		t.Error("it followed a redirection")
	}
}

func TestAFileIsAddedTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alerts")
	for _, f := range []file{{path: path}, {path: path}, {path: path, text: true}} {
		if err := f.Send(t.Context(), message); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitN(string(text), "\n", 3)
	var m Message
	if err := json.Unmarshal([]byte(lines[1]), &m); err != nil || m.Subject != message.Subject || lines[0] != lines[1] || lines[2] != "Uji: Baru\nBaru\n- x\n\n" {
		t.Errorf("got %q, %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := (file{path: filepath.Join(path, "x")}).Send(t.Context(), message); err == nil {
		t.Error("it was written into a file that is no folder")
	}
}
