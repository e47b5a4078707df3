package content

import (
	"slices"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
)

// ReachOf is what a book must hold for reports on subjects: of members the periods of the report,
// those before it and of the year before, of every breakdown that is drawn over time all periods,
// and of the members that reports are about likewise.
func ReachOf(reports []configs.Report, subjects ...Subject) Reach {
	reach := Reach{Members: map[string][]string{}}
	for _, s := range subjects {
		for _, kind := range []string{"month", "quarter", "year"} {
			p := containing(s.Period, kind)
			for _, back := range []int{0, p.Months(), 12, 24} {
				if shifted := p.Shift(-back); !slices.Contains(reach.Periods, shifted) {
					reach.Periods = append(reach.Periods, shifted)
				}
			}
		}
		if s.Member != "" && !slices.Contains(reach.Members[s.Breakdown], s.Member) {
			reach.Members[s.Breakdown] = append(reach.Members[s.Breakdown], s.Member)
		}
	}
	for _, report := range reports {
		reach.tables(report, subjects)
		for _, section := range report.Sections {
			for _, block := range section.Blocks {
				var s kpiSettings
				if block.Kind != "kpi" || block.Decode(&s) != nil || !slices.Contains(s.Charts, "multiples") || len(s.By) == 0 {
					continue
				}
				if !slices.Contains(reach.Breakdowns, s.By[0]) {
					reach.Breakdowns = append(reach.Breakdowns, s.By[0])
				}
			}
		}
	}
	return reach
}

// filters are what the reach is read by.
func (r Reach) filters() []figures.Filter {
	var all []figures.Filter
	if len(r.Periods) > 0 {
		all = append(all, figures.Filter{Periods: r.Periods})
	}
	for _, breakdown := range r.Breakdowns {
		all = append(all, figures.Filter{Breakdown: breakdown})
	}
	for breakdown, members := range r.Members {
		for _, member := range members {
			all = append(all, figures.Filter{Breakdown: breakdown, Member: member})
		}
	}
	return all
}
