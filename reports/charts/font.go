package charts

import (
	_ "embed" // the faces
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// FontFamily is the name under which a page that shows charts must declare the two faces. The
// letters are those of Adobe's Source Sans 3, whose figures are all of one width, cut down to Latin
// by fonts/make.sh and renamed as its licence (fonts/OFL.txt) asks.
const FontFamily = "Lindung Sans"

// Regular is the face of ordinary text, a TrueType file.
//
//go:embed fonts/lindung-sans-regular.ttf
var Regular []byte

// Bold is the face of what stands out, a TrueType file.
//
//go:embed fonts/lindung-sans-bold.ttf
var Bold []byte

// RegularPacked and BoldPacked are the same faces for pages, as WOFF2 files.
var (
	//go:embed fonts/lindung-sans-regular.woff2
	RegularPacked []byte
	//go:embed fonts/lindung-sans-bold.woff2
	BoldPacked []byte
)

// Licence is the licence of both faces; it goes wherever they go.
//
//go:embed fonts/OFL.txt
var Licence string

const unitsPerEm = 1000

// advances are the widths of a face's characters in thousandths of the font size.
func advances(data []byte) map[rune]float64 {
	face, err := sfnt.Parse(data)
	if err != nil {
		panic("charts: the embedded face cannot be read: " + err.Error()) // it is part of the program
	}
	widths := map[rune]float64{}
	var buffer sfnt.Buffer
	for r := rune(0x20); r < 0x2800; r++ {
		glyph, err := face.GlyphIndex(&buffer, r)
		if err != nil || glyph == 0 {
			continue
		}
		advance, err := face.GlyphAdvance(&buffer, glyph, fixed.I(unitsPerEm), font.HintingNone)
		if err != nil {
			panic("charts: the embedded face has no width for a character: " + err.Error())
		}
		widths[r] = float64(advance) / 64
	}
	return widths
}

var (
	regularAdvances = sync.OnceValue(func() map[rune]float64 { return advances(Regular) })
	boldAdvances    = sync.OnceValue(func() map[rune]float64 { return advances(Bold) })
)

// foreign is the width taken for a character that the faces do not have, which a reader's system
// draws with a face of its own: none of those is wider than it is high.
const foreign = 1000

// Width measures a text as it is set, in the unit of the size. Charts are set without kerning, so
// the width is the sum of the characters' own.
func Width(text string, size float64, bold bool) float64 {
	widths := regularAdvances()
	if bold {
		widths = boldAdvances()
	}
	total := 0.0
	for _, r := range text {
		if w, known := widths[r]; known {
			total += w
		} else {
			total += foreign
		}
	}
	return total * size / unitsPerEm
}

// wrap breaks a text into lines no wider than the width: between words, and within a word only
// where it alone is wider.
func wrap(text string, bold bool, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && measure(line+" "+word, bold) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for measure(word, bold) > width {
			head := fitting(word, bold, width)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fitting is the longest beginning of a word that has the width, at least one character.
func fitting(word string, bold bool, width float64) string {
	end := 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if i > 0 && measure(word[:next], bold) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// measure is the width of a text in a chart.
func measure(text string, bold bool) float64 { return Width(text, fontSize, bold) }

// widest is the width of the widest of several texts.
func widest(texts []string, bold bool) float64 {
	width := 0.0
	for _, text := range texts {
		width = max(width, measure(text, bold))
	}
	return width
}
