package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/reports/pdf"
	"github.com/kp2mi/lindung/warehouse"
)

// A finding is one thing that doctor looked at.
type finding struct {
	Check   string `json:"check"`
	OK      bool   `json:"ok"`
	Message string `json:"message"`
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Look over the machine and the project, and say what to do about what is wrong",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			findings := a.examine()
			bad := 0
			var rows [][]string
			for _, f := range findings {
				mark := "ok"
				if !f.OK {
					mark, bad = "LOOK", bad+1
				}
				rows = append(rows, []string{mark, f.Check, f.Message})
			}
			if a.output == "json" {
				if err := a.printJSON(list(findings)); err != nil {
					return err
				}
			} else {
				a.table([]string{"", "CHECK", "FINDING"}, rows)
			}
			if bad > 0 {
				return &exitError{pipelines.ExitFailed}
			}
			return nil
		},
	}
}

func (a *app) examine() []finding {
	findings := []finding{timeZones(), duckDB(), browser()}
	project, err := pipelines.ValidateProject(a.dir)
	if err != nil {
		return append(findings, finding{"configuration", false, strings.TrimSpace(err.Error())})
	}
	findings = append(findings, finding{"configuration", true, fmt.Sprintf("%d sources, origin %s", len(project.Sources), project.Origin())})
	findings = append(findings, missingSecrets(project)...)
	findings = append(findings, keyFiles(project), diskSpace(project))
	r, err := a.open(false)
	if err != nil {
		return append(findings, finding{"project", false, err.Error()})
	}
	findings = append(findings, workingDays(project, r.Now)...)
	return append(append(findings, commitLog(r), publication(r)), targets(r)...)
}

// workingDays says which years no calendar of holidays covers, where a schedule counts working days.
func workingDays(p *configs.Project, now time.Time) []finding {
	calendar, err := pipelines.Calendar(p)
	if err != nil {
		return []finding{{"holidays", false, err.Error()}}
	}
	if !pipelines.CountsWorkdays(p) {
		return nil
	}
	soon := now.AddDate(0, 2, 0).Year() // decrees come late in the year before
	for year := now.Year(); year <= soon; year++ {
		if !calendar.Covers(year) {
			return []finding{{"holidays", false, fmt.Sprintf("the holidays of %d are not known, so that working days are counted without them; write them into a file and name it with serve.holidays in lindung.yaml", year)}}
		}
	}
	return []finding{{"holidays", true, fmt.Sprintf("known for %d", soon)}}
}

func timeZones() finding {
	if _, err := time.LoadLocation("Asia/Jakarta"); err != nil {
		return finding{"time zones", false, "the machine has no time zone database; install the package tzdata"}
	}
	return finding{"time zones", true, "Asia/Jakarta is known"}
}

func duckDB() finding {
	v, err := warehouse.EngineVersion()
	if err != nil {
		return finding{"DuckDB", false, err.Error()}
	}
	return finding{"DuckDB", true, v + ", files readable from " + warehouse.StorageVersion}
}

// browser says what prints PDF files. A machine without it is sound: it writes all other formats.
func browser() finding {
	path, err := pdf.Find("")
	if err != nil {
		return finding{"browser", true, "none is there: reports are written without PDF files; for these install the Debian package chromium-headless-shell, or chromium"}
	}
	return finding{"browser", true, path + " prints PDF files"}
}

func missingSecrets(p *configs.Project) []finding {
	var missing []string
	for _, s := range p.Sources {
		for _, f := range s.Feeds {
			for _, name := range f.Connector.Missing() {
				missing = append(missing, f.Name+" needs "+name)
			}
		}
	}
	missing = append(append(missing, p.Alerts.Missing()...), p.Reports.Missing()...)
	if len(missing) > 0 {
		return []finding{{"secrets", false, strings.Join(missing, "; ") + "; set them before lindung run"}}
	}
	return []finding{{"secrets", true, "every reference can be resolved"}}
}

func keyFiles(p *configs.Project) finding {
	path := filepath.Join(p.KeysDir, "master.key")
	if _, err := lake.LoadMaster(path); err != nil {
		return finding{"keys", false, err.Error()}
	}
	return finding{"keys", true, "readable by their owner only; keep a copy of " + shown(p.KeysDir) + " off this machine"}
}

// buildRoom is what a build needs beside the data: the new file and room for spilling.
const buildRoom = 4 << 30

func diskSpace(p *configs.Project) finding {
	dir := p.DataDir
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		dir = p.Dir
	}
	free, err := pipelines.FreeSpace(dir)
	if err != nil {
		return finding{"disk", false, err.Error()}
	}
	reserve := p.Run.DiskReserve
	message := fmt.Sprintf("%.1f GB free in %s, run.disk_reserve %s", float64(free)/1e9, shown(dir), reserve)
	switch {
	case free < int64(reserve):
		return finding{"disk", false, message + "; no run and no build begins: make room (lindung gc --dry-run shows what may go), or lower keep_releases"}
	case free < int64(reserve)+buildRoom:
		return finding{"disk", false, message + "; a build may need 4 GB beside that: make room (lindung gc --dry-run shows what may go), or lower keep_releases"}
	}
	return finding{"disk", true, message}
}

func commitLog(r *pipelines.Runner) finding {
	entries, err := r.Lake.Entries()
	if err != nil {
		return finding{"commit log", false, err.Error()}
	}
	return finding{"commit log", true, fmt.Sprintf("%d entries, chain unbroken", len(entries))}
}

func publication(r *pipelines.Runner) finding {
	current, err := r.Releases.Current()
	switch {
	case err != nil:
		return finding{"release", false, err.Error()}
	case current == nil:
		return finding{"release", true, "nothing is published yet"}
	}
	return finding{"release", true, current.ID + " is what readers get"}
}
