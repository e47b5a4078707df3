package main

import (
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

// logOff is the form of log that writes none: whoever sits before a terminal has progress instead.
const logOff = "off"

func (a *app) logFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&a.logForm, "log", logOff, "log on stderr, in place of progress: off, text or json")
	f.StringVar(&a.logLevel, "log-level", "info", "what to log at least: debug, info, warn or error")
}

func (a *app) checkLog() error {
	switch a.logForm {
	case logOff, pipelines.LogText, pipelines.LogJSON:
	default:
		return usagef("--log %q is not known; use off, text or json", a.logForm)
	}
	if _, ok := logLevels[a.logLevel]; !ok {
		return usagef("--log-level %q is not known; use debug, info, warn or error", a.logLevel)
	}
	return nil
}

var logLevels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// logger writes what operators keep. Every line of a run, and of its child processes, names
// the run.
func (a *app) logger() *slog.Logger {
	if a.logForm == logOff {
		return slog.New(slog.DiscardHandler)
	}
	if a.logs == nil {
		a.logs = slog.New(pipelines.LogHandler(a.stderr, a.logForm, logLevels[a.logLevel]))
	}
	return a.logs
}

// say tells a person something beside the output. Where programs read stderr it is a line of the log.
func (a *app) say(format string, args ...any) {
	switch {
	case a.quiet:
	case a.logForm == pipelines.LogJSON:
		a.logger().Info(fmt.Sprintf(format, args...))
	default:
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}
}

// complain says why a command ends with an exit code.
func (a *app) complain(message string, code int) {
	if a.logForm == pipelines.LogJSON {
		a.logger().Error(message, "exit_code", code)
		return
	}
	fmt.Fprintln(a.stderr, message)
}
