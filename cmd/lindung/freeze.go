package main

import (
	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/warehouse"
)

func (a *app) freezeCommand() *cobra.Command {
	var note string
	c := &cobra.Command{
		Use:   "freeze [MONTH]",
		Short: "Keep a month's figures as they were printed; without a month: list the frozen ones",
		Long: `Binds a month to the current release, once and for all. From then on "lindung kpi value"
answers with the figures that were printed, and says beside them what is known now; the
table meta.frozen_figures of every later release lists both. Figures of quarters and years
are not frozen: they follow what is known.`,
		Example: `  lindung freeze 2025-12 --note "Buletin Desember 2025"
  lindung query "select * from meta.frozen_figures where revision <> 0"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				all, err := r.Releases.Frozen()
				if err != nil {
					return err
				}
				return a.printFrozen(all)
			}
			month, err := parseMonth(args[0])
			if err != nil {
				return err
			}
			f, err := r.Freeze(c.Context(), month, note)
			if err != nil {
				return err
			}
			return a.printFrozen([]warehouse.Frozen{*f})
		},
	}
	c.Flags().StringVar(&note, "note", "", "what printed the figures, such as the bulletin's title")
	return c
}

func (a *app) printFrozen(all []warehouse.Frozen) error {
	if a.output == "json" {
		return a.printJSON(list(all))
	}
	var rows [][]string
	for _, f := range all {
		rows = append(rows, []string{f.Month, f.Release, f.FrozenAt.In(jakarta()).Format("2006-01-02"), f.Note})
	}
	a.table([]string{"MONTH", "RELEASE", "FROZEN", "NOTE"}, rows)
	return nil
}
