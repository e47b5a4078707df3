package pipelines

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kp2mi/lindung/pipelines/alerts"
)

// flaky is a web server that is away until it is told to be there.
type flaky struct {
	*httptest.Server
	sync.Mutex
	up  bool
	got []string
}

func newFlaky(t *testing.T) *flaky {
	f := &flaky{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.Lock()
		defer f.Unlock()
		if !f.up {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		f.got = append(f.got, r.Method+" "+r.Header.Get("Idempotency-Key"))
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *flaky) set(up bool) {
	f.Lock()
	defer f.Unlock()
	f.up = up
}

func (f *flaky) count() int {
	f.Lock()
	defer f.Unlock()
	return len(f.got)
}

// What cannot be delivered waits, is told on the other channels, and arrives once when it can.
func TestAChannelThatIsAway(t *testing.T) {
	f := newFlaky(t)
	w := newUnattended(t, bookOnly+"    chat: {webhook: {url: \"${env:CHAT}\", allow_plain_http: true}}\n    lost: {webhook: {url: \"${env:NOT_THERE}\"}}\n", "data@contoh.example",
		map[string]string{"CHAT": f.URL + "/kenari"})
	w.publish(morning)
	w.free = 1e9
	at := morning
	w.tick(at)
	w.tells("first", "began disk_low data")
	w.tick(at.Add(time.Minute))
	w.tells("refused: told at once", "began undeliverable chat")
	for _, after := range []time.Duration{2, 4, 8} {
		w.tick(at.Add(after * time.Minute))
	}
	w.tells("without its secret, after some attempts", "began undeliverable lost")
	f.set(true)
	w.restart()
	w.tick(at.Add(time.Hour))
	w.tick(at.Add(time.Hour + time.Minute))
	w.tick(at.Add(time.Hour + 11*time.Minute))
	w.tells("well again", "recovered undeliverable chat")
	if got := f.count(); got != 2 { // the disk and the other channel; of itself it is not told
		t.Errorf("%d messages arrived on chat, want 2", got)
	}
	seen := map[string]bool{}
	for _, id := range f.got {
		if seen[id] {
			t.Errorf("%s came twice", id)
		}
		seen[id] = true
	}
	state, err := w.w.State(false)
	if err != nil || len(state.Waiting) == 0 || state.Waiting[0].Channel != "lost" || !strings.Contains(state.Waiting[0].Problem, "${env:NOT_THERE}") {
		t.Errorf("state %+v, %v", state, err)
	}
	// A channel that is taken out takes its messages along.
	w.write("lindung.yaml", "project: {name: Uji}\nalerts:\n"+bookOnly)
	w.restart()
	w.tick(at.Add(7 * time.Hour))
	if state, err = w.w.State(false); err != nil || len(state.Waiting) != 0 {
		t.Errorf("state %+v, %v", state, err)
	}
}

func TestTheHeartbeatBeatsWhileAllIsWell(t *testing.T) {
	f := newFlaky(t)
	f.set(true)
	w := newUnattended(t, bookOnly+"  heartbeat: {url: \"${env:BEAT}\", every: 5m, method: post, allow_plain_http: true}\n", "data@contoh.example", map[string]string{"BEAT": f.URL})
	w.publish(morning)
	beats := func(when string, at time.Time, want int) {
		t.Helper()
		before := f.count()
		w.tick(at)
		if got := f.count() - before; got != want {
			t.Errorf("%s: %d beats, want %d", when, got, want)
		}
	}
	beats("at once", morning, 1)
	beats("a minute later", morning.Add(time.Minute), 0)
	beats("when it is due, a tick being early", morning.Add(5*time.Minute-3*time.Second), 1)
	w.restart()
	beats("after a restart", morning.Add(6*time.Minute), 0)
	w.unwell = errors.New("the loop stands still")
	beats("while the scheduler is not well", morning.Add(20*time.Minute), 0)
	w.unwell = nil
	beats("well again", morning.Add(21*time.Minute), 1)
	beats("the clock was set back", morning.Add(-time.Hour), 1)
	f.set(false)
	for i := range time.Duration(3) {
		w.tick(morning.Add((30 + 5*i) * time.Minute))
	}
	w.tick(morning.Add(46 * time.Minute))
	w.tells("nobody answers", "began heartbeat_failed heartbeat")
	w.write("lindung.yaml", "project: {name: Uji}\nalerts:\n"+bookOnly+"  heartbeat: {url: \"${env:NOT_THERE}\"}\n")
	w.restart()
	w.tick(morning.Add(80 * time.Minute))
	w.tick(morning.Add(26 * time.Hour))
	if got := strings.Join(w.told(), "|"); !strings.Contains(got, "repeated heartbeat_failed heartbeat") {
		t.Errorf("without its secret: told %s", got)
	}
}

func TestATestMessage(t *testing.T) {
	w := newUnattended(t, bookOnly, "data@contoh.example", nil)
	if err := w.w.TestChannel(t.Context(), "book", morning); err != nil {
		t.Fatal(err)
	}
	w.tells("a test", "test [DATA CONTOH] Uji: test of the channel book")
	if err := w.w.TestChannel(t.Context(), "boook", morning); ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), `did you mean "book"?`) {
		t.Errorf("got %v", err)
	}
	if err := w.w.SendDigest(t.Context(), morning); ExitCode(err) != ExitUsage {
		t.Errorf("got %v", err)
	}
}

// messageLine says what a message of the book tells, in short.
func messageLine(t *testing.T, line string) string {
	t.Helper()
	var m alerts.Message
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		t.Fatal(err)
	}
	if m.Kind != alerts.MessageAlerts {
		return m.Kind + " " + m.Subject
	}
	var parts []string
	for _, e := range m.Entries {
		parts = append(parts, e.Event+" "+e.Kind+" "+strings.Join(e.Subjects, ","))
	}
	return strings.Join(parts, "; ")
}
