package charts

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the drawings into testdata")

// The bytes of every kind of chart at the width of a phone and of a page.
func TestDrawings(t *testing.T) {
	for _, c := range cases {
		for width, name := range map[float64]string{phone: c.name + "_phone.svg", laptop: c.name + ".svg"} {
			got := c.SVG(c.name, width)
			if again := c.SVG(c.name, width); again != got {
				t.Errorf("%s: drawn twice, the bytes differ", name)
			}
			path := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s has changed; -update writes it anew, and it wants looking at", name)
			}
		}
	}
}
