package figures

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func ExampleParseAddress() {
	a, _ := ParseAddress("PLC-01.persons/2024-10/country=HKG@r000003")
	fmt.Println(a.KPI, a.Measure, a.Period, a.Breakdown, a.Member, a.Release)
	// Output: PLC-01 persons 2024-10 country HKG r000003
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]Address{
		"PLC-01/2024":                         {KPI: "PLC-01", Period: "2024"},
		"PLC-01.persons/2024-Q4":              {KPI: "PLC-01", Measure: "persons", Period: "2024-Q4"},
		"CMP-03.within_90/2024-01@r000001":    {KPI: "CMP-03", Measure: "within_90", Period: "2024-01", Release: "r000001"},
		"PLC-01/2024-10/unit=BP3MI%20Jakarta": {KPI: "PLC-01", Period: "2024-10", Breakdown: "unit", Member: "BP3MI Jakarta"},
		"PLC-01/2024/x=a%2Fb%40c":             {KPI: "PLC-01", Period: "2024", Breakdown: "x", Member: "a/b@c"},
	} {
		got, err := ParseAddress(text)
		if err != nil || got != want {
			t.Errorf("ParseAddress(%q) = %+v, %v", text, got, err)
		}
		if got.String() != text {
			t.Errorf("%q prints as %q", text, got.String())
		}
	}
}

func TestAddressRefuses(t *testing.T) {
	for text, remedy := range map[string]string{
		"":                        "write KPI",
		"PLC-01":                  "write KPI",
		"PLC-01/2024/a=b/c":       "write KPI",
		"plc-01/2024":             "three capital letters",
		"PLC-1/2024":              "three capital letters",
		"PLC-01./2024":            "a measure is",
		"PLC-01.Persons/2024":     "a measure is",
		"PLC-01/2024-13":          "a period is",
		"PLC-01/2024-Q5":          "a period is",
		"PLC-01/24":               "a period is",
		"PLC-01/2024/country":     "name=member",
		"PLC-01/2024/country=":    "empty or wrongly escaped",
		"PLC-01/2024/country=%zz": "empty or wrongly escaped",
		"PLC-01/2024/total=x":     "leave it out",
		"PLC-01/2024@":            "after @",
	} {
		if _, err := ParseAddress(text); err == nil || !strings.Contains(err.Error(), remedy) {
			t.Errorf("ParseAddress(%q): error %v, want one that says %q", text, err, remedy)
		}
	}
}

func TestPeriodKnowsItsNameAndLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(1000, 9998).Draw(t, "year")
		text := fmt.Sprintf("%04d", year)
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 1:
			text += fmt.Sprintf("-Q%d", rapid.IntRange(1, 4).Draw(t, "quarter"))
		case 2:
			text += fmt.Sprintf("-%02d", rapid.IntRange(1, 12).Draw(t, "month"))
		}
		p, err := ParsePeriod(text)
		if err != nil || p.String() != text {
			t.Fatalf("%q reads as %v (%v)", text, p, err)
		}
		if want := map[string]int{"month": 1, "quarter": 3, "year": 12}[p.Type]; p.Months() != want {
			t.Fatalf("%q has %d months, want %d", text, p.Months(), want)
		}
		if again := periodOf(p.Start, p.End); again != p {
			t.Fatalf("%q taken for %v", text, again)
		}
	})
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"PLC-01/2024", "PLC-01.persons/2024-10/country=HKG@r000003", "A@b@c", "PLC-01/2024/a=%00", "///=@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAddress(text)
		if err != nil {
			return
		}
		again, err := ParseAddress(a.String())
		if err != nil || again != a {
			t.Fatalf("%q -> %+v -> %q -> %+v (%v)", text, a, a.String(), again, err)
		}
	})
}
