package warehouse

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// A model that fails on a row is named with its column and place, and without what stood in the row.
func TestAModelThatFailsOnARowQuotesNoValue(t *testing.T) {
	w := newWorld(t).deliver("2025-02-01", placementRows(0, 20, "2025-02-01", ""), 0)
	key, dir := "", filepath.Join(t.TempDir(), "built")
	w.build(into(dir))
	db := openFile(t, filepath.Join(dir, WarehouseFile))
	if err := db.QueryRow("select min(placement_id) from fct_placements").Scan(&key); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]string{
		"a text": "cast(placement_id as integer) as placement_id", "a number": "cast(row_no + 9007199254740991 as integer) as placement_id",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Build(context.Background(), w.spec(withModel("fct_placements", "placement_id", change)))
			if err == nil || !strings.Contains(err.Error(), "fct_placements.sql: Conversion Error") || !strings.Contains(err.Error(), "LINE 2: ") {
				t.Fatalf("got %v", err)
			}
			said, _, _ := strings.Cut(err.Error(), "LINE 2: ")
			if strings.Contains(said, key) || strings.Contains(said, "900719") {
				t.Errorf("it quotes the row: %v", err)
			}
		})
	}
}
