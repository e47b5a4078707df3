package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines"
)

// app is the program with its surroundings, so that a test can run it whole.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	clock          func() time.Time

	dir    string // the project folder
	output string // text or json
	now    string // --now
	quiet  bool

	stops bool // the command runs until it is interrupted: that is how it ends well

	logForm  string // --log: off, text or json
	logLevel string // --log-level
	logs     *slog.Logger
}

// run executes one command line and gives the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil && !(a.stops && err == nil) {
		a.complain("interrupted; nothing half-done was kept", pipelines.ExitInterrupted)
		return pipelines.ExitInterrupted
	}
	if err == nil {
		return pipelines.ExitOK
	}
	var silent *exitError
	if errors.As(err, &silent) {
		return silent.code
	}
	code := pipelines.ExitCode(err)
	if isUsage(err) {
		code = pipelines.ExitUsage
	}
	a.complain("lindung: "+strings.TrimRight(err.Error(), "\n"), code)
	return code
}

// exitError carries an exit code for which everything has been said already.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func isUsage(err error) bool {
	var u usageError
	return errors.As(err, &u) || strings.HasPrefix(err.Error(), "unknown command") ||
		strings.HasPrefix(err.Error(), "accepts ") || strings.HasPrefix(err.Error(), "requires ")
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "lindung",
		Short:         "Data pipeline and analytics warehouse for the protection of migrant workers",
		Long:          rootHelp,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if a.output != "text" && a.output != "json" && a.output != "csv" && a.output != "arrow" {
				return usagef("--output %q is not known; use text or json", a.output)
			}
			return a.checkLog()
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	f := root.PersistentFlags()
	f.StringVar(&a.dir, "dir", ".", "project folder: configuration and data")
	f.StringVar(&a.output, "output", "text", "text or json (query: also csv and arrow)")
	f.StringVar(&a.now, "now", "", "take this as the present time (RFC 3339 or YYYY-MM-DD), for trying things out")
	f.BoolVar(&a.quiet, "quiet", false, "no progress on stderr")
	a.logFlags(root)
	root.AddCommand(
		a.demoCommand(), a.initCommand(), a.validateCommand(), a.sourcesCommand(), a.planCommand(), a.runCommand(),
		a.backfillCommand(), a.buildCommand(), a.renormaliseCommand(), a.releasesCommand(), a.rollbackCommand(), a.freezeCommand(),
		a.publishCommand(), a.diffCommand(), a.serveCommand(), a.scheduleCommand(), a.runsCommand(),
		a.backupCommand(), a.restoreCommand(), a.keysCommand(), a.gcCommand(), a.alertsCommand(),
		a.kpiCommand(), a.reconcileCommand(), a.explainCommand(), a.quarantineCommand(), a.reportCommand(), a.templateCommand(), a.contractCommand(), a.docsCommand(),
		a.queryCommand(), a.logCommand(), a.verifyCommand(), a.statusCommand(), a.doctorCommand(),
		a.lintCommand(), a.versionCommand(), a.workerCommand(),
	)
	return root
}

const rootHelp = `Lindung pulls placement, case and remittance data, keeps them as Parquet, and builds
the DuckDB warehouse, the KPIs and the reports that rest on them.

Start with:  lindung demo        (sample data, offline)
             lindung init DIR    (a project of your own)

Exit codes:  0 ok, 1 failed, 2 usage or configuration, 3 quality gate, 4 source unavailable,
             5 locked by another process, 6 missing helper program, 10 a plan or a diff has changes,
             130 interrupted`

// present is the time of this command: --now, or the clock. Zero means "not said", which
// lets a sample project's fixed clock speak.
func (a *app) present() (time.Time, error) {
	if a.now == "" {
		return time.Time{}, nil
	}
	return parseTime(a.now)
}

func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	t, err := time.ParseInLocation("2006-01-02", s, jakarta())
	if err != nil {
		return time.Time{}, usagef("time %q is neither YYYY-MM-DD nor RFC 3339", s)
	}
	return t, nil
}

// endOfDay is the last moment of a day in Jakarta: "as of" a date means with that day's commits.
func endOfDay(s string) (time.Time, error) {
	t, err := parseTime(s)
	if err != nil || strings.Contains(s, "T") {
		return t, err
	}
	return t.AddDate(0, 0, 1).Add(-time.Microsecond), nil
}

func jakarta() *time.Location {
	loc, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		return time.FixedZone("WIB", 7*60*60)
	}
	return loc
}

// parseMonth reads YYYY-MM.
func parseMonth(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return time.Time{}, usagef("month %q is not of the form YYYY-MM", s)
	}
	return t, nil
}

// open opens the project with everything a run needs.
func (a *app) open(needSecrets bool) (*pipelines.Runner, error) {
	load := pipelines.ValidateProject
	if needSecrets {
		load = pipelines.LoadProject
	}
	return a.openBy(load, pipelines.OpenProject)
}

// openPublished opens what readers see of the project, without its keys.
func (a *app) openPublished() (*pipelines.Runner, error) {
	return a.openBy(pipelines.ValidateProject, pipelines.OpenPublished)
}

func (a *app) openBy(load func(string) (*configs.Project, error), open func(*configs.Project, pipelines.Options) (*pipelines.Runner, error)) (*pipelines.Runner, error) {
	now, err := a.present()
	if err != nil {
		return nil, err
	}
	o := pipelines.Options{Dir: a.dir, Now: now, Code: version, Log: a.logger(), OnEvent: a.progress().event}
	project, err := load(a.dir)
	if err != nil {
		return nil, err
	}
	if now.IsZero() {
		if o.Now = a.clock(); !project.Clock.IsZero() {
			o.Now = project.Clock
		}
	}
	return open(project, o)
}

// shown gives a path as a person would type it: relative where that is shorter.
func shown(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(wd, path)
	if err != nil || strings.HasPrefix(rel, "../..") {
		return path
	}
	return rel
}
