package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors/samples"
)

// A child that works for a parent that was killed outright ends with it, whether it pulls or builds; and the next
// command finds nothing of it in the temporary folders.
func TestChildrenEndWithTheirParent(t *testing.T) {
	t.Parallel()
	at := samples.Deliveries()[0]
	for what, underWay := range map[string]func(dir string) bool{
		"feed": func(string) bool { return true },
		"build": func(dir string) bool {
			found, _ := filepath.Glob(filepath.Join(dir, "data", "builds", "*"))
			return len(found) > 0
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := projectDir(t)
			moneyProject(t, dir, "0B")
			deliverMoney(t, dir, "one.csv", 40, at.Add(-time.Hour))
			c := exec.Command(program, "run", "--dir", dir, "--now", at.Format(time.RFC3339), "--quiet")
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			var children []int
			for began := time.Now(); len(children) == 0 || !underWay(dir); {
				if time.Since(began) > 30*time.Second {
					t.Fatal("there was no such child")
				}
				children = workersOf(c.Process.Pid)
			}
			_ = c.Process.Signal(syscall.SIGKILL)
			_ = c.Wait()
			for _, pid := range children {
				for began := time.Now(); alive(pid); time.Sleep(5 * time.Millisecond) {
					if time.Since(began) > 5*time.Second {
						t.Fatalf("child %d of a killed parent goes on", pid)
					}
				}
			}
			lindung(t, nil, "run", "--dir", dir, "--now", at.Format(time.RFC3339), "--quiet")
			if left := leftovers(t, filepath.Join(dir, "data")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			lindung(t, nil, "verify", "--dir", dir)
		})
	}
}

// workersOf lists the worker processes that a process has started.
func workersOf(parent int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		if _, of, running := processState(path); !running || of != parent {
			continue
		}
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if strings.HasSuffix(string(command), "\x00worker\x00") {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func alive(pid int) bool {
	_, _, running := processState(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return running
}

// processState reads a process's state and parent; one that ended and waits to be asked how is not running.
func processState(path string) (state string, parent int, running bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", 0, false
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		return "", 0, false
	}
	parent, _ = strconv.Atoi(fields[1])
	return fields[0], parent, fields[0] != "Z" && fields[0] != "X"
}
