package pipelines

import (
	"strings"
	"testing"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

func TestObjectsWhoseNamesDifferInDigitsAreOfOneKind(t *testing.T) {
	for name, want := range map[string]string{
		"2024-01.csv": "#-#.csv", "placements/page-000003.json": "placements/page-#.json", "jatim_2023_final.xlsx": "jatim_#_final.xlsx", "a.csv": "a.csv",
	} {
		if got := objectPattern(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Every change of a header is named once, with what it was probably renamed to and who reads it.
func TestDifferencesOfHeadersAreNamedOnce(t *testing.T) {
	d, _ := transforms.Lookup("cases")
	feed := &configs.Feed{Name: "loket_cases", Source: &configs.Source{Name: "loket"},
		Fields: map[string]string{"category": "Jenis Masalah", "received_at": "Tanggal"}, Ignore: []string{"No"}}
	w := &headerWatch{r: &feedRun{feed: feed, dataset: d}}
	columns := func(text string) (list []lake.HeaderColumn) {
		for one := range strings.SplitSeq(text, ",") {
			name, form, _ := strings.Cut(one, "=")
			list = append(list, lake.HeaderColumn{Name: name, Form: form})
		}
		return list
	}
	for _, tt := range []struct{ before, now, want string }{
		{"Tanggal=day,No", "TANGGAL=day,no", ""},
		{"No,Tanggal=text", "Tanggal=day and time", `"No" is gone (left out on purpose); "Tanggal" was text and is day and time`},
		{"Jenis Masalah", "Jenis Permasalahan", `"Jenis Masalah" is gone (category reads it), nearest is the new "Jenis Permasalahan" (no field reads it; it stays in the landing)`},
		{"Tanggal", "Tanggal,Media", `"Media" is new (no field reads it; it stays in the landing)`},
		{"Tanggal=text", "Tanggal=", ""},
	} {
		if got := w.differences(columns(tt.before), columns(tt.now)); got != tt.want {
			t.Errorf("%s to %s:\n got %s\nwant %s", tt.before, tt.now, got, tt.want)
		}
	}
}

func TestAVolumeOutsideItsBandIsAWarning(t *testing.T) {
	feed := &configs.Feed{Name: "f", Source: &configs.Source{Contact: "data@example.org"}, Volume: configs.Volume{Min: 10, Max: 20}}
	for records, want := range map[int64]string{9: "fewer than volume.min: 10", 10: "", 20: "", 21: "more than volume.max: 20"} {
		r := &feedRun{feed: feed, report: &FeedReport{Records: records}}
		if got := strings.Join(r.volumeWarnings(), " "); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%d records: %q", records, got)
		}
	}
}
