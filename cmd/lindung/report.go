package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/reports"
)

// reportFlags are how a report is asked for, by every command that writes one.
type reportFlags struct{ kind, month, about, formats string }

func (f *reportFlags) add(c *cobra.Command, formats string) {
	c.Flags().StringVar(&f.kind, "kind", pipelines.MonthlyReport, "kind of report: monthly, brief, yearly, province, country, partner, or one of the project's own")
	c.Flags().StringVar(&f.month, "month", "", "report month, YYYY-MM (default: the release's)")
	c.Flags().StringVar(&f.about, "about", "", "of a kind about a province, a country or a partner: its code, such as 32, HKG or GIZ")
	c.Flags().StringVar(&f.formats, "format", formats, "what to write: "+strings.Join(reports.Formats, ", "))
}

func (f *reportFlags) request() (q pipelines.ReportRequest, err error) {
	q = pipelines.ReportRequest{Kind: f.kind, About: f.about}
	if q.Month, err = parseMonth(f.month); err != nil {
		return q, err
	}
	if q.Formats, err = reports.ParseFormats(f.formats); err != nil {
		return q, usagef("--format: %v", err)
	}
	return q, nil
}

func (a *app) reportCommand() *cobra.Command {
	var flags reportFlags
	var folder, file string
	c := &cobra.Command{
		Use:   "report",
		Short: "Write reports from the current release: pages, PDF files, workbooks, data files",
		Long: `Writes the monthly report, or another kind, from the release whose figures count for the month: a page in Indonesian
and English, and with --format PDF files, workbooks, and CSV and Parquet of every table. Kinds are the files of
configs/reports, and of the project's folder report_kinds. With --about all there is one report for each province,
country or partner. Without a browser PDF files are left out, and the exit code is 6.`,
		Example: `  lindung report --month 2025-12 --format html,pdf,xlsx,csv
  lindung report --kind brief --file brief.html
  lindung report --kind province --about 32
  lindung report --kind partner --about all --folder partners`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			q, err := flags.request()
			if err != nil {
				return err
			}
			q.Folder, q.File = folder, file
			return a.withHistory(c.Context(), func(r *pipelines.Runner, h *pipelines.History) error {
				paths, err := r.WriteReports(c.Context(), h, q)
				if a.output == "json" && len(paths) > 0 {
					if jsonErr := a.printJSON(map[string]any{"files": paths, "release": h.Current.ID}); jsonErr != nil {
						return jsonErr
					}
					return err
				}
				for _, path := range paths {
					fmt.Fprintln(a.stdout, path)
				}
				return err
			})
		},
	}
	c.AddCommand(a.editionCommands()...)
	flags.add(c, "html")
	c.Flags().StringVar(&file, "file", "", "write to this file, where one file is asked for")
	c.Flags().StringVar(&folder, "folder", "", "write into this folder (default: reports/ in the project folder)")
	return c
}

// demoReport writes the report of the newest delivery and says where the data are.
func (a *app) demoReport(ctx context.Context) (report, duckdb string, err error) {
	err = a.withHistory(ctx, func(r *pipelines.Runner, h *pipelines.History) error {
		paths, err := r.WriteReports(ctx, h, pipelines.ReportRequest{})
		if err != nil {
			return err
		}
		report = paths[0]
		duckdb = filepath.Join(pipelines.ReleasesDir(r.Project), "current", "warehouse.duckdb")
		return nil
	})
	return report, duckdb, err
}
