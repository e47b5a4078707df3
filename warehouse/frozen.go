package warehouse

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const frozenFolder = "_frozen"

// A Frozen month keeps the figures that one release gave it: what was printed stays what was printed. What is
// known of the month later stands beside it, in later releases, and never in its place.
type Frozen struct {
	Format   int       `json:"format"`
	Month    string    `json:"month"` // 2025-12
	Release  string    `json:"release"`
	FrozenAt time.Time `json:"frozen_at"`
	Note     string    `json:"note,omitempty"` // what printed it
}

// Freeze binds a month to a published release, once and for all.
func (r *Releases) Freeze(f Frozen) error {
	if err := r.freeze(f); err != nil {
		return fmt.Errorf("freezing %s: %w", f.Month, err)
	}
	return nil
}

func (r *Releases) freeze(f Frozen) error {
	if _, err := time.Parse("2006-01", f.Month); err != nil {
		return fmt.Errorf("a month is written YYYY-MM: %w", err)
	}
	if _, err := r.Get(f.Release); err != nil {
		return err
	}
	f.Format = StateFormat
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	folder := filepath.Join(r.dir, frozenFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	tmp := filepath.Join(folder, fmt.Sprintf(".tmp-%d", os.Getpid()))
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeDurably(tmp, append(text, '\n')); err != nil {
		return err
	}
	defer os.Remove(tmp)
	err = os.Link(tmp, filepath.Join(folder, f.Month+".json")) // never over another
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("the month is frozen already, and a frozen month is never frozen anew; see: lindung freeze")
	}
	return errors.Join(err, syncDir(folder))
}

// Frozen lists the frozen months, in order.
func (r *Releases) Frozen() (all []Frozen, err error) {
	entries, err := os.ReadDir(filepath.Join(r.dir, frozenFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the frozen months: %w", err)
	}
	for _, e := range entries {
		month, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(r.dir, frozenFolder, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the frozen months: %w", err)
		}
		var f Frozen
		if err := json.Unmarshal(raw, &f); err != nil || f.Month != month {
			return nil, fmt.Errorf("reading the frozen months: %s/%s is damaged; restore it from a backup", frozenFolder, e.Name())
		}
		if f.Format > StateFormat {
			return nil, fmt.Errorf("reading the frozen months: %s/%s: %w", frozenFolder, e.Name(), ErrNewerState)
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Frozen) int { return strings.Compare(a.Month, b.Month) })
	return all, nil
}

// pinned are the releases that frozen months need whole.
func (r *Releases) pinned() (map[string]bool, error) {
	all, err := r.Frozen()
	pinned := map[string]bool{}
	for _, f := range all {
		pinned[f.Release] = true
	}
	return pinned, err
}
