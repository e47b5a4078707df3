package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/warehouse"
)

func (a *app) queryCommand() *cobra.Command {
	var open bool
	c := &cobra.Command{
		Use:   `query "SELECT ..."`,
		Short: "Ask the current release in SQL: read-only, no files, no network",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			current, err := r.Releases.Current()
			if err != nil {
				return err
			}
			if current == nil {
				return usagef("nothing is published in %s yet; run: lindung run --dir %s", a.dir, a.dir)
			}
			file := warehouse.WarehouseFile
			if open {
				file = warehouse.OpenFile
			}
			q := warehouse.Query{Path: filepath.Join(current.Dir, file), SQL: args[0]}
			switch a.output {
			case "json":
				return q.WriteJSON(c.Context(), a.stdout)
			case "csv":
				return q.WriteCSV(c.Context(), a.stdout)
			case "arrow":
				return q.WriteArrow(c.Context(), a.stdout)
			}
			return q.WriteText(c.Context(), a.stdout)
		},
	}
	c.Flags().BoolVar(&open, "open", false, "ask the file with publishable aggregates only")
	return c
}

func (a *app) releasesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "releases", Short: "List the published releases", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			return a.printReleases(r)
		},
	}
}

type releaseView struct {
	Release string `json:"release"`
	AsOf    string `json:"as_of"`
	Origin  string `json:"origin"`
	LogHead int64  `json:"log_head"`
	Figures int64  `json:"figures"`
	Current bool   `json:"current"`
	Pruned  bool   `json:"pruned"`
	Dir     string `json:"dir"`
}

func (a *app) printReleases(r *pipelines.Runner) error {
	all, err := r.Releases.List()
	if err != nil {
		return err
	}
	current, err := r.Releases.Current()
	if err != nil {
		return err
	}
	var views []releaseView
	var rows [][]string
	for _, rel := range all {
		v := releaseView{Release: rel.ID, AsOf: rel.Manifest.AsOf.In(r.Project.TimeZone).Format("2006-01-02"), Origin: rel.Manifest.Origin,
			LogHead: rel.Manifest.LogHead, Figures: rel.Manifest.Figures, Current: current != nil && rel.ID == current.ID, Pruned: rel.Pruned, Dir: rel.Dir}
		mark := ""
		if v.Current {
			mark = "current"
		} else if v.Pruned {
			mark = "figures only"
		}
		views = append(views, v)
		rows = append(rows, []string{v.Release, v.AsOf, v.Origin, count(v.LogHead), count(v.Figures), mark})
	}
	if a.output == "json" {
		return a.printJSON(list(views))
	}
	a.table([]string{"RELEASE", "AS OF", "ORIGIN", "COMMIT", "FIGURES", ""}, rows)
	return nil
}

func (a *app) rollbackCommand() *cobra.Command {
	return &cobra.Command{
		Use: "rollback RELEASE", Short: "Point readers back to an earlier release; nothing is deleted", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			if err := r.Rollback(args[0]); err != nil {
				return err
			}
			a.say("Readers now get %s. The next run publishes from the log again.", args[0])
			return a.printReleases(r)
		},
	}
}
