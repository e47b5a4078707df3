package content

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
)

// Subjects are what reports of a kind are about in a period: every province, every destination with placements in the year,
// every partner of the founding meeting; the nation where a kind is about none of them.
func Subjects(ctx context.Context, release *figures.Release, report configs.Report, period figures.Period) ([]Subject, error) {
	found := map[string]bool{}
	switch report.Per {
	case "":
		return []Subject{{Period: period}}, nil
	case "partner":
		for code := range touches {
			found[code] = true
		}
	case "country":
		list, err := release.List(ctx, figures.Filter{KPI: "PLC-01", Measure: "services", Breakdown: "country", Periods: []figures.Period{containing(period, "year")}})
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			found[f.Address.Member] = true
		}
	default:
		names, err := release.NamesOf(ctx, []string{report.Per})
		if err != nil {
			return nil, err
		}
		for code := range names[report.Per] {
			found[code] = true
		}
	}
	var all []Subject
	for _, member := range slices.Sorted(maps.Keys(found)) {
		if !strings.HasSuffix(member, unknownMember) {
			all = append(all, Subject{Period: period, Breakdown: report.Per, Member: member})
		}
	}
	return all, nil
}

// tables adds to a reach what the tables of counts read: of every member the months of three years up to the report month
// where that is not December, whose years speak for them.
func (r *Reach) tables(report configs.Report, subjects []Subject) {
	reads := slices.ContainsFunc(report.Sections, func(s configs.ReportSection) bool {
		return slices.ContainsFunc(s.Blocks, func(b configs.Section) bool {
			return slices.Contains([]string{"bulletin", "among", "regencies", "funnel"}, b.Kind)
		})
	})
	if !reads {
		return
	}
	add := func(p figures.Period) {
		if !slices.Contains(r.Periods, p) {
			r.Periods = append(r.Periods, p)
		}
	}
	for _, s := range subjects {
		month := monthPeriod(s.Period.End.AddDate(0, -1, 0))
		add(month)
		add(month.Shift(-1))
		add(month.Shift(-12))
		for back := range yearsBeside + 1 {
			year := time.Date(month.Start.Year()-back, 1, 1, 0, 0, 0, 0, time.UTC)
			add(figures.Period{Type: "year", Start: year, End: year.AddDate(1, 0, 0)})
			for _, p := range (desk{month: month}).upTo(year.Year()) {
				if back < yearsBeside {
					add(p)
				}
			}
		}
	}
}

// bulletinSettings are the tables of the bulletin that a report has.
type bulletinSettings struct {
	Charts bool     `yaml:"charts" doc:"Whether the tables have charts: yes where no other block of the report draws the same."`
	Tables []string `yaml:"tables" one:"P1|P2|P3|P4|P5|P5C|P6|P7|P8|P8K|P9|P10|P11|P11U|C1|C2|C3|C4|C5|C6|C7|C8|C9|A1|A1N|A1P|R1|R1C" doc:"Tables of the monthly bulletin by their codes. Left out: all of them, in its order."`
}

func writeBulletin(w *writer, s *bulletinSettings) error {
	if w.subject.Member != "" {
		return fmt.Errorf("the bulletin's tables are about the whole country; a report about one %s has %q, %q and %q", w.subject.Breakdown, "placements", "among", "indicators")
	}
	blocks := w.desk().bulletinTables(s.Tables...)
	if !s.Charts {
		blocks = withoutCharts(blocks)
	}
	w.add(blocks...)
	return nil
}

// withoutCharts leaves charts out, and keeps the tables behind them.
func withoutCharts(blocks []document.Block) (kept []document.Block) {
	for _, b := range blocks {
		if chart, drawn := b.(*document.Chart); drawn {
			if chart.Table != nil {
				kept = append(kept, chart.Table)
			}
			continue
		}
		kept = append(kept, b)
	}
	return kept
}

func writePlacements(w *writer, _ *nothing) error {
	w.add(w.desk().placements()...)
	return nil
}

func writeAmong(w *writer, _ *nothing) error {
	if err := w.aboutOne("province", "country"); err != nil {
		return err
	}
	w.add(w.desk().among()...)
	return nil
}

func writeRegencies(w *writer, _ *nothing) error {
	if err := w.aboutOne("province"); err != nil {
		return err
	}
	w.add(w.desk().regencies()...)
	return nil
}

func writeIndicators(w *writer, _ *nothing) error {
	if err := w.aboutOne("province", "country", "partner"); err != nil {
		return err
	}
	w.add(w.desk().indicators())
	return nil
}

func writeFunnel(w *writer, _ *nothing) error {
	d := w.desk()
	w.add(d.funnels(d.subject)...)
	return nil
}

func writeMoney(w *writer, _ *nothing) error {
	if err := w.aboutOne("partner"); err != nil {
		return err
	}
	w.add(w.desk().money()...)
	return nil
}

func writeProgrammes(w *writer, _ *nothing) error {
	if err := w.aboutOne("partner"); err != nil {
		return err
	}
	w.add(w.desk().programmes(), w.desk().promises())
	return nil
}

func writeTouched(w *writer, _ *nothing) error {
	if err := w.aboutOne("partner"); err != nil {
		return err
	}
	w.add(w.desk().touched())
	return nil
}

// aboutOne refuses a block in a report that is not about one of what the block is about.
func (w *writer) aboutOne(breakdowns ...string) error {
	if !slices.Contains(breakdowns, w.subject.Breakdown) || w.subject.Member == "" {
		return fmt.Errorf("the block is about one %s; the report is about %s", strings.Join(breakdowns, " or "), perWords(w.subject.Breakdown))
	}
	return nil
}
