package pipelines

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// The forms of log lines.
const (
	LogText = "text"
	LogJSON = "json"
)

// LogHandler writes log lines of a form. A length of time is written as people write it.
func LogHandler(w io.Writer, form string, level slog.Level) slog.Handler {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindDuration {
			a.Value = slog.StringValue(a.Value.Duration().String())
		}
		return a
	}}
	if form == LogJSON {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// LogsDir is where a data folder keeps the log lines of its runs.
func LogsDir(dataDir string) string { return filepath.Join(dataDir, "logs") }

var runIDForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]*$`)

// RunLogFile is the file in a folder of logs that keeps the lines of a run.
func RunLogFile(dir, runID string) (string, error) {
	if !runIDForm.MatchString(runID) {
		return "", usagef("run %q: a run's name has letters, digits, - and _ only", runID)
	}
	return filepath.Join(dir, runID+".log"), nil
}

// RunLog opens the file that keeps all log lines of one run, one JSON object a line, and makes
// it where it is not there. Whoever wants the lines elsewhere too joins handlers with
// slog.NewMultiHandler.
func RunLog(dir, runID string) (slog.Handler, io.Closer, error) {
	path, err := RunLogFile(dir, runID)
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, nil, fmt.Errorf("making the folder of run logs: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log of run %s: %w", runID, err)
	}
	return LogHandler(f, LogJSON, slog.LevelDebug), f, nil
}

// log is where a line goes: with the name of the run under way, if there is one.
func (r *Runner) log() *slog.Logger {
	switch {
	case r.runLog != nil:
		return r.runLog
	case r.Log != nil:
		return r.Log
	}
	return slog.New(slog.DiscardHandler)
}

// logRun puts the name of a run on every line from now on, until done, and keeps the lines if that
// is wanted. A file that cannot be had stops no run.
func (r *Runner) logRun(id, command string) (done func()) {
	log, file := r.log(), io.Closer(io.NopCloser(nil))
	if r.KeepLog {
		kept, opened, err := RunLog(LogsDir(r.Project.DataDir), id)
		if err == nil {
			log, file = slog.New(slog.NewMultiHandler(log.Handler(), kept)), opened
		} else {
			log.Warn("the log of the run is not kept", "run_id", id, "step", "begin", "problem", err.Error())
		}
	}
	r.runLog = log.With("run_id", id)
	r.runLog.Info("run begins", "step", "begin", "command", command)
	return func() {
		r.runLog = nil
		_ = file.Close()
	}
}

// feedLevel is how grave the outcome of a feed is.
func feedLevel(outcome string) slog.Level {
	switch outcome {
	case OutcomeFailed:
		return slog.LevelError
	case OutcomeWithheld:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// runLevel is how grave the end of a run is.
func runLevel(state string) slog.Level {
	switch state {
	case ledger.Failed, ledger.Unavailable:
		return slog.LevelError
	case ledger.Withheld, ledger.Cancelled:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// because adds the reason to what is logged, where there is one.
func because(reason string, attributes ...any) []any {
	if reason != "" {
		attributes = append(attributes, "error", reason)
	}
	return attributes
}

// levelOf is the lowest level that a log takes; ok is false when it takes nothing.
func levelOf(log *slog.Logger) (level slog.Level, ok bool) {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if log.Enabled(context.Background(), level) {
			return level, true
		}
	}
	return 0, false
}

// childLogger is the log of a child: its lines go to the parent as messages, which knows where
// they belong and in what form they are kept.
func childLogger(t task, out *messenger) *slog.Logger {
	if t.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(LogHandler(logMessages{out}, LogJSON, *t.Log))
}

// logMessages sends each line that it is given.
type logMessages struct{ out *messenger }

func (l logMessages) Write(line []byte) (int, error) {
	l.out.send(message{Log: bytes.TrimSpace(line)})
	return len(line), nil
}

// relay writes a child's line into the parent's log, as if it had been written there.
func relay(log *slog.Logger, line json.RawMessage, step string) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		return err
	}
	var (
		at    time.Time
		level slog.Level
		msg   string
		attrs = []slog.Attr{slog.String("step", step)}
	)
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		var value any
		switch key {
		case slog.TimeKey:
			err = dec.Decode(&at)
		case slog.LevelKey:
			err = dec.Decode(&level)
		case slog.MessageKey:
			err = dec.Decode(&msg)
		default:
			err = dec.Decode(&value)
			attrs = append(attrs, slog.Any(key.(string), value))
		}
		if err != nil {
			return err
		}
	}
	record := slog.NewRecord(at, level, msg, 0)
	record.AddAttrs(attrs...)
	if !log.Enabled(context.Background(), level) {
		return nil
	}
	return log.Handler().Handle(context.Background(), record)
}

// crashLog writes what a child's runtime says into the log, line by line. What a panic says
// is left out, for it may quote a value.
type crashLog struct {
	log   *slog.Logger
	rest  []byte
	panic bool // within the words of one
}

func (c *crashLog) Write(p []byte) (int, error) {
	c.rest = append(c.rest, p...)
	for {
		end := bytes.IndexByte(c.rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		c.line(string(c.rest[:end]))
		c.rest = c.rest[end+1:]
	}
}

// flush writes a last line that has no end.
func (c *crashLog) flush() {
	if len(c.rest) > 0 {
		c.line(string(c.rest))
		c.rest = nil
	}
}

var (
	panicBegins = regexp.MustCompile(`^panic: `)
	stackBegins = regexp.MustCompile(`^(goroutine [0-9]+ |runtime stack:)`)
)

func (c *crashLog) line(text string) {
	switch {
	case stackBegins.MatchString(text):
		c.panic = false
	case c.panic:
		return
	case panicBegins.MatchString(text):
		c.panic = true
		text = "panic: (its words are left out)"
	}
	if text != "" {
		c.log.Error("a child process says", "text", text)
	}
}
