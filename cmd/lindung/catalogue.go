package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) sourcesCatalogueCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "catalogue",
		Short: "List the sources that come with the program, ready to take over",
		Long: `Lists source files that come with the program: public sources, ready to use once they can be
reached, and templates for systems of the ministry and its partners, whose shape is assumed and is
fitted to the real system with sources check.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := pipelines.ReadySources()
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(list(all))
			}
			var rows [][]string
			for _, s := range all {
				shape := "public"
				if s.Assumed {
					shape = "assumed shape"
				}
				rows = append(rows, []string{s.Name, shape, strings.Join(s.Datasets, ", "), s.Title})
			}
			a.table([]string{"NAME", "SHAPE", "DATASETS", "WHAT"}, rows)
			return nil
		},
	}
}

func (a *app) sourcesAddCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "add NAME",
		Short: "Take over a source that comes with the program, all of its feeds off",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			one, err := pipelines.FindReadySource(args[0])
			if err != nil {
				return usagef("%v", err)
			}
			out := filepath.Join(a.dir, "sources", one.Name+".yaml")
			if err := writeNew(out, one.Text); err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(map[string]any{"file": out, "source": one.Source, "assumed_shape": one.Assumed})
			}
			if one.Assumed {
				a.say("%s written. Its shape is assumed: put the real names in, then\n  lindung sources check %s --dir %s", shown(out), one.Source, a.dir)
			} else {
				a.say("%s written. Give the feeds that you want the role authoritative, then\n  lindung sources test %s --dir %s", shown(out), one.Source, a.dir)
			}
			return nil
		},
	}
}
