package connectors

import (
	"strings"
	"testing"
	"time"
)

func TestNextLink(t *testing.T) {
	for _, c := range []struct {
		headers []string
		want    string
	}{
		{[]string{`<https://a/2>; rel="next"`}, "https://a/2"},
		{[]string{`<https://a/1>; rel=prev, <https://a/3?x=1,2>; rel=next`}, "https://a/3?x=1,2"},
		{[]string{`</1>; rel="prev"`, `</3>; title="a, \"b\"; <c>"; rel="last next"`}, "/3"},
		{[]string{`</2>;rel = NEXT;rel=prev`}, "/2"},
		{[]string{`</2>; rel=prev; rel=next`}, ""},
		{[]string{`</2>; rel="nextish"`}, ""},
		{[]string{`</2; rel=next`}, ""},
		{[]string{`rel=next`, ``, `<>`, `<x>;`, `<x>;;;,`}, ""},
		{nil, ""},
	} {
		if got := nextLink(c.headers); got != c.want {
			t.Errorf("%q: %q, want %q", c.headers, got, c.want)
		}
	}
}

func FuzzNextLink(f *testing.F) {
	for _, seed := range []string{`<a>; rel="next"`, `<a>; rel=prev, <b>; title="\"", rel=next`, `<;,=">`, `<a>;rel`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		got := nextLink([]string{header})
		if !strings.Contains(header, got) {
			t.Errorf("%q is not in the header", got)
		}
		if got != "" && !strings.Contains(strings.ToLower(header), "next") {
			t.Error("a link from nothing")
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		in   string
		want time.Duration
		ok   bool
	}{
		{"0", 0, true}, {" 120 ", 2 * time.Minute, true},
		{"Thu, 15 Jan 2026 03:00:30 GMT", 30 * time.Second, true},
		{"Thursday, 15-Jan-26 03:01:00 GMT", time.Minute, true},
		{"Thu Jan 15 03:02:00 2026", 2 * time.Minute, true},
		{"Wed, 14 Jan 2026 03:00:00 GMT", 0, true},
		{"", 0, false}, {"-5", 0, false}, {"1.5", 0, false}, {"soon", 0, false}, {"99999999999999999999", 0, false},
	} {
		if got, ok := retryAfter(c.in, now); got != c.want || ok != c.ok {
			t.Errorf("%q: %v %v, want %v %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"0", "2147483647", "Thu, 15 Jan 2026 03:00:30 GMT", "-1", "1e9", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, header string, failed int) {
		asked, ok := retryAfter(header, time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC))
		if asked < 0 {
			t.Errorf("a wait of %v", asked)
		}
		for _, jitter := range []bool{false, true} {
			if wait := waitBefore(max(failed, 1), asked, ok, 2*time.Minute, jitter); wait < time.Second || wait > 2*time.Minute {
				t.Errorf("a wait of %v", wait)
			}
		}
	})
}

func TestMatchGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"**", "a", true}, {"**", "a/b/c", true}, {"*", "a/b", false}, {"*.csv", "a.csv", true}, {"*.csv", "x/a.csv", false},
		{"**/*.csv", "a.csv", true}, {"**/*.csv", "x/y/a.csv", true}, {"x/**/a.csv", "x/a.csv", true}, {"x/**/a.csv", "x/1/2/a.csv", true},
		{"x/**/y/**/z", "x/1/y/2/y/z", true}, {"x/**/y/**/z", "x/1/2/z", false}, {"x/**", "x", true}, {"x/**", "y/x", false},
		{"[ab]?.csv", "a1.csv", true}, {"[ab]?.csv", "c1.csv", false}, {"a.csv", "A.csv", false}, {"**/**/a", "a", true},
	} {
		if got := MatchGlob(c.pattern, c.name); got != c.want {
			t.Errorf("%s on %s: %v", c.pattern, c.name, got)
		}
	}
	// Many stars must not make matching slow.
	if MatchGlob(strings.Repeat("**/a/", 30)+"b", strings.Repeat("a/", 200)+"c") {
		t.Error("matched")
	}
}

func TestParseInstant(t *testing.T) {
	want := time.Date(2026, 1, 15, 1, 30, 0, 0, time.UTC)
	for _, text := range []string{"2026-01-15T08:30:00+07:00", "2026-01-15T01:30:00Z", "2026-01-15T08:30:00", "2026-01-15 08:30:00.000", "2026-01-15 08:30:00+07:00", "1768440600", "1768440600000"} {
		got, err := parseInstant(text)
		if err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", text, got.Time, err)
			continue
		}
		// What is written back is the same instant again, in the same form.
		back, err := parseInstant(got.write(got.Add(-time.Hour)))
		if err != nil || !back.Equal(want.Add(-time.Hour)) {
			t.Errorf("%s: an hour earlier is written %s", text, got.write(got.Add(-time.Hour)))
		}
	}
	for _, text := range []string{"", "kemarin", "15/01/2026", "-5", "12345678901"} {
		if got, err := parseInstant(text); err == nil {
			t.Errorf("%q passes as %v", text, got.Time)
		}
	}
}

func TestFormatInstant(t *testing.T) {
	at := time.Date(2026, 1, 14, 20, 30, 0, 500e6, time.UTC)
	for format, want := range map[string]string{
		"rfc3339": "2026-01-14T20:30:00.5Z", "datetime": "2026-01-15 03:30:00", "date": "2026-01-15", "unix": "1768422600", "unix_ms": "1768422600500",
	} {
		if got := formatInstant(at, format); got != want {
			t.Errorf("%s: %s, want %s", format, got, want)
		}
	}
}
