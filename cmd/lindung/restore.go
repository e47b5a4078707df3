package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/backups"
)

func (a *app) restoreCommand() *cobra.Command {
	var (
		keys, identity string
		snapshot       int64
	)
	c := &cobra.Command{
		Use:   "restore SRC",
		Short: "Make a project of a backup, in the new folder that --dir names",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !c.Flags().Changed("dir") {
				return usagef("name the new project folder: lindung restore %s --dir NEW", args[0])
			}
			store, _, err := openBackup(args[0])
			if err != nil {
				return err
			}
			o := backups.RestoreOptions{Dir: a.dir, Snapshot: snapshot}
			if keys != "" {
				if o.Keys, err = lake.OpenKeyArchive(keys, identity); err != nil {
					return err
				}
			}
			progress := a.progress()
			o.Progress = func(done, total int) {
				progress.event(pipelines.Event{Step: "restore", Done: int64(done), Total: int64(total)})
			}
			report, err := backups.Restore(c.Context(), store, o)
			if err != nil {
				return backupError(err)
			}
			if a.output == "json" {
				return a.printJSON(report)
			}
			a.sayRestored(report)
			return nil
		},
	}
	c.Flags().StringVar(&keys, "keys", "", "the archive of keys that lindung backup --keys wrote")
	c.Flags().StringVar(&identity, "identity", "", "the file of the recovery key that opens the archive of keys")
	c.Flags().Int64Var(&snapshot, "snapshot", 0, "this snapshot, not the newest")
	return c
}

func (a *app) sayRestored(report *backups.RestoreReport) {
	fmt.Fprintf(a.stdout, "Snapshot %d of %s is in %s: %s files, %.1f MB, until commit %d; the log is one unbroken chain.\nNow:\n",
		report.Snapshot, report.TakenAt, report.Dir, count(int64(report.Files)), float64(report.Bytes)/1e6, report.LogHead)
	if report.Keys == 0 {
		fmt.Fprintf(a.stdout, "  put the keys (master key %s) into %s, files with mode 0600\n", report.MasterKey, report.KeysDir)
	}
	fmt.Fprintf(a.stdout, "  lindung doctor --dir %s\n  lindung verify --dir %s\n  lindung build --dir %s     (makes the DuckDB files again)\n", report.Dir, report.Dir, report.Dir)
}
