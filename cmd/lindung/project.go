package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/transforms/privacy"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Write a commented starting project with keys of its own",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := writeProject(args[0], configs.InitFiles(), false); err != nil {
				return err
			}
			a.say("Project written to %s.\nNext:\n  1. back up %s: without it the landing cannot be read\n  2. edit %s\n  3. lindung validate --dir %s && lindung run --dir %s",
				shown(args[0]), shown(filepath.Join(args[0], "keys")), shown(filepath.Join(args[0], "sources")), args[0], args[0])
			return nil
		},
	}
}

// sampleEpoch dates the files that a sample project begins with.
var sampleEpoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// writeProject writes a project's files and keys. A file that is there already is left alone.
func writeProject(dir string, files map[string][]byte, sample bool) error {
	if _, err := os.Stat(filepath.Join(dir, "lindung.yaml")); err == nil {
		return usagef("%s already holds a project (lindung.yaml); nothing was changed", dir)
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
		if sample { // in the sample world everything was there before the first delivery
			if err := os.Chtimes(path, sampleEpoch, sampleEpoch); err != nil {
				return err
			}
		}
	}
	keys := filepath.Join(dir, "keys")
	if err := os.MkdirAll(keys, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(keys, "master.key")); err == nil {
		return nil // keys that were brought along, such as from a backup, are the project's
	}
	if _, err := lake.WriteMaster(filepath.Join(keys, "master.key")); err != nil {
		return err
	}
	if sample {
		return privacy.WriteDemoKeys(filepath.Join(keys, "tokens.key"))
	}
	return privacy.WriteKeys(filepath.Join(keys, "tokens.key"))
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate",
		Short: "Check every configuration file, without secrets and without touching a source",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			project, err := pipelines.ValidateProject(a.dir)
			if err != nil {
				return err
			}
			feeds := 0
			for _, s := range project.Sources {
				feeds += len(s.Feeds)
			}
			if a.output == "json" {
				return a.printJSON(map[string]any{"sources": len(project.Sources), "feeds": feeds, "origin": project.Origin(), "config_hash": project.Hash})
			}
			fmt.Fprintf(a.stdout, "%d sources, %d feeds: all well (origin: %s).\n", len(project.Sources), feeds, project.Origin())
			return nil
		},
	}
}

// A sourceView is one line of `lindung sources list`.
type sourceView struct {
	Source    string `json:"source"`
	Feed      string `json:"feed"`
	Dataset   string `json:"dataset"`
	Connector string `json:"connector"`
	Role      string `json:"role"`
	Delivery  string `json:"delivery"`
	Origin    string `json:"origin"`
	Producer  string `json:"producer"`
	Contact   string `json:"contact"`
	Licence   string `json:"licence,omitempty"`
	Expected  string `json:"expected,omitempty"`
	File      string `json:"file"`
}

func (a *app) sourcesCommand() *cobra.Command {
	c := &cobra.Command{Use: "sources", Short: "Describe, test and compare sources; the kinds of connector and format there are"}
	listCmd := &cobra.Command{
		Use: "list", Short: "List the feeds of every source", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			project, err := pipelines.ValidateProject(a.dir)
			if err != nil {
				return err
			}
			var views []sourceView
			var rows [][]string
			for _, s := range project.Sources {
				for _, f := range s.Feeds {
					v := sourceView{s.Name, f.Name, f.Dataset, f.Connector.Kind, f.Role, f.Delivery, s.Origin, s.Producer, s.Contact, s.Licence, f.Expected.By, s.File}
					views = append(views, v)
					rows = append(rows, []string{v.Source, v.Feed, v.Dataset, v.Connector, v.Role, v.Delivery, v.Expected, v.Producer, v.Origin})
				}
			}
			if a.output == "json" {
				return a.printJSON(list(views))
			}
			a.table([]string{"SOURCE", "FEED", "DATASET", "CONNECTOR", "ROLE", "DELIVERY", "EXPECTED", "PRODUCER", "ORIGIN"}, rows)
			return nil
		},
	}
	kinds := &cobra.Command{
		Use: "kinds", Short: "List the kinds of connector and format that a feed may name", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			type kind struct {
				Part    string `json:"part"`
				Name    string `json:"name"`
				Summary string `json:"summary"`
			}
			var all []kind
			for _, k := range connectors.Kinds() {
				all = append(all, kind{"connector", k.Name, k.Summary})
			}
			for _, k := range formats.Kinds() {
				all = append(all, kind{"format", k.Name, k.Summary})
			}
			if a.output == "json" {
				return a.printJSON(list(all))
			}
			var rows [][]string
			for _, k := range all {
				rows = append(rows, []string{k.Part, k.Name, k.Summary})
			}
			a.table([]string{"PART", "KIND", "WHAT IT READS"}, rows)
			return nil
		},
	}
	c.AddCommand(listCmd, kinds, a.sourcesCatalogueCommand(), a.sourcesAddCommand(), a.sourcesNewCommand(), a.sourcesCheckCommand(), a.sourcesTestCommand(), a.sourcesPreviewCommand(), a.sourcesSchemaCommand())
	return c
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.output == "json" {
				return a.printJSON(map[string]string{"version": version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH})
			}
			fmt.Fprintln(a.stdout, "lindung", version, strings.TrimPrefix(runtime.Version(), "go"), runtime.GOOS+"/"+runtime.GOARCH)
			return nil
		},
	}
}

// workerCommand is the child's side of a feed run or a build.
func (a *app) workerCommand() *cobra.Command {
	return &cobra.Command{
		Use: "worker", Hidden: true, Args: cobra.NoArgs, Short: "For the program's own child processes",
		RunE: func(c *cobra.Command, _ []string) error {
			code := pipelines.WorkerMain(c.Context(), a.stdin, a.stdout)
			if code != pipelines.ExitOK {
				return &exitError{code}
			}
			return nil
		},
	}
}
