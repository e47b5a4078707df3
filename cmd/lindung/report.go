package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/reports"
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
				path, err := a.writeReport(c.Context(), r, h, m, file)
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
	c.Flags().StringVar(&month, "month", "", "report month, YYYY-MM (default: the release's)")
	c.Flags().StringVar(&file, "file", "", "write to this file (default: reports/ in the project folder)")
	return c
}

// writeReport writes a month's report in one go: a reader never finds half a page.
func (a *app) writeReport(ctx context.Context, r *pipelines.Runner, h *pipelines.History, month time.Time, path string) (string, error) {
	if month.IsZero() {
		month = h.Current.ReportMonth
	}
	release, newest, err := r.ReleaseFor(h, month)
	if err != nil {
		return "", err
	}
	var page bytes.Buffer
	if err := reports.WriteMonth(ctx, &page, release, h.Before(release), newest, month); err != nil {
		return "", err
	}
	if path == "" {
		path = filepath.Join(r.Project.Dir, "reports", fmt.Sprintf("%s-%s.html", month.Format("2006-01"), h.Current.ID))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("making the report's folder: %w", err)
	}
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, page.Bytes(), 0o644); err != nil {
		return "", fmt.Errorf("writing the report: %w", err)
	}
	return path, os.Rename(tmp, path)
}

// demoReport writes the report of the newest delivery and says where the data are.
func (a *app) demoReport(ctx context.Context) (report, duckdb string, err error) {
	err = a.withHistory(ctx, func(r *pipelines.Runner, h *pipelines.History) error {
		if report, err = a.writeReport(ctx, r, h, time.Time{}, ""); err != nil {
			return err
		}
		duckdb = filepath.Join(pipelines.ReleasesDir(r.Project), "current", "warehouse.duckdb")
		return nil
	})
	return report, duckdb, err
}

// workerLogger is where a child's log lines go: its stderr, which the parent passes on.
func (a *app) workerLogger() *slog.Logger {
	if os.Getenv("LINDUNG_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewJSONHandler(a.stderr, nil))
}
