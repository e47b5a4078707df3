package configs

import (
	"fmt"
	"os"
	"path/filepath"
)

// copiedSources is the folder of the sources in what CopyFiles writes.
const copiedSources = "sources"

// CopyFiles copies the files that a project was read from into an empty folder, so that a process
// that runs for long works with what was checked, whatever is edited meanwhile: see Options.From.
func (p *Project) CopyFiles(to string) error {
	if err := os.MkdirAll(filepath.Join(to, copiedSources), 0o750); err != nil {
		return fmt.Errorf("copying the configuration: %w", err)
	}
	files := map[string]string{filepath.Join(p.Dir, ProjectFile): filepath.Join(to, ProjectFile)}
	for _, s := range p.Sources {
		from := filepath.FromSlash(s.File)
		if !filepath.IsAbs(from) {
			from = filepath.Join(p.Dir, from)
		}
		files[from] = filepath.Join(to, copiedSources, filepath.Base(from))
	}
	for from, to := range files {
		raw, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, raw, 0o640)
		}
		if err != nil {
			return fmt.Errorf("copying the configuration: %w", err)
		}
	}
	return nil
}
