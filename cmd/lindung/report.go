package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) reportCommand() *cobra.Command {
	var month, file string
	c := &cobra.Command{
		Use:   "report",
		Short: "Write the report of a month from the current release: one HTML page, Indonesian and English",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			m, err := parseMonth(month)
			if err != nil {
				return err
			}
			return a.withHistory(c.Context(), func(r *pipelines.Runner, h *pipelines.History) error {
				path, err := r.WriteReport(c.Context(), h, m, file)
				if err != nil {
					return err
				}
				if a.output == "json" {
					return a.printJSON(map[string]string{"report": path, "release": h.Current.ID})
				}
				fmt.Fprintln(a.stdout, path)
				return nil
			})
		},
	}
	c.AddCommand(a.editionCommands()...)
	c.Flags().StringVar(&month, "month", "", "report month, YYYY-MM (default: the release's)")
	c.Flags().StringVar(&file, "file", "", "write to this file (default: reports/ in the project folder)")
	return c
}

// demoReport writes the report of the newest delivery and says where the data are.
func (a *app) demoReport(ctx context.Context) (report, duckdb string, err error) {
	err = a.withHistory(ctx, func(r *pipelines.Runner, h *pipelines.History) error {
		if report, err = r.WriteReport(ctx, h, time.Time{}, ""); err != nil {
			return err
		}
		duckdb = filepath.Join(pipelines.ReleasesDir(r.Project), "current", "warehouse.duckdb")
		return nil
	})
	return report, duckdb, err
}
