package pipelines

import (
	"path/filepath"
	"regexp"
)

// LogsDir is where a data folder keeps the log lines of its runs.
func LogsDir(dataDir string) string { return filepath.Join(dataDir, "logs") }

var runIDForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]*$`)

// RunLogFile is the file in a folder of logs that keeps the lines of a run.
func RunLogFile(dir, runID string) (string, error) {
	if !runIDForm.MatchString(runID) {
		return "", usagef("run %q: a run's name has letters, digits, - and _ only", runID)
	}
	return filepath.Join(dir, runID+".log"), nil
}
