package ledger

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// A process names one process of one machine for as long as that runs.
type process struct {
	pid     int
	space   string // pids of another container mean something else
	started int64
	boot    string
}

// self is this process.
func self() (process, error) {
	p := process{pid: os.Getpid()}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return p, err
	}
	p.boot = strings.TrimSpace(string(boot))
	if p.space, err = os.Readlink("/proc/self/ns/pid"); err != nil {
		return p, err
	}
	p.started, err = startOf(p.pid)
	return p, err
}

// startOf is when a process began, in ticks since the boot.
func startOf(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold anything; what follows it does not.
	rest := text[bytes.LastIndexByte(text, ')')+1:]
	fields := strings.Fields(string(rest))
	const startTime = 22 - 3 // the fields are counted from 1, and two are before the rest
	if len(fields) <= startTime {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	return strconv.ParseInt(fields[startTime], 10, 64)
}

// gone says that a process surely runs no more. One of another container may run unseen.
func (p process) gone(here process) bool {
	if p.boot != here.boot {
		return true
	}
	if p.space != here.space {
		return false
	}
	started, err := startOf(p.pid)
	return err != nil || started != p.started
}

// sinceBoot counts milliseconds since the machine's boot, sleep included: unlike the clock on
// the wall it never jumps.
func sinceBoot() (int64, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0, err
	}
	return t.Nano() / 1e6, nil
}
