package transforms

import "testing"

// Statistical offices write times in many ways; each is read as one.
func TestSpans(t *testing.T) {
	for text, want := range map[string]string{
		"2024": "2024 year", "2024.0": "2024 year", "2024-A1": "2024 year", "2024-S1": "2024-H1 half", "2024H2": "2024-H2 half",
		"2024Q1": "2024-Q1 quarter", "2016_2Q": "2016-Q2 quarter", "2024M03": "2024-03 month", "2024-03": "2024-03 month",
		"2024-03-31": "2024-03-31 day", "2019-02-28T00:00:00": "2019-02-28 day",
		"": "", "24": "", "2024.5": "", "2024-13": "", "20240": "",
	} {
		got := ""
		if s, ok := readSpan(text); ok {
			got = s.text + " " + s.kind
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
