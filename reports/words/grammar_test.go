package words

import "testing"

// A change is a rise or a fall only where it exceeds what the figure is usually revised by.
func TestMoveBy(t *testing.T) {
	for _, c := range []struct {
		change, threshold float64
		want              Move
		id, en            string
	}{
		{5.2, 2, Up, "naik dari", "up from"},
		{-5.2, 2, Down, "turun dari", "down from"},
		{2, 2, Little, "hampir tidak berubah dari", "little changed from"},
		{-2, 2, Little, "hampir tidak berubah dari", "little changed from"},
		{2.01, 2, Up, "naik dari", "up from"},
		{0, 2, Same, "sama dengan", "the same as"},
		{0, 0, Same, "sama dengan", "the same as"},
		{0.001, 0, Up, "naik dari", "up from"},
	} {
		m := MoveBy(c.change, c.threshold)
		if m != c.want || Indonesian.Moved(m) != c.id || English.Moved(m) != c.en {
			t.Errorf("%v against %v is %q: %q, %q", c.change, c.threshold, m, Indonesian.Moved(m), English.Moved(m))
		}
	}
	for m, want := range map[Move][2]string{Up: {"dari", "from"}, Down: {"dari", "from"}, Little: {"dari", "from"}, Same: {"", ""}} {
		if got := [2]string{Indonesian.Again(m), English.Again(m)}; got != want {
			t.Errorf("a second time %s: %q", m, got)
		}
	}
}

func TestListsAreJoined(t *testing.T) {
	for _, c := range []struct {
		items  []string
		id, en string
	}{
		{nil, "", ""},
		{[]string{"A"}, "A", "A"},
		{[]string{"A", "B"}, "A dan B", "A and B"},
		{[]string{"A", "B", "C"}, "A, B, dan C", "A, B, and C"},
		{[]string{"A", "B", "C", "D"}, "A, B, C, dan D", "A, B, C, and D"},
	} {
		if id, en := Indonesian.List(c.items), English.List(c.items); id != c.id || en != c.en {
			t.Errorf("%v: %q, %q", c.items, id, en)
		}
	}
}

// English words agree with their number; Indonesian ones have one form.
func TestUnitsAgreeWithTheirValue(t *testing.T) {
	for _, c := range []struct {
		unit   string
		value  float64
		id, en string
	}{
		{"services", 1, "layanan", "service"}, {"services", 2, "layanan", "services"}, {"services", 0, "layanan", "services"}, {"orang", 1, "orang", "person"},
		{"days", 1, "hari", "day"}, {"hari", 1.5, "hari", "days"}, {"%", 1, "", ""}, {"juta USD", 1, "", ""}, {"per 10.000", 1, "per 10.000 penempatan", "per 10,000 placements"},
	} {
		if id, en := Indonesian.UnitOf(c.unit, c.value), English.UnitOf(c.unit, c.value); id != c.id || en != c.en {
			t.Errorf("%v %s: %q, %q", c.value, c.unit, id, en)
		}
	}
}

func TestNumbersAndPeriodsInBothLanguages(t *testing.T) {
	for _, c := range []struct {
		what   string
		of     func(Language) string
		id, en string
	}{
		{"a count", func(l Language) string { return l.Value("services", 1234567) }, "1.234.567", "1,234,567"},
		{"a decimal", func(l Language) string { return l.Number(1234.5, 1) }, "1.234,5", "1,234.5"},
		{"a share", func(l Language) string { return l.Value("%", 71.44) }, "71,4%", "71.4%"},
		{"rupiah in trillions", func(l Language) string { return l.Value("IDR", 349.4e12) }, "Rp349,40 triliun", "Rp349.40 trillion"},
		{"rupiah in billions", func(l Language) string { return l.Value("miliar IDR", 64) }, "Rp64,00 miliar", "Rp64.00 billion"},
		{"rupiah in millions", func(l Language) string { return l.Value("IDR", 10401234) }, "Rp10,40 juta", "Rp10.40 million"},
		{"dollars", func(l Language) string { return l.Value("juta USD", 15700) }, "US$15,70 miliar", "US$15.70 billion"},
		{"a change in per cent", func(l Language) string { return l.PercentChange(-3.14) }, "−3,1%", "−3.1%"},
		{"a change of a share", func(l Language) string { return l.Change("%", 2.1) }, "+2,1 poin persen", "+2.1 percentage points"},
		{"a change of a count", func(l Language) string { return l.Change("persons", -12) }, "−12", "−12"},
		{"no change", func(l Language) string { return l.PercentChange(0) }, "0,0%", "0.0%"},
		{"a month", func(l Language) string { return l.In("2025-12") }, "Desember 2025", "in December 2025"},
		{"a quarter", func(l Language) string { return l.In("2025-Q4") }, "triwulan 4 2025", "in quarter 4 2025"},
		{"a year", func(l Language) string { return l.In("2025") }, "2025", "in 2025"},
		{"a sentence", func(l Language) string { return Capital("naik") + Capital("é") }, "NaikÉ", "NaikÉ"},
	} {
		if id, en := c.of(Indonesian), c.of(English); id != c.id || en != c.en {
			t.Errorf("%s: %q, %q", c.what, id, en)
		}
	}
}
