package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kp2mi/lindung/pipelines"
)

// smallDisk is a file system of its own, of a given size, mounted for one test.
func smallDisk(t *testing.T, size int64) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		if os.Getenv("CI") == "true" && os.Getuid() == 0 {
			t.Fatalf("root cannot mount a small disk: %v", err)
		}
		t.Skipf("mounting a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill leaves so much room on a disk, and gives a function that makes room again.
func fill(t *testing.T, disk string, room int64) (empty func()) {
	t.Helper()
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	free, err := pipelines.FreeSpace(disk)
	if err != nil {
		t.Fatal(err)
	}
	if free > room {
		if err := unix.Fallocate(int(f.Fd()), 0, 0, free-room); err != nil {
			t.Fatalf("filling the disk: %v", err)
		}
	}
	return func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
}

// tries runs the program and gives its exit code and what it says.
func tries(args ...string) (code int, says string) {
	c := exec.Command(program, args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), out.String()
	}
	if err != nil {
		return -1, err.Error()
	}
	return 0, out.String()
}

const moneySource = `source: money
title: {id: Remitansi, en: Remittances}
origin: sample
producer: Unit
contact: data@example.org
feeds:
  money_quarterly:
    dataset: remittances
    role: authoritative
    connector: {kind: files, path: inbox, match: ["*.csv"]}
    formats: [{kind: csv}]
    key: [year, quarter, country, channel]
    delivery: changes
    deletes: none
    units: {decimal: "."}
    fields: {year: tahun, quarter: triwulan, country: negara, amount_usd: usd, channel: "=BI"}
`

// moneyProject lays out a project of one small feed.
func moneyProject(t *testing.T, dir, reserve string) {
	t.Helper()
	files := map[string][]byte{
		"lindung.yaml":       []byte("project: {name: Test}\nkeep_releases: 2\nrun: {disk_reserve: " + reserve + "}\n"),
		"sources/money.yaml": []byte(moneySource),
	}
	if err := writeProject(dir, files, true); err != nil {
		t.Fatal(err)
	}
}

func deliverMoney(t *testing.T, dir, name string, rows int, at time.Time) {
	t.Helper()
	var b strings.Builder
	b.WriteString("tahun,triwulan,negara,usd\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,%d,Hong Kong,%d.5\n", 2023-i/4, 1+i%4, i+1)
	}
	path := filepath.Join(dir, "inbox", name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(b.String()), 0o644), os.Chtimes(path, at, at)); err != nil {
		t.Fatal(err)
	}
}

// A run that meets a full disk, at whatever point, says so and ends; readers keep the last release, and with room
// again the next run gives what an undisturbed one gives.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	const first, second = "2024-01-15T09:00:00Z", "2024-04-15T09:00:00Z"
	disk := smallDisk(t, 192<<20)
	golden, dir := projectDir(t), filepath.Join(disk, "project")
	moneyProject(t, golden, "0B")
	copyKeys(t, golden, dir)
	moneyProject(t, dir, "0B")
	run := func(dir, now string) (int, string) {
		return tries("run", "--dir", dir, "--now", now, "--quiet")
	}
	for i, now := range []string{first, second} {
		at, _ := time.Parse(time.RFC3339, now)
		for _, d := range []string{golden, dir} {
			deliverMoney(t, d, fmt.Sprintf("%d.csv", i), 4+4*i, at.Add(-time.Hour))
			if d == dir && i == 1 {
				continue // this one meets the full disk
			}
			if code, says := run(d, now); code != 0 {
				t.Fatalf("exit code %d: %s", code, says)
			}
		}
	}
	before := contentHash(t, dir)
	for _, room := range []int64{0, 64 << 10, 512 << 10, 2 << 20, 8 << 20, 20 << 20} {
		empty := fill(t, disk, room)
		code, says := run(dir, second)
		if code != pipelines.ExitFailed || !strings.Contains(says, "is full: nothing half-done was kept, and readers keep the last release") {
			t.Errorf("with %d KiB of room: exit code %d: %s", room>>10, code, says)
		}
		if strings.Contains(says, "goroutine ") {
			t.Errorf("with %d KiB of room it ended in a stack: %s", room>>10, says)
		}
		if contentHash(t, dir) != before {
			t.Errorf("with %d KiB of room another release is published", room>>10)
		}
		if code, says := tries("kpi", "value", "REM-01", "2023-Q4", "--dir", dir); code != 0 {
			t.Errorf("with %d KiB of room nobody can read: %d %s", room>>10, code, says)
		}
		// The ledger that says who is at work needs a little room itself.
		if code, says := tries("gc", "--dir", dir, "--older-than", "0s"); code != 0 && (room >= 2<<20 || !strings.Contains(says, "Make room, at least a few MiB")) {
			t.Errorf("with %d KiB of room nothing can be removed: %d %s", room>>10, code, says)
		}
		empty()
		lindung(t, nil, "verify", "--dir", dir)
	}
	if code, says := run(dir, second); code != 0 {
		t.Fatalf("with room again: exit code %d: %s", code, says)
	}
	if contentHash(t, dir) != contentHash(t, golden) {
		t.Error("the warehouse differs from an undisturbed one")
	}
	if left := leftovers(t, filepath.Join(dir, "data")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Below the reserve nothing begins: no child, no object, no entry. What looks and what makes room still works.
func TestTheDiskReserve(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, 64<<20)
	for reserve, dir := range map[string]string{"32MiB": filepath.Join(disk, "project"), "8000TiB": projectDir(t)} {
		t.Run(reserve, func(t *testing.T) {
			moneyProject(t, dir, reserve)
			deliverMoney(t, dir, "one.csv", 4, sampleEpoch)
			if strings.HasPrefix(dir, disk) {
				fill(t, disk, 31<<20)
			}
			for _, command := range [][]string{{"run"}, {"build"}, {"quarantine", "replay", "money_quarterly"}, {"renormalise", "remittances", "--from-landing"}} {
				code, says := tries(append(command, "--dir", dir, "--now", "2024-01-15T09:00:00Z", "--quiet")...)
				if code != pipelines.ExitFailed || !strings.Contains(says, "run.disk_reserve in lindung.yaml wants "+reserve) || !strings.Contains(says, "nothing was begun") {
					t.Errorf("%v: exit code %d: %s", command, code, says)
				}
			}
			for _, place := range []string{"landing/*", "lake/*", "log/*", "tmp/*"} {
				if found, _ := filepath.Glob(filepath.Join(dir, "data", place)); len(found) > 0 {
					t.Errorf("something was begun: %v", found)
				}
			}
			if code, says := tries("gc", "--dir", dir); code != 0 {
				t.Errorf("gc: exit code %d: %s", code, says)
			}
			code, says := tries("doctor", "--dir", dir, "--output", "json")
			var findings []finding
			if err := json.Unmarshal([]byte(says), &findings); err != nil || code != pipelines.ExitFailed {
				t.Fatalf("doctor: exit code %d, %v: %s", code, err, says)
			}
			found := false
			for _, f := range findings {
				found = found || f.Check == "disk" && !f.OK && strings.Contains(f.Message, "no run and no build begins")
			}
			if !found {
				t.Errorf("doctor does not say it: %+v", findings)
			}
		})
	}
}
