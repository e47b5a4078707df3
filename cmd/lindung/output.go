package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/kp2mi/lindung/pipelines"
)

// printJSON writes one value as JSON; a nil list is an empty array.
func (a *app) printJSON(v any) error { return encodeJSON(a.stdout, v) }

func encodeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// list gives a non-nil slice, so that a listing in JSON is always an array.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// table writes aligned columns.
func (a *app) table(header []string, rows [][]string) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(header, "\t"))
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	w.Flush()
}

// count prints a whole number with thin groups, the way a person reads it.
func count(n int64) string {
	s := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(10 * time.Millisecond).String()
}

// progress shows where a run is: a bar on a terminal, a line a step elsewhere, nothing
// for programs.
func (a *app) progress() *watcher {
	w := &watcher{app: a}
	if f, ok := a.stderr.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(f.Fd())) {
		w.terminal = true
	}
	return w
}

type watcher struct {
	app      *app
	terminal bool
	bar      *progressbar.ProgressBar
	last     string
}

func (w *watcher) event(e pipelines.Event) {
	if w.app.quiet || w.app.output == "json" || w.app.logForm != logOff {
		return
	}
	what := e.Step
	if e.Feed != "" {
		what = e.Feed + ": " + e.Step
	}
	if w.terminal {
		w.draw(what, e)
		return
	}
	if what != w.last && e.Step != "write" {
		w.last = what
		fmt.Fprintln(w.app.stderr, " ", what)
	}
}

func (w *watcher) draw(what string, e pipelines.Event) {
	total := e.Total
	if total == 0 {
		total = -1
	}
	if w.bar == nil || what != w.last {
		w.finish()
		w.last = what
		w.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(w.app.stderr), progressbar.OptionSetDescription(what),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(24), progressbar.OptionThrottle(100*time.Millisecond))
	}
	_ = w.bar.Set64(e.Done)
}

func (w *watcher) finish() {
	if w.bar != nil {
		_ = w.bar.Clear()
		w.bar = nil
	}
}
