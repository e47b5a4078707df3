package figures_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
)

const publishedCSV = "../configs/reference/published_figures.csv"

// project is the releases that the tests read: before and after the revision of 2023.
func project(t testing.TB) (early, late *figures.Release, history figures.History) {
	t.Helper()
	var err error
	if early, err = figures.Open(context.Background(), figurestest.Early(t)); err != nil {
		t.Fatal(err)
	}
	last := figurestest.Late(t)
	figurestest.Publish(t, last, publishedCSV)
	if late, err = figures.Open(context.Background(), last); err != nil {
		t.Fatal(err)
	}
	return early, late, figures.NewHistory(late, early)
}

func address(t testing.TB, text string) figures.Address {
	t.Helper()
	a, err := figures.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAFigureIsReadAsItWasKnown(t *testing.T) {
	_, _, history := project(t)
	for _, c := range []struct {
		address string
		asOf    string
		want    float64
	}{
		{"PLC-01/2023", "2024-02-01", 274965},
		{"PLC-01/2023", "2026-01-15", 297108},
		{"PLC-01/2023", "", 297108},
		{"PLC-01/2023@r000001", "", 274965},
		{"PLC-01/2023/country=HKG", "", 88167},
		{"PLC-01/2023/country=HKG", "2024-02-01", 65916},
	} {
		asOf := time.Time{}
		if c.asOf != "" {
			asOf, _ = time.Parse(time.DateOnly, c.asOf)
		}
		got, err := history.Value(context.Background(), address(t, c.address), asOf)
		if err != nil || got.Value == nil || *got.Value != c.want {
			t.Errorf("%s as of %q = %+v, %v; want %v", c.address, c.asOf, got, err, c.want)
		}
	}
}

func TestAMissingFigureIsAnErrorThatSaysWhatThereIs(t *testing.T) {
	_, _, history := project(t)
	for text, want := range map[string]string{
		"PLC-01/2019":             "reaches from 2022 to 2025",
		"PLC-99/2023":             "no such KPI; there are CMP-01",
		"PLC-01.weight/2023":      "PLC-01 has services, departures, persons",
		"PLC-01/2023/moon=X":      "nothing by moon and year",
		"PLC-01/2023/country=XXX": "has 15 members",
		"PLC-01/2023@r9":          "no such release",
	} {
		_, err := history.Value(context.Background(), address(t, text), time.Time{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
	_, err := history.Value(context.Background(), address(t, "PLC-01/2019"), time.Time{})
	if !errors.Is(err, figures.ErrNoFigure) {
		t.Errorf("%v is not ErrNoFigure", err)
	}
	if _, err := history.At(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)); err == nil || !strings.Contains(err.Error(), "2024-01-15") {
		t.Errorf("as of 2020: %v", err)
	}
}

func TestAValueThatIsNotAvailableIsNotZero(t *testing.T) {
	_, late, _ := project(t)
	got, err := late.Value(context.Background(), address(t, "CMP-03/2025-12"))
	if err != nil || got.Value != nil || got.Status != figures.NotAvailable {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestListingNarrows(t *testing.T) {
	_, late, _ := project(t)
	from := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	list, err := late.List(context.Background(), figures.Filter{KPI: "PLC-01", Measure: "services", PeriodType: "month", Breakdown: "total", From: from})
	if err != nil || len(list) != 12 || list[0].Address.String() != "PLC-01.services/2025-01@r000003" {
		t.Fatalf("%d figures, first %+v, %v", len(list), list[0].Address, err)
	}
}
