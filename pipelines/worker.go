package pipelines

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/kp2mi/lindung/configs"
)

// A Worker starts child processes of this program. A feed run and a build are one child
// each, so that a crash, a leak or a hostile file ends only that run: a SIGSEGV in C++
// cannot be recovered from in Go.
type Worker struct {
	// Command makes the child's command line; it defaults to this executable with the
	// argument "worker".
	Command func() *exec.Cmd
	// Stderr receives what a child's runtime says when it gives up; nil means the log, or
	// os.Stderr where nothing is logged.
	Stderr io.Writer
}

// A task is what a child is asked to do; it travels as one line of JSON on its stdin,
// which then stays open for as long as the parent lives.
type task struct {
	Kind   string          `json:"kind"` // feed, replay, renormalise, vault, build, report, or one of the looks
	Budget int64           `json:"budget"`
	TmpDir string          `json:"tmp_dir"`
	Log    *slog.Level     `json:"log,omitempty"` // the lowest level of lines that are wanted; nil: none
	Job    json.RawMessage `json:"job"`
}

// A message is one line of JSON from a child.
type message struct {
	Event  *Event          `json:"event,omitempty"`
	Log    json.RawMessage `json:"log,omitempty"` // a line of its log
	Result json.RawMessage `json:"result,omitempty"`
	Error  *Error          `json:"error,omitempty"` // beside it, Result is how far the child had come
	Peak   int64           `json:"peak,omitempty"`
}

func (w *Worker) command() (*exec.Cmd, error) {
	if w.Command != nil {
		return w.Command(), nil
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program's own path: %w", err)
	}
	return exec.Command(exe, "worker"), nil
}

// A watch is who is told how far a child is, and where its log lines go; either may be nil.
type watch struct {
	event func(Event)
	log   *slog.Logger
}

// watch is that of the run under way; with attributes for every log line of the child.
func (r *Runner) watch(attrs ...any) watch { return watch{event: r.event, log: r.log().With(attrs...)} }

// call runs one task in a child and decodes its result. It gives the child's peak memory.
func (w *Worker) call(ctx context.Context, kind string, budget int64, tmpRoot string, job, result any, by watch) (int64, error) {
	if by.log == nil {
		by.log = slog.New(slog.DiscardHandler)
	}
	raw, err := json.Marshal(job)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(tmpRoot, 0o700); err != nil {
		return 0, fmt.Errorf("making the temporary folder: %w", err)
	}
	tmp, err := os.MkdirTemp(tmpRoot, kind+"-")
	if err != nil {
		return 0, fmt.Errorf("making the child's temporary folder: %w", err)
	}
	defer os.RemoveAll(tmp)
	t := task{Kind: kind, Budget: budget, TmpDir: tmp, Job: raw}
	if level, ok := levelOf(by.log); ok {
		t.Log = &level
	}
	line, err := json.Marshal(t)
	if err != nil {
		return 0, err
	}
	c, err := w.start(line, by.log)
	if err != nil {
		return 0, err
	}
	stop := context.AfterFunc(ctx, func() { c.interrupt() })
	defer stop()
	return c.finish(ctx, kind, result, by)
}

// A child is a running worker process.
type child struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout io.ReadCloser
	stderr *childLog
	crash  *crashLog // where stderr goes, unless it goes elsewhere
	once   sync.Once
}

func (w *Worker) start(line []byte, log *slog.Logger) (*child, error) {
	cmd, err := w.command()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, stderr: &childLog{next: w.Stderr}, crash: &crashLog{log: log}}
	if c.stderr.next == nil {
		c.stderr.next = os.Stderr
		if _, logged := levelOf(log); logged {
			c.stderr.next = c.crash
		}
	}
	cmd.Stderr = c.stderr
	cmd.SysProcAttr = childAttributes()
	if c.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if c.stdout, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a child process: %w", err)
	}
	// A child that ended before it took its task says in finish how it ended.
	if _, err := c.stdin.Write(append(line, '\n')); err != nil && !errors.Is(err, syscall.EPIPE) {
		c.kill()
		return nil, fmt.Errorf("handing the task to the child process: %w", err)
	}
	return c, nil
}

// interrupt asks the child to stop by closing its stdin, and insists after ten seconds.
func (c *child) interrupt() {
	c.once.Do(func() { c.stdin.Close() })
	time.AfterFunc(10*time.Second, c.kill)
}

func (c *child) kill() { _ = c.cmd.Process.Kill() }

// firstStep is what a child does before it says what it does.
func firstStep(kind string) string {
	if kind == "feed" {
		return "pull"
	}
	return kind
}

// finish reads the child's messages to the end and waits for it.
func (c *child) finish(ctx context.Context, kind string, result any, by watch) (int64, error) {
	var last message
	var at Event
	lines := bufio.NewScanner(c.stdout)
	lines.Buffer(make([]byte, 64<<10), 256<<20)
	for lines.Scan() {
		var m message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			continue // a stray line on stdout is not a message
		}
		switch {
		case m.Event != nil:
			at = *m.Event
			if by.event != nil {
				by.event(at)
			}
		case m.Log != nil:
			_ = relay(by.log, m.Log, cmp.Or(at.Step, firstStep(kind))) // a log that cannot be written stops no run
		default:
			last = m
		}
	}
	c.once.Do(func() { c.stdin.Close() })
	waitErr := c.cmd.Wait()
	c.crash.flush()
	if ctx.Err() != nil {
		var late *overdue
		if errors.As(context.Cause(ctx), &late) {
			return last.Peak, late.explain(kind, at)
		}
		return last.Peak, ctx.Err()
	}
	switch {
	case last.Error != nil:
		if last.Result != nil {
			_ = json.Unmarshal(last.Result, result) // the error says what matters
		}
		return last.Peak, last.Error
	case last.Result != nil:
		return last.Peak, json.Unmarshal(last.Result, result)
	}
	return 0, childDied(kind, at, waitErr, c.stderr.fatal())
}

// childDied explains a child that ended without a result: which step and object it had
// in hand, and what ended it.
func childDied(kind string, at Event, waitErr error, fatal string) *Error {
	how := "ended without a result"
	var exit *exec.ExitError
	if errors.As(waitErr, &exit) {
		how = "ended with " + exit.Error()
		if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			how = fmt.Sprintf("was ended by signal %s", ws.Signal())
		}
	}
	if fatal != "" {
		how = fmt.Sprintf("ended with %q", fatal)
	}
	in := inHand(at)
	if fatal == wordsOverTime {
		return &Error{Code: ExitFailed, Message: fmt.Sprintf("the %s process used up its processor time%s; nothing of it was kept and the last good data stay. Take the object out of the source and run again, or raise limits.max_duration of the feed if it really takes so long", kind, in)}
	}
	if fatal == wordsOverSize {
		return &Error{Code: ExitFailed, Message: fmt.Sprintf("the %s process made a file larger than it may be%s; nothing of it was kept and the last good data stay. A file may have limits.max_delivery of the feed, and %s at least, or what this machine allows (ulimit -f), where that is less: take the object out of the source and run again, or raise the limit", kind, in, configs.Size(leastFileSize))}
	}
	if wantOfMemory(fatal) {
		return &Error{Code: ExitFailed, Message: fmt.Sprintf("the %s process reached its memory limit%s; nothing of it was kept and the last good data stay. Raise %s, or take the object out of the source and run again", kind, in, budgetOf(kind))}
	}
	return &Error{Code: ExitFailed, Message: fmt.Sprintf("the %s process %s%s; nothing of it was kept and the last good data stay. If one object is the cause, take it out of the source and run again", kind, how, in)}
}

// inHand is what a child said last that it was doing.
func inHand(at Event) string {
	var in strings.Builder
	if at.Step != "" {
		fmt.Fprintf(&in, " during %s", at.Step)
	}
	if at.Object != "" {
		fmt.Fprintf(&in, " of object %q", at.Object)
	}
	return in.String()
}

// budgetOf is the setting that limits a kind of task.
func budgetOf(kind string) string {
	if kind == "build" || kind == "vault" {
		return "build.memory in lindung.yaml"
	}
	return "run.memory in lindung.yaml (limits.memory, if the feed has its own)"
}

// WorkerMain is the child's side: it reads one task from in, does it under the limits
// that the task names, and writes messages to out. It ends when in closes, because then
// the parent is gone or has asked it to stop.
func WorkerMain(ctx context.Context, in io.Reader, out io.Writer) int {
	reader := bufio.NewReaderSize(in, 1<<20)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker: this command is for the program's own child processes")
		return ExitUsage
	}
	var t task
	if err := json.Unmarshal(line, &t); err != nil {
		fmt.Fprintln(os.Stderr, "worker: the task is not readable:", err)
		return ExitUsage
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, reader)
		cancel()
		time.AfterFunc(8*time.Second, func() { os.Exit(ExitInterrupted) })
	}()
	enc := &messenger{enc: json.NewEncoder(out)}
	if err := limitSelf(t.Kind, t.Budget); err != nil {
		enc.send(message{Error: failure(ExitFailed, err)})
		return ExitFailed
	}
	result, err := perform(ctx, t, enc, childLogger(t, enc))
	if errors.Is(err, syscall.EFBIG) {
		fmt.Fprintln(os.Stderr, wordsOverSize)
		return ExitFailed
	}
	raw, badResult := json.Marshal(result)
	if err != nil {
		coded := &Error{Code: ExitCode(err), Message: err.Error()}
		enc.send(message{Error: coded, Result: raw, Peak: peakMemory()})
		return coded.Code
	}
	if badResult != nil {
		enc.send(message{Error: failure(ExitFailed, badResult)})
		return ExitFailed
	}
	enc.send(message{Result: raw, Peak: peakMemory()})
	return ExitOK
}

// messenger serialises messages from several goroutines onto one stream.
type messenger struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (m *messenger) send(msg message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.enc.Encode(msg) // a parent that is gone also closes stdin, which ends us
}

func (m *messenger) event(e Event) { m.send(message{Event: &e}) }

func perform(ctx context.Context, t task, out *messenger, log *slog.Logger) (any, error) {
	switch t.Kind {
	case "feed", "replay", "renormalise":
		var job FeedJob
		if err := json.Unmarshal(t.Job, &job); err != nil {
			return nil, err
		}
		job.TmpDir = t.TmpDir
		return runFeedJob(ctx, t.Kind, job, out.event, log)
	case lookPreview, lookSchema, lookTest, lookCompare, lookPropose:
		var job lookJob
		if err := json.Unmarshal(t.Job, &job); err != nil {
			return nil, err
		}
		job.TmpDir = t.TmpDir
		return runLookJob(ctx, t.Kind, job, out.event, log)
	case "report":
		var job ReportJob
		if err := json.Unmarshal(t.Job, &job); err != nil {
			return nil, err
		}
		return runReportJob(ctx, job)
	case "vault":
		var job VaultJob
		if err := json.Unmarshal(t.Job, &job); err != nil {
			return nil, err
		}
		job.TmpDir = t.TmpDir
		return runVaultJob(ctx, job, out.event)
	case "build":
		var job BuildJob
		if err := json.Unmarshal(t.Job, &job); err != nil {
			return nil, err
		}
		job.TmpDir, job.Budget = t.TmpDir, t.Budget
		return runBuildJob(ctx, job, out.event)
	}
	return nil, usagef("worker: unknown task %q", t.Kind)
}
