package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

func (a *app) queryCommand() *cobra.Command {
	var q warehouse.Query
	var open, questions bool
	var question string
	c := &cobra.Command{
		Use:   `query "SELECT ..."`,
		Short: "Ask the current release in SQL: read-only, no files, no network",
		Example: `  lindung query "select period, value from figures where kpi = 'PLC-01' and breakdown = 'total'"
  lindung query --questions
  lindung query --question why_differs`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if questions {
				return a.printQuestions()
			}
			var err error
			if q.SQL, err = queryText(args, question); err != nil {
				return err
			}
			if q.Path == "" {
				if q.Path, err = a.currentFile(open); err != nil {
					return err
				}
			}
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
	c.Flags().BoolVar(&questions, "questions", false, "list the questions that come with the program, and their SQL with --output json")
	c.Flags().StringVar(&question, "question", "", "ask one of these questions, by its name")
	c.Flags().StringVar(&q.Path, "file", "", "ask this DuckDB file, such as a copy on a share; needs no project")
	c.Flags().StringVar(&q.Memory, "memory", "", "memory that the question may use, such as 512MB; what does not fit goes to the temporary folder (TMPDIR)")
	return c
}

// currentFile is the DuckDB file of the current release. It needs no keys: whoever may read releases may ask.
func (a *app) currentFile(open bool) (string, error) {
	project, err := pipelines.ValidateProject(a.dir)
	if err != nil {
		return "", err
	}
	releases, err := warehouse.OpenReleases(pipelines.ReleasesDir(project))
	if err != nil {
		return "", err
	}
	current, err := releases.Current()
	if err != nil {
		return "", err
	}
	if current == nil {
		return "", usagef("nothing is published in %s yet; run: lindung run --dir %s", a.dir, a.dir)
	}
	if open {
		return filepath.Join(current.Dir, warehouse.OpenFile), nil
	}
	return current.Warehouse(), nil
}

// queryText is the SQL of the command line: as written there, or of a question that has a name.
func queryText(args []string, question string) (string, error) {
	if (len(args) == 1) == (question != "") {
		return "", usagef("give a query in quotes, or --question NAME; see: lindung query --questions")
	}
	if question == "" {
		return args[0], nil
	}
	all, err := sql.Questions()
	if err != nil {
		return "", err
	}
	names := make([]string, len(all))
	for i, q := range all {
		if q.Name == question {
			return q.SQL, nil
		}
		names[i] = q.Name
	}
	return "", usagef("no question is called %q; there are %s", question, strings.Join(names, ", "))
}

type questionView struct {
	Name string `json:"name"`
	ID   string `json:"id"`
	EN   string `json:"en"`
	SQL  string `json:"sql"`
}

func (a *app) printQuestions() error {
	all, err := sql.Questions()
	if err != nil {
		return err
	}
	var views []questionView
	var rows [][]string
	for _, q := range all {
		views = append(views, questionView{q.Name, q.Text.ID, q.Text.EN, q.SQL})
		rows = append(rows, []string{q.Name, q.Text.EN})
	}
	if a.output == "json" {
		return a.printJSON(list(views))
	}
	a.table([]string{"NAME", "QUESTION"}, rows)
	return nil
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
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			if err := r.Rollback(c.Context(), args[0]); err != nil {
				return err
			}
			a.say("Readers now get %s. The next run publishes from the log again.", args[0])
			return a.printReleases(r)
		},
	}
}
