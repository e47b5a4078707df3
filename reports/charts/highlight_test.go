package charts

import (
	"strings"
	"testing"
)

// The province that a drawing is about is framed, that one alone; without one nothing is.
func TestTheProvinceThatAMapIsAboutIsFramed(t *testing.T) {
	m := tileCase()
	if svg := m.SVG("map", 700); strings.Contains(svg, `"about"`) {
		t.Error("a map about the nation frames a province")
	}
	m.Highlight = "35"
	svg := m.SVG("map", 700)
	if strings.Count(svg, `class="about"`) != 1 {
		t.Fatalf("%d frames, want 1", strings.Count(svg, `class="about"`))
	}
	_, tile, _ := strings.Cut(svg, `data-province="35"`)
	if tile, _, _ = strings.Cut(tile, "</g>"); !strings.Contains(tile, `class="about"`) {
		t.Error("another province is framed")
	}
}
