package transforms_test

import (
	"fmt"
	"os"

	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/transforms/privacy"
)

// letter is a batch of one record that someone typed.
type letter map[string]string

func (l letter) Header() []string       { return []string{"nomor", "negara", "tanggal"} }
func (l letter) Len() int               { return 1 }
func (l letter) Cell(_, col int) string { return l[l.Header()[col]] }
func (l letter) RowNo(int) int64        { return 1 }
func (l letter) Place(int) string       { return "line 2" }
func (l letter) Fault(int) (code, message string) {
	return "", ""
}

// A dataset is bound to a feed's mapping once; batches then become rows or rejects.
func Example() {
	lists, err := transforms.LoadLists(os.DirFS("../configs/reference"))
	if err != nil {
		fmt.Println(err)
		return
	}
	placements, _ := transforms.Lookup("placements")
	normaliser, err := placements.Bind(
		&transforms.Env{Lists: lists, Tokens: privacy.NewTokenizer(privacy.DemoKeys())},
		transforms.Mapping{Source: "letters", Feed: "letters", Fields: map[string]string{
			"placement_id": "nomor", "country": "negara", "completed_on": "tanggal",
		}})
	if err != nil {
		fmt.Println(err)
		return
	}
	rows := placements.NewRows()
	for _, l := range []letter{
		{"nomor": "P-1", "negara": "Hongkong", "tanggal": "17 Agustus 2024"},
		{"nomor": "P-2", "negara": "Hongkoong", "tanggal": "31-02-2024"},
	} {
		rejects, err := normaliser.Normalise(l, [16]byte{}, rows)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, r := range rejects {
			for _, p := range r.Problems {
				fmt.Println(p)
			}
		}
	}
	for _, p := range rows.Split() {
		fmt.Println(p.Period, p.Rows.Len())
	}
	// Output:
	// unknown_code: country "Hongkoong": not in the country list; nearest is Hong Kong (HKG); add an alias to codes: in the feed or correct the source
	// impossible_date: completed_on "31-02-2024": no such day in the calendar; correct the source
	// 2024-08 1
}
