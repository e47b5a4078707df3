package lint

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What a cell says is read in its document's notation, unless the marks say otherwise.
func TestCellsAreReadInTheirNotation(t *testing.T) {
	for _, c := range []struct {
		cell        string
		in          notation
		value, half float64
		unit        unit
	}{
		{"22.376", indonesian, 22376, 0, ""},
		{"22.376", english, 22.376, 0.0005, ""},
		{"22,376", english, 22376, 0, ""},
		{"22,376", indonesian, 22.376, 0.0005, ""},
		{"1.234.567", english, 1234567, 0, ""},
		{"1.234,5", english, 1234.5, 0.05, ""},
		{"1,234.5", indonesian, 1234.5, 0.05, ""},
		{"0.376", indonesian, 0.376, 0.0005, ""},
		{"75,88%", english, 75.88, 0.005, percent},
		{"75,88 persen", english, 75.88, 0.005, percent},
		{"28%", indonesian, 28, 0.5, percent},
		{"1,6 poin persen", indonesian, 1.6, 0.05, pp},
		{"297 ribu", indonesian, 297e3, 500, ""},
		{"1,5 juta orang", indonesian, 1.5e6, 0.05e6, persons},
		{"Rp64 miliar", indonesian, 64e9, 0.5e9, "IDR"},
		{"Rp 2,32 triliun", indonesian, 2.32e12, 0.005e12, "IDR"},
		{"USD 15.7 billion", english, 15.7e9, 0.05e9, "USD"},
		{"297 434", indonesian, 297434, 0, ""},
		{"297\u00a0434", english, 297434, 0, ""},
		{"−4,00", indonesian, -4, 0.005, ""},
		{"(1.250)", indonesian, -1250, 0, ""},
		{"-", indonesian, 0, 0, ""},
		{"100.000.000.000", indonesian, 1e11, 0, ""},
		{"42 (29,37%)", indonesian, 42, 0, ""},
		{"1.500 kasus", indonesian, 1500, 0, cases},
		{"**99.773**", indonesian, 99773, 0, ""},
		{"12.720 [p]", indonesian, 12720, 0, ""},
	} {
		f, kind := parseCell(c.cell)
		if kind != figureCell {
			t.Errorf("%q is not taken for a figure", c.cell)
			continue
		}
		f.read(c.in, 1)
		if math.Abs(f.val-c.value) > 1e-6 || math.Abs(f.half-c.half) > 1e-6 || f.unit != c.unit {
			t.Errorf("%q: %v ± %v %q, want %v ± %v %q", c.cell, f.val, f.half, f.unit, c.value, c.half, c.unit)
		}
	}
}

func TestWhatIsNoFigureIsLeftAlone(t *testing.T) {
	for cell, want := range map[string]cellKind{
		"Taiwan": textCell, "12.05.2024": textCell, "11.01.02": textCell, "2024-05-12": textCell, "1,23,456": textCell,
		"3201014101900000": textCell, "G to G": textCell, "3 - 4": textCell, "22.": textCell, "12 34": textCell, "192.168.100.255": textCell,
		"": blankCell, "  ": blankCell, "n/a": unknownCell, "[c]": unknownCell, "…": unknownCell, "tidak tersedia": unknownCell,
	} {
		if _, kind := parseCell(cell); kind != want {
			t.Errorf("%q: kind %d, want %d", cell, kind, want)
		}
	}
}

// Of a sentence, only quantities are figures: not dates, laws, ages, names or years.
func TestOnlyQuantitiesAreMentions(t *testing.T) {
	for text, want := range map[string]string{
		"Pada 29 Desember 2023 tercatat 273.747 PMI.":                    "273.747 PMI",
		"UU 18/2017 pasal 30 dan Perban 7/2023 mengatur P3MI.":           "",
		"Sejak 2019-2023 ada 1.500 kasus di 25 negara dalam 5 tahun.":    "1.500 kasus",
		"Tabel 24 memuat 26 kategori; usia 21 tahun, pukul 10.30.":       "",
		"COVID-19 dan G2G: turun -4,5% (Rp2,32 triliun).":                "-4,5% | Rp2,32 triliun",
		"Remitansi USD 15.7 billion, about Rp253 trillion.":              "USD 15.7 billion | Rp253 trillion",
		"Kode 11.01.02, versi 2.0.1, 3201014101900000 dan 08123456789.":  "08123456789",
		"On December 29, 2023 there were 297 thousand services (33.5%).": "297 thousand services | 33.5%",
	} {
		var got []string
		for _, s := range sentencesOf(Text{Line: 1, Text: text}, unknown) {
			for _, f := range s.figures {
				got = append(got, f.raw)
			}
		}
		if joined := strings.Join(got, " | "); joined != want {
			t.Errorf("%s\n got %s\nwant %s", text, joined, want)
		}
	}
}

// A number (below those that look like an internet address) that is printed in a notation is read back in it as the same number.
func TestPrintedNumbersAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom([]notation{indonesian, english}).Draw(t, "notation")
		decimals := rapid.IntRange(0, 4).Draw(t, "decimals")
		value := float64(rapid.Int64Range(-9_999_999_999, 9_999_999_999).Draw(t, "digits")) / math.Pow10(decimals)
		f, kind := parseCell(printed(in, value, decimals))
		if kind != figureCell {
			t.Fatalf("%s is not read", printed(in, value, decimals))
		}
		f.read(in, 1)
		if math.Abs(f.val-value) > 1e-9*math.Max(1, math.Abs(value)) {
			t.Fatalf("%s is read as %v, not %v", printed(in, value, decimals), f.val, value)
		}
	})
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"22.376", "1.234,5", "Rp 2,32 triliun", "42 (29,37%)", "(1.250)", "297 434", "−4,00%", "1,23,456", "[c]", "99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		figure, kind := parseCell(text)
		if kind != figureCell {
			return
		}
		for _, in := range []notation{indonesian, english} {
			figure.read(in, 1)
			if math.IsNaN(figure.val) || math.IsInf(figure.val, 0) || figure.half < 0 {
				t.Errorf("%q: %v ± %v", text, figure.val, figure.half)
			}
			if figure.says != unknown || !figure.open {
				other := figure
				other.read(in.other(), 1)
				if other.val != figure.val {
					t.Errorf("%q proves its notation, and is %v or %v", text, figure.val, other.val)
				}
			}
		}
	})
}
