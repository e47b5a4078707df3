package figures_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
)

// remarked says whether a verdict carries a remark of that code and these words.
func remarked(v figures.Verdict, code, words string) bool {
	for _, m := range v.Remarks {
		if m.Code == code && strings.Contains(m.Text.EN, words) && m.Text.ID != "" {
			return true
		}
	}
	return false
}

// TestTheTrapsOfThePrintsAreNoticed goes through what the ministry's publications and those who quote them got wrong.
// What a print gives away about itself is said whether or not the release has a figure to compare with.
func TestTheTrapsOfThePrintsAreNoticed(t *testing.T) {
	got := reconcile(t)
	for _, c := range []struct {
		trap  string
		no    int
		code  string
		words string
	}{
		{"the schemes of 2022 are short of their total", 35, "parts_do_not_add_up", "189,337 of a total of 200,761 (11,424 apart)"},
		{"so they are for a scheme that happens to be equal", 38, "parts_do_not_add_up", "11,424"},
		{"the schemes of 2023 are short too", 47, "parts_do_not_add_up", "387 apart"},
		{"the sexes of half of 2021, outside the data of the release", 142, "parts_do_not_add_up", "5,884 apart"},
		{"the channels of 2017, by the note beside them", 322, "parts_do_not_add_up", "2,944 of a total of 2,949"},
		{"the marital states of 2021 are one too many", 20, "parts_do_not_add_up", "72,625 of a total of 72,624"},
		{"a block of education that belongs to another year", 23, "block_of_another_year", "113,174"},
		{"29.37% is a share and no growth", 645, "share_printed_as_growth", "the share of 42 in 143"},
		{"complaints since the beginning shown as those of 2024", 436, "cumulative_shown_as_annual", "at most 1,500"},
		{"two targets for 2025", 614, "printed_differently_elsewhere", "S61 prints 259,000"},
		{"the other of the two", 615, "printed_differently_elsewhere", "S49 prints 425,000"},
		{"534 thousand services in 2024", 646, "printed_differently_elsewhere", "S03 prints 297,434"},
		{"totals that differ by one between issues", 152, "printed_differently_elsewhere", "S19 prints 7,071"},
		{"rupiah totals of one year at other rates", 551, "printed_differently_elsewhere", "262.3"},
		{"two counts of complaints for 2019", 1, "printed_differently_elsewhere", "S33 prints 5,108"},
	} {
		if v := got.Verdicts[c.no-1]; !remarked(v, c.code, c.words) {
			t.Errorf("%s: figure %d says %+v, want %s %q", c.trap, c.no, v.Remarks, c.code, c.words)
		}
	}
	for _, no := range []int{42, 116, 371, 391, 394, 547, 617} { // nothing is wrong with these
		for _, m := range got.Verdicts[no-1].Remarks {
			if m.Code != "printed_differently_elsewhere" {
				t.Errorf("figure %d: %+v", no, m)
			}
		}
	}
}

// TestTrapsOfOtherKindsAreReasons: the rest of the traps that are figures are told by the reason of the verdict.
func TestTrapsOfOtherKindsAreReasons(t *testing.T) {
	got := reconcile(t)
	for _, c := range []struct {
		trap   string
		no     int
		reason string
	}{
		{"2023 was revised by eight per cent", 41, "revision"},
		{"a digit was dropped in the minister's paper", 84, "suspected_misprint"},
		{"1.7% resolved of all complaints since 2017 is no cohort", 449, "different_definition"},
		{"a stock by name is no flow", 450, "stock_not_held"},
	} {
		if v := got.Verdicts[c.no-1]; v.ReasonCode != c.reason {
			t.Errorf("%s: figure %d has the reason %q, want %q", c.trap, c.no, v.ReasonCode, c.reason)
		}
	}
}

// TestARowOfAMonthIsNoTotalOfTheYear: tables of a year may list its months or quarters beside its members.
func TestARowOfAMonthIsNoTotalOfTheYear(t *testing.T) {
	release, err := figures.Open(context.Background(), figurestest.Late(t))
	if err != nil {
		t.Fatal(err)
	}
	row := func(no int64, kind, breakdown, dimension, code string, value float64) figures.Published {
		return figures.Published{No: no, PeriodText: "2023", Kind: kind, Measure: "deportasi", Breakdown: breakdown, Dimension: dimension, Code: code, Value: value, Unit: "orang", Publication: "S"}
	}
	got, err := figures.Reconcile(context.Background(), release, nil, []figures.Published{
		row(1, "year", "bulan=total", "total", "", 30), row(2, "month", "bulan=12", "total", "", 5),
		row(3, "year", "kelamin=L", "sex", "L", 20), row(4, "year", "kelamin=P", "sex", "P", 10)})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range got.Verdicts {
		if len(v.Remarks) > 0 {
			t.Errorf("figure %d: %+v", v.No, v.Remarks)
		}
	}
}

// TestThousandsDotsReadAsDecimalsAreNoticed prints figures of the small release as they come out of a sheet whose dots
// were taken for decimal points.
func TestThousandsDotsReadAsDecimalsAreNoticed(t *testing.T) {
	for _, c := range []struct {
		row  string
		want string // the number that was meant; "" when nothing is wrong
	}{
		{"1,2023,penempatan,total,297.108,orang,,S,", "297,108"},
		{"1,2025-03,pengaduan,total,1.71,kasus,,S,", "1,710"},
		{"1,2023,penempatan,total,297,orang,,S,", "297,000"}, // no decimals left, but a thousandth of what is computed
		{"1,2023,penempatan,total,297108,orang,,S,", ""},
		{"1,2025-03,pengaduan,total,171,kasus,,S,", ""},
		{"1,2023,penempatan,formal share,55.6,%,,S,", ""},
		{"1,2023,remitansi,total,14.22,miliar USD,,S,", ""},
	} {
		path := filepath.Join(t.TempDir(), "published.csv")
		if err := os.WriteFile(path, []byte("no,period,measure,breakdown,value,unit,vintage,source,flag\n"+c.row+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		db := figurestest.Late(t)
		figurestest.Publish(t, db, path)
		release, err := figures.Open(context.Background(), db)
		if err != nil {
			t.Fatal(err)
		}
		published, err := release.PublishedFigures(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		got, err := figures.Reconcile(context.Background(), release, nil, published)
		if err != nil {
			t.Fatal(err)
		}
		v := got.Verdicts[0]
		if noticed := remarked(v, "thousands_dot_read_as_decimal", "("+c.want+")"); noticed != (c.want != "") {
			t.Errorf("%s: %+v, want %q", c.row, v.Remarks, c.want)
		}
	}
}
