package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// asAnother runs the program under another account of this machine, which only root may:
// `as UID CODE ARGS...`. The ways to the script's folders and to the program are opened to it.
func asAnother(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: as UID EXITCODE ARGS...")
	}
	uid, err := strconv.ParseUint(args[0], 10, 32)
	ts.Check(err)
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	work := ts.Getenv("WORK")
	for _, way := range []string{work, filepath.Dir(program)} {
		for dir := way; strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
			info, err := os.Stat(dir)
			ts.Check(err)
			ts.Check(os.Chmod(dir, info.Mode().Perm()|0o011))
		}
	}
	// Who it is does not come from the environment.
	account := []string{"USER=root", "LOGNAME=root", "SUDO_USER=root", "setpriv", fmt.Sprintf("--reuid=%d", uid), fmt.Sprintf("--regid=%d", uid), "--clear-groups", program}
	err = ts.Exec("env", append(account, args[2:]...)...)
	got := 0
	if err != nil {
		if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &got); scanErr != nil {
			ts.Fatalf("lindung %s: %v", strings.Join(args[2:], " "), err)
		}
	}
	if got != want {
		ts.Fatalf("lindung %s: exit code %d, want %d", strings.Join(args[2:], " "), got, want)
	}
}

// digit is the first digit of the first number of a table: a page of sample data has no 9 there.
var digit = regexp.MustCompile(`<td data-n=[0-9a-z]+>([0-8])`)

// tamper writes a page with one digit changed: `tamper FROM TO`.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: tamper FROM TO")
	}
	page := ts.ReadFile(args[0])
	at := digit.FindStringSubmatchIndex(page)
	if at == nil {
		ts.Fatalf("%s has no such number", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(page[:at[2]]+"9"+page[at[3]:]), 0o644))
}
