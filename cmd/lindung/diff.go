package main

import (
	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/warehouse"
)

// listedOfEach is how many figures of a KPI a person is shown when not asking for more.
const listedOfEach = 20

func (a *app) diffCommand() *cobra.Command {
	var kpi string
	var limit int
	c := &cobra.Command{
		Use:   "diff [OLD NEW]",
		Short: "List every figure that two releases do not give alike, and why; exit code 10 when there is one",
		Long: `List every published figure that would change, its old and new value and the cause, and what
else differs: definitions, inputs, checks, reconciled printed figures, tables and columns.

OLD and NEW are each "current", the id of a release, or the name of a candidate. Without them
the current release is compared with the candidate that lindung build --candidate made.`,
		Example: `  lindung diff
  lindung diff r000003 current --kpi PLC-01
  lindung diff --output csv > changes.csv`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 0 && len(args) != 2 {
				return usagef("diff compares two releases: write both, as in lindung diff current candidate, or none")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{pipelines.Current, warehouse.CandidateName}
			}
			if limit < 0 {
				return usagef("--limit %d: write how many figures of each KPI, or 0 for all", limit)
			}
			r, err := a.open(false)
			if err != nil {
				return err
			}
			d, err := r.Diff(c.Context(), args[0], args[1], kpi)
			if err != nil {
				return err
			}
			switch a.output {
			case "json":
				err = d.WriteJSON(a.stdout, limit)
			case "csv":
				err = d.WriteCSV(a.stdout, limit)
			default:
				if !c.Flags().Changed("limit") {
					limit = listedOfEach
				}
				err = d.WriteText(a.stdout, limit)
			}
			if err == nil && !d.Equal() {
				return &exitError{pipelines.ExitPlanned}
			}
			return err
		},
	}
	c.Flags().StringVar(&kpi, "kpi", "", "only this KPI, such as PLC-01")
	c.Flags().IntVar(&limit, "limit", 0, "at most so many figures of each KPI; 0: all (default as text: 20)")
	return c
}
