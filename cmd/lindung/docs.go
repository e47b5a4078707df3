package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/docs"
	"github.com/kp2mi/lindung/pipelines"
)

// A docsReport is what `lindung docs` says to programs.
type docsReport struct {
	Dir     string   `json:"dir"`
	Files   []string `json:"files"`
	Written []string `json:"written,omitempty"` // of Files, those that were not right before
	Stale   []string `json:"stale,omitempty"`   // with --check
}

func (a *app) docsCommand() *cobra.Command {
	var out string
	var check bool
	c := &cobra.Command{
		Use:   "docs",
		Short: "Write the data dictionary, the KPI catalogue, the lineage and the Satu Data sheets",
		Long: `Writes what is generated from the model and the project's sources: dictionary.md, kpis.md, lineage.md,
lineage.json, ready_sources.md, and the metadata sheets of Satu Data (MS-Keg, MS-Var, MS-Ind) as CSV and
Markdown.
It needs neither data nor secrets. With --check it writes nothing and ends with exit code 3 when a
document is missing or says something else than the model.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			project, err := pipelines.ValidateProject(a.dir)
			if err != nil {
				return err
			}
			files, err := pipelines.Documents(c.Context(), project)
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(a.dir, "docs")
			}
			if check {
				return a.checkDocs(out, files)
			}
			return a.writeDocs(out, files)
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder to write to (default: docs in the project folder)")
	c.Flags().BoolVar(&check, "check", false, "write nothing; exit code 3 when a document is stale")
	return c
}

func (a *app) writeDocs(dir string, files []docs.File) error {
	written, err := docs.Write(dir, files)
	if err != nil {
		return err
	}
	if a.output == "json" {
		return a.printJSON(docsReport{Dir: dir, Files: paths(files), Written: written})
	}
	for _, f := range files {
		fmt.Fprintln(a.stdout, filepath.Join(dir, filepath.FromSlash(f.Path)))
	}
	a.say("%d documents, %d of them changed.", len(files), len(written))
	return nil
}

func (a *app) checkDocs(dir string, files []docs.File) error {
	stale, err := docs.Stale(dir, files)
	if err != nil {
		return err
	}
	if a.output == "json" {
		if err := a.printJSON(docsReport{Dir: dir, Files: paths(files), Stale: list(stale)}); err != nil {
			return err
		}
	}
	if len(stale) == 0 {
		a.say("%d documents, all up to date.", len(files))
		return nil
	}
	if a.output != "json" {
		fmt.Fprintf(a.stderr, "lindung: %d of %d documents in %s are not what the model gives: %s\nWrite them anew with\n  lindung docs --dir %s --out %s\n",
			len(stale), len(files), shown(dir), strings.Join(stale, ", "), a.dir, dir)
	}
	return &exitError{pipelines.ExitGate}
}

func paths(files []docs.File) []string {
	all := make([]string, len(files))
	for i, f := range files {
		all[i] = f.Path
	}
	return all
}
