package warehouse

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAFrozenMonthStaysWhatItIs(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "releases")
	r := openReleases(t, dir)
	for range 3 {
		publishNext(t, r, root)
	}
	at := time.Date(2026, 1, 15, 2, 0, 0, 0, time.UTC)
	if err := r.Freeze(Frozen{Month: "2025-12", Release: "r000001", FrozenAt: at, Note: "buletin"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Freeze(Frozen{Month: "2025-11", Release: "r000002", FrozenAt: at}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		frozen Frozen
		want   string
	}{
		{Frozen{Month: "2025-12", Release: "r000002"}, "frozen already"},
		{Frozen{Month: "2025-13", Release: "r000002"}, "written YYYY-MM"},
		{Frozen{Month: "2025-10", Release: "r000009"}, "never published"},
	} {
		if err := r.Freeze(c.frozen); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.frozen, err, c.want)
		}
	}
	all, err := r.Frozen()
	if err != nil || len(all) != 2 || all[0].Month != "2025-11" || all[1].Release != "r000001" || all[1].Note != "buletin" || !all[1].FrozenAt.Equal(at) {
		t.Fatalf("%+v, %v", all, err)
	}
	pruned, err := r.Prune(1)
	if err != nil || len(pruned) != 0 {
		t.Errorf("pruned %v, %v; frozen months need their releases whole", pruned, err)
	}
	if err := os.WriteFile(filepath.Join(dir, frozenFolder, "2025-10.json"), []byte(`{"month":"2025-12"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Frozen(); err == nil || !strings.Contains(err.Error(), "2025-10.json is damaged") {
		t.Errorf("a record under another month's name: %v", err)
	}
}
