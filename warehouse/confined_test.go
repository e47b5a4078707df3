package warehouse

import (
	"path/filepath"
	"strings"
	"testing"
)

// Whichever file of a release is opened: no other file, no network, no extension and no setting can be
// reached from it, and it is refused for that reason and not by chance.
func TestBothFilesOfAReleaseAreConfined(t *testing.T) {
	w := newWorld(t)
	w.build()
	out := filepath.Join(t.TempDir(), "out")
	for _, file := range []string{WarehouseFile, OpenFile} {
		db := openFile(t, filepath.Join(w.spec().OutDir, file))
		for q, why := range map[string]string{
			"from read_csv('/etc/passwd')":            "Permission Error",
			"from read_text('/etc/passwd')":           "Permission Error",
			"from read_parquet('/etc/passwd')":        "Permission Error",
			"from '/etc/passwd.csv'":                  "disabled",
			"from glob('/*')":                         "Permission Error",
			"attach '" + out + ".duckdb'":             "Permission Error",
			"copy figures to '" + out + ".csv'":       "Permission Error",
			"export database '" + out + "'":           "Permission Error",
			"install httpfs":                          "Permission Error",
			"load httpfs":                             "Permission Error",
			"set enable_external_access = true":       "lock",
			"set lock_configuration = false":          "lock",
			"set memory_limit = '1GB'":                "lock",
			"reset temp_directory":                    "lock",
			"set allowed_directories = ['/']":         "lock",
			"create or replace table figures (a int)": "read-only",
		} {
			if _, err := db.Exec(q); err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("%s: %s: got %v, want …%s…", file, q, err, why)
			}
		}
	}
}
