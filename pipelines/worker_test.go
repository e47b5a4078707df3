package pipelines

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines/crashtest"
)

// The test binary plays the child when this variable says how the child should end.
const playChild = "LINDUNG_TEST_CHILD"

func TestMain(m *testing.M) {
	if how := os.Getenv(playChild); how != "" {
		beChild(how)
	}
	os.Exit(m.Run())
}

func beChild(how string) {
	fmt.Println(`{"event":{"step":"normalise","object":"2024/broken.xlsx"}}`)
	switch how {
	case "result":
		fmt.Println(`{"result":{"report":{"feed":"f","outcome":"nothing_new"}},"peak":42}`)
	case "error":
		fmt.Println(`{"log":{"time":"2026-01-15T09:00:00+07:00","level":"WARN","msg":"trying again","attempt":1}}`)
		fmt.Println(`{"error":{"Code":4,"Message":"the source is away"},"result":{"report":{"bytes":7,"retries":3}}}`)
		os.Exit(4)
	case "memory":
		fmt.Fprint(os.Stderr, "fatal error: ")
		fmt.Fprint(os.Stderr, "runtime: out of memory\n")
		fmt.Fprintln(os.Stderr, "goroutine 1 [running]:")
		os.Exit(2)
	case "killed":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		time.Sleep(time.Minute)
	case "segfault":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		time.Sleep(time.Minute)
	case "segfault in C++":
		crashtest.Fault()
	case "segfault in a thread of C++":
		crashtest.FaultElsewhere()
	case "hang in C++": // deaf to its stdin, too
		crashtest.Hang()
	case "leak", "leak in C++":
		if err := limitSelf("feed", 64<<20); err != nil {
			os.Exit(1)
		}
		if how == "leak in C++" {
			crashtest.Leak()
		}
		for held := [][]byte{}; ; {
			held = append(held, bytes.Repeat([]byte{1}, 1<<20))
		}
	case "spin": // for as long as it may
		if err := limitProcessor(time.Second); err != nil {
			os.Exit(1)
		}
		for began := time.Now(); time.Since(began) < time.Minute; {
		}
	case "budget": // tells what it was given
		var given task
		if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
			os.Exit(1)
		}
		fmt.Printf(`{"result":{},"peak":%d}`+"\n", given.Budget)
	case "silent":
	case "hang": // until the parent closes our stdin
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(130)
	}
	os.Exit(0)
}

func playing(how string, stderr io.Writer) *Worker {
	return &Worker{Stderr: stderr, Command: func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), playChild+"="+how)
		return c
	}}
}

// A child may end in any way: the parent says what happened, with the step and the object
// that the child had in hand, and cleans up behind it.
func TestEveryEndOfAChildIsExplained(t *testing.T) {
	tests := map[string]struct {
		code int
		says []string
	}{
		"error":    {ExitUnavailable, []string{"the source is away"}},
		"memory":   {ExitFailed, []string{"reached its memory limit", "during normalise", `"2024/broken.xlsx"`, "raise run.memory", "last good data stay"}},
		"killed":   {ExitFailed, []string{"ended by signal killed", `"2024/broken.xlsx"`, "last good data stay"}},
		"segfault": {ExitFailed, []string{"SIGSEGV", `"2024/broken.xlsx"`}},

		"segfault in C++":             {ExitFailed, []string{"SIGSEGV", "during normalise", `"2024/broken.xlsx"`, "last good data stay"}},
		"segfault in a thread of C++": {ExitFailed, []string{"segmentation fault", "during normalise", `"2024/broken.xlsx"`, "last good data stay"}},
		"leak":                        {ExitFailed, []string{"reached its memory limit", "during normalise", `"2024/broken.xlsx"`}},
		"leak in C++":                 {ExitFailed, []string{"reached its memory limit", "during normalise", `"2024/broken.xlsx"`}},
		"spin":                        {ExitFailed, []string{"used up its processor time", "during normalise", `"2024/broken.xlsx"`, "limits.max_duration", "last good data stay"}},
		"silent":                      {ExitFailed, []string{"ended without a result"}},
	}
	for how, want := range tests {
		t.Run(how, func(t *testing.T) {
			var stderr bytes.Buffer
			tmp := t.TempDir()
			var result FeedResult
			_, err := playing(how, &stderr).call(t.Context(), "feed", 0, tmp, FeedJob{}, &result, watch{})
			if err == nil || ExitCode(err) != want.code {
				t.Fatalf("error %v with exit code %d, want %d", err, ExitCode(err), want.code)
			}
			for _, s := range want.says {
				if !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(s)) {
					t.Errorf("the error lacks %q: %v", s, err)
				}
			}
			if strings.Contains(stderr.String(), "goroutine 1") && how == "memory" {
				t.Errorf("a stack that explains nothing was passed on: %s", stderr.String())
			}
			if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
				t.Errorf("temporary folders are left: %v", left)
			}
		})
	}
}

func TestAChildsResultAndEventsArrive(t *testing.T) {
	var events []Event
	var result FeedResult
	peak, err := playing("result", io.Discard).call(t.Context(), "feed", 0, t.TempDir(), FeedJob{}, &result, watch{event: func(e Event) { events = append(events, e) }})
	if err != nil || peak != 42 || result.Report.Outcome != OutcomeNothingNew {
		t.Errorf("result %+v, peak %d, error %v", result.Report, peak, err)
	}
	if len(events) != 1 || events[0].Object != "2024/broken.xlsx" {
		t.Errorf("events: %+v", events)
	}
}

// A feed runs under its own memory limit, where it has one.
func TestAFeedMayHaveItsOwnMemoryLimit(t *testing.T) {
	r := &Runner{Project: &configs.Project{Run: configs.Run{Memory: 1 << 30}}, Worker: playing("budget", io.Discard)}
	for limit, want := range map[configs.Size]int64{0: 1 << 30, 256 << 20: 256 << 20} {
		var result FeedResult
		given, err := r.Worker.call(t.Context(), "feed", r.memoryOf(&configs.Feed{Limits: configs.Limits{Memory: limit}}), t.TempDir(), FeedJob{}, &result, watch{})
		if err != nil || given != want {
			t.Errorf("limits.memory %d: %d were given, want %d (%v)", limit, given, want, err)
		}
	}
}

// A child that fails still says what its source gave, how often it had to ask, and what it logged.
func TestAChildThatFailsSaysHowFarItCame(t *testing.T) {
	var result FeedResult
	var log bytes.Buffer
	by := watch{log: slog.New(LogHandler(&log, LogText, slog.LevelInfo)).With("run_id", "r")}
	_, err := playing("error", io.Discard).call(t.Context(), "feed", 0, t.TempDir(), FeedJob{}, &result, by)
	if ExitCode(err) != ExitUnavailable {
		t.Fatalf("error %v", err)
	}
	fr := failedReport(&configs.Feed{Name: "f", Dataset: "cases"}, feedOutcome{result: result, err: err})
	if fr.Outcome != OutcomeFailed || fr.Bytes != 7 || fr.Retries != 3 || fr.Error != "the source is away" || fr.ExitCode != ExitUnavailable {
		t.Errorf("%+v", fr)
	}
	if want := `level=WARN msg="trying again" run_id=r step=normalise attempt=1`; !strings.Contains(log.String(), want) {
		t.Errorf("logged %s, want %s", log.String(), want)
	}
	if fr := failedReport(&configs.Feed{Name: "f"}, feedOutcome{err: err}); fr.Bytes != 0 || fr.Error == "" {
		t.Errorf("a child that said nothing: %+v", fr)
	}
}

// A cancelled run ends its children by closing their stdin.
func TestACancelledRunEndsItsChild(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	began := time.Now()
	var result FeedResult
	_, err := playing("hang", io.Discard).call(ctx, "feed", 0, t.TempDir(), FeedJob{}, &result, watch{})
	if !errors.Is(err, context.Canceled) || ExitCode(err) != ExitInterrupted {
		t.Errorf("error %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// A child that hangs, even in C++ where nothing reaches it, is ended when its time is over; the run has
// a clear record of it, and nothing of the child is left.
func TestAChildThatNeverAnswersIsEnded(t *testing.T) {
	for _, how := range []string{"hang", "hang in C++"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := waitAtMost(t.Context(), 300*time.Millisecond, "limits.max_duration of the feed")
			defer cancel()
			tmp := t.TempDir()
			began := time.Now()
			var result FeedResult
			_, err := playing(how, io.Discard).call(ctx, "feed", 0, tmp, FeedJob{}, &result, watch{})
			if err == nil || ExitCode(err) != ExitFailed {
				t.Fatalf("error %v with exit code %d", err, ExitCode(err))
			}
			for _, s := range []string{"gave no answer within 300ms", "during normalise", `"2024/broken.xlsx"`, "limits.max_duration", "last good data stay"} {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("the error lacks %q: %v", s, err)
				}
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
			if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
				t.Errorf("temporary folders are left: %v", left)
			}
		})
	}
}

func TestTheWorstErrorDecidesTheExitCode(t *testing.T) {
	gate, away, broken := gatef("gate"), &Error{Code: ExitUnavailable, Message: "away"}, errors.New("broken")
	tests := []struct {
		errs []error
		want int
	}{
		{nil, ExitOK},
		{[]error{away}, ExitUnavailable},
		{[]error{away, gate}, ExitGate},
		{[]error{gate, broken, away}, ExitFailed},
	}
	for _, test := range tests {
		err := worst(test.errs)
		if got := ExitCode(err); got != test.want {
			t.Errorf("worst of %v: exit code %d, want %d", test.errs, got, test.want)
		}
		for _, e := range test.errs {
			if !strings.Contains(err.Error(), e.Error()) {
				t.Errorf("%v is not reported in %v", e, err)
			}
		}
	}
}

func TestStagesSumTimeByStage(t *testing.T) {
	var steps []Step
	s := newStages(&steps)
	for _, stage := range []string{"load", "models", "models", "checks", ""} {
		s.at(stage)
	}
	var names []string
	for _, step := range steps {
		names = append(names, step.Name)
		if step.Seconds < 0 {
			t.Errorf("%s took %g", step.Name, step.Seconds)
		}
	}
	if got := strings.Join(names, " "); got != "load models checks" {
		t.Errorf("stages: %s", got)
	}
}
