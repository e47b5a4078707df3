package pipelines

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kp2mi/lindung/configs"
)

// limitSlack is what a Go process with DuckDB inside needs beside its working memory:
// stacks, read-only data that was written to, allocator overhead.
const limitSlack = 128 << 20

// childAttributes makes the kernel end a child whose parent was killed outright.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// limitSelf puts the limits on this process that a hostile or broken input meets.
// RLIMIT_AS is not used: the Go runtime reserves address space that it never touches.
// RLIMIT_DATA counts what is mapped, not what is resident: a build of ten million rows
// that stays under 2 GiB has 2.8 GiB mapped, because DuckDB's allocator keeps what it
// gave back. A build, whose input is our own, gets that room; a feed run does not.
func limitSelf(kind string, budget int64) error {
	if budget <= 0 {
		return nil
	}
	debug.SetMemoryLimit(budget * 8 / 10)
	mapped := budget
	if kind == "build" || kind == "report" {
		mapped += budget / 2
	}
	limits := map[int]uint64{
		unix.RLIMIT_DATA: uint64(mapped + limitSlack),
		unix.RLIMIT_CORE: 0, // a core file would hold personal data
	}
	for what, n := range limits {
		if err := unix.Setrlimit(what, &unix.Rlimit{Cur: n, Max: n}); err != nil {
			return fmt.Errorf("limiting the process: %w", err)
		}
	}
	return nil
}

// closeToOthers keeps other processes of the same user, debuggers and core files out of this one's memory.
func closeToOthers() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("closing the process to others: %w", err)
	}
	return nil
}

// The least that a feed run is given, whatever its limits: they bound what a source may bring, and
// this bounds what a hostile object may make of it.
const (
	leastProcessorTime = time.Hour
	leastFileSize      = 8 << 30
)

// limitRun bounds the work on one feed: an object that makes a decoder go round in circles, or
// write without end, ends with an error and not with the machine's patience.
func limitRun(l configs.Limits) error {
	if err := limitFiles(uint64(max(int64(l.MaxDelivery), leastFileSize))); err != nil {
		return err
	}
	return limitProcessor(max(l.MaxDuration, leastProcessorTime) * time.Duration(runtime.NumCPU()))
}

// limitFiles makes writing beyond a size an error (EFBIG) in place of the end of the process. Where the
// machine lets a process write less, that stays.
func limitFiles(size uint64) error {
	signal.Ignore(syscall.SIGXFSZ)
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &now); err != nil {
		return fmt.Errorf("limiting the size of files: %w", err)
	}
	size = min(size, now.Cur, now.Max)
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: size}); err != nil {
		return fmt.Errorf("limiting the size of files: %w", err)
	}
	return nil
}

// limitProcessor ends this process after so much processor time, and says so where the parent
// looks for last words.
func limitProcessor(most time.Duration) error {
	over := make(chan os.Signal, 1)
	signal.Notify(over, syscall.SIGXCPU)
	go func() {
		<-over
		fmt.Fprintln(os.Stderr, wordsOverTime)
		os.Exit(ExitFailed)
	}()
	seconds := uint64(most / time.Second)
	if err := unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: seconds, Max: seconds + 10}); err != nil {
		return fmt.Errorf("limiting the processor time: %w", err)
	}
	return nil
}

// peakMemory is the largest resident size this process has had.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}
