package pipelines

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A line that a child logs comes out in the parent's form as if it had been written there, with
// what the parent knows of the child before it.
func TestAChildsLinesAreTheParents(t *testing.T) {
	var sent, text, file bytes.Buffer
	level := slog.LevelInfo
	child := childLogger(task{Log: &level}, &messenger{enc: json.NewEncoder(&sent)})
	child.Debug("too small")
	child.With("what", "page 2").Warn("source answers badly", "attempt", 1, "wait", 1500*time.Millisecond, "share", 0.25, slog.Group("at", "line", 7))

	var m message
	if err := json.Unmarshal(sent.Bytes(), &m); err != nil { // one message: what is not wanted is not sent
		t.Fatal(err)
	}
	log := slog.New(slog.NewMultiHandler(LogHandler(&text, LogText, slog.LevelInfo), LogHandler(&file, LogJSON, slog.LevelDebug))).With("run_id", "r", "feed", "f")
	if err := relay(log, m.Log, "pull"); err != nil {
		t.Fatal(err)
	}
	if want := `level=WARN msg="source answers badly" run_id=r feed=f step=pull what="page 2" attempt=1 wait=1.5s share=0.25 at=map[line:7]`; !strings.Contains(text.String(), want) {
		t.Errorf("got %s, want %s", text.String(), want)
	}
	var line struct {
		Time time.Time `json:"time"`
	}
	if err := json.Unmarshal(file.Bytes(), &line); err != nil || time.Since(line.Time) > time.Minute {
		t.Errorf("the time is %v: %v", line.Time, err)
	}
	if want := `"level":"WARN","msg":"source answers badly","run_id":"r","feed":"f","step":"pull","what":"page 2","attempt":1,"wait":"1.5s","share":0.25,"at":{"line":7}}`; !strings.Contains(file.String(), want) {
		t.Errorf("got %s, want %s", file.String(), want)
	}
	if err := relay(log, json.RawMessage(`{"level":"LOUD"}`), "pull"); err == nil {
		t.Error("a line that is none was taken")
	}
}

// Nobody's log is sent to nobody.
func TestAChildWithoutALogSendsNone(t *testing.T) {
	if _, ok := levelOf(slog.New(slog.DiscardHandler)); ok {
		t.Error("a log that takes nothing takes something")
	}
	if level, ok := levelOf(slog.New(LogHandler(io.Discard, LogText, slog.LevelWarn))); !ok || level != slog.LevelWarn {
		t.Errorf("level %v, %v", level, ok)
	}
	var sent bytes.Buffer
	childLogger(task{}, &messenger{enc: json.NewEncoder(&sent)}).Error("unheard")
	if sent.Len() > 0 {
		t.Errorf("sent: %s", sent.String())
	}
}

// The stack of a crash is logged under its run. What a panic says is not: it may quote a value.
func TestThePanicOfAChildKeepsItsWords(t *testing.T) {
	var out bytes.Buffer
	c := &crashLog{log: slog.New(LogHandler(&out, LogJSON, slog.LevelInfo)).With("run_id", "r")}
	for _, piece := range []string{"some library speaks\npanic: runtime error: ", "3201010101000001\n\tpanic: again 3201010101000001\n[signal SIGSEGV]\n", "\ngoroutine 1 [running]:\nmain.f(0x1)\n\t/src/f.go:7", " +0x1"} {
		if _, err := c.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	c.flush()
	if strings.Contains(out.String(), "3201010101000001") {
		t.Errorf("a value is in the log: %s", out.String())
	}
	var said []string
	for line := range strings.Lines(out.String()) {
		var l struct {
			Level string `json:"level"`
			Run   string `json:"run_id"`
			Text  string `json:"text"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Level != "ERROR" || l.Run != "r" {
			t.Errorf("%s: %v", line, err)
		}
		said = append(said, l.Text)
	}
	if got, want := strings.Join(said, "|"), "some library speaks|panic: (its words are left out)|goroutine 1 [running]:|main.f(0x1)|\t/src/f.go:7 +0x1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The log of a run is one file that only its owner writes and others of the group may read.
func TestTheLogOfARunIsAFile(t *testing.T) {
	dir := LogsDir(t.TempDir())
	for _, words := range []string{"begins", "goes on"} { // it is opened again after a crash
		h, closer, err := RunLog(dir, "20260115T020000Z-000041")
		if err != nil {
			t.Fatal(err)
		}
		slog.New(h).Info(words)
		if err := closer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	path, err := RunLogFile(dir, "20260115T020000Z-000041")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	info, _ := os.Stat(path)
	if err != nil || strings.Count(string(text), "\n") != 2 || info.Mode().Perm() != 0o640 || filepath.Base(path) != "20260115T020000Z-000041.log" {
		t.Errorf("%s, %v: %s, %v", path, info.Mode(), text, err)
	}
	for _, bad := range []string{"", "../x", "a/b", ".hidden", "a\x00b", "-rf"} {
		if _, _, err := RunLog(dir, bad); err == nil {
			t.Errorf("run %q was given a file", bad)
		}
	}
}
