package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/reports"
	"github.com/kp2mi/lindung/reports/editions"
	"github.com/kp2mi/lindung/warehouse"
)

// whoami is the account that the program runs under, as the kernel and the list of accounts know it;
// no variable of the environment has a say in it.
func whoami() editions.Person {
	p := editions.Person{UID: os.Getuid()}
	if u, err := user.LookupId(strconv.Itoa(p.UID)); err == nil {
		p.Name = u.Username
	}
	return p
}

// editionCommands are what is done with a report after it was written.
func (a *app) editionCommands() []*cobra.Command {
	return []*cobra.Command{a.draftCommand(), a.reviewCommand(), a.approveCommand(), a.editionsCommand(), a.editionCommand(),
		a.indexCommand(), a.deliverCommand(), a.verifyReportCommand()}
}

func (a *app) draftCommand() *cobra.Command {
	var flags reportFlags
	c := &cobra.Command{
		Use:   "draft",
		Short: "Keep a report as a draft: the next edition of its subject",
		Long: `Writes the report from the release whose figures count for the month, and keeps it under data/editions with the
hash of each file, the figures that it prints, and what changed since the approved edition before.
Next: review notes (lindung report note), then the approval by a second person (lindung report approve).`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			q, err := flags.request()
			if err != nil {
				return err
			}
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			h, err := r.OpenHistory(c.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			e, err := r.DraftReport(c.Context(), h, q, whoami())
			if e == nil {
				return err
			}
			return errors.Join(a.printEdition(r, e), err)
		},
	}
	flags.add(c, strings.Join(reports.Formats, ","))
	return c
}

func (a *app) reviewCommand() *cobra.Command {
	var unit, text, file string
	c := &cobra.Command{
		Use:   "note EDITION --unit UNIT (--text TEXT | --file FILE)",
		Short: "Keep a unit's review note on a draft, as a dated file beside it",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if (text == "") == (file == "") {
				return usagef("give the note as --text or as --file")
			}
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			content := []byte(text)
			if file != "" {
				if content, err = os.ReadFile(file); err != nil {
					return usagef("reading the note: %v", err)
				}
			}
			e, err := r.NoteEdition(args[0], unit, file, content, whoami())
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(e)
			}
			fmt.Fprintln(a.stdout, shown(r.Editions().Path(e, e.Notes[len(e.Notes)-1].File.Name)))
			return nil
		},
	}
	c.Flags().StringVar(&unit, "unit", "", "the unit that the note is of")
	c.Flags().StringVar(&text, "text", "", "the note")
	c.Flags().StringVar(&file, "file", "", "a file that holds the note")
	return c
}

func (a *app) approveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "approve EDITION",
		Short: "Approve a draft, as another person than drafted it: from then on nothing changes it",
		Long: `Records that the account that runs this approves exactly the files that were drafted, with the time and their hash.
The account that drafted the edition is refused, and so is an edition of which a file changed since.
The month that the report is about is frozen in its release ("lindung freeze"): later releases do not change
what was printed. Whoever approves needs permission to write to data/editions and no key of the project; the
month is frozen then by the next run of the account that has the keys.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			e, err := r.Approve(args[0], whoami())
			if err != nil {
				return err
			}
			frozen, err := a.freezeApproved(c.Context(), e)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(struct {
					*editions.Edition
					Frozen *warehouse.Frozen `json:"frozen,omitempty"`
				}{e, frozen})
			}
			fmt.Fprintf(a.stdout, "%s is approved, and nothing changes it any more: %s\n", e.ID, e.Hash)
			if frozen != nil {
				fmt.Fprintf(a.stdout, "%s keeps the figures of release %s.\n", frozen.Month, frozen.Release)
			}
			return nil
		},
	}
}

// freezeApproved freezes the month of an approved edition, for who has the project's keys and where
// nothing else is at work. Else the next command that works on the project does it.
func (a *app) freezeApproved(ctx context.Context, e *editions.Edition) (*warehouse.Frozen, error) {
	r, err := a.open(false)
	if err != nil {
		fmt.Fprintf(a.stderr, "This account has no keys of the project: the month of %s is frozen by the next run of the account that has them.\n", e.ID)
		return nil, nil
	}
	frozen, err := r.FreezeApproved(ctx, e)
	if pipelines.ExitCode(err) == pipelines.ExitLocked {
		fmt.Fprintf(a.stderr, "Another run is at work: the month of %s is frozen by the next one.\n", e.ID)
		return nil, nil
	}
	return frozen, err
}

func (a *app) editionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List all editions of reports",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			all, err := r.Editions().List()
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(list(all))
			}
			var rows [][]string
			for _, e := range all {
				approved, by := "", ""
				if e.Approval != nil {
					approved, by = e.Approval.At.In(r.Project.TimeZone).Format("2006-01-02"), e.Approval.By.String()
				}
				rows = append(rows, []string{e.ID, e.State, e.Release.ID, e.DraftedAt.In(r.Project.TimeZone).Format("2006-01-02"), e.DraftedBy.String(), approved, by,
					strconv.Itoa(len(e.Notes)), strconv.Itoa(len(e.Deliveries))})
			}
			a.table([]string{"EDITION", "STATE", "RELEASE", "DRAFTED", "BY", "APPROVED", "BY", "NOTES", "DELIVERED"}, rows)
			return nil
		},
	}
}

func (a *app) editionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show EDITION",
		Short: "Show an edition: its files, notes, approval and deliveries, and whether a file changed",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			e, err := r.Editions().Get(args[0])
			if err != nil {
				return usagef("%w", err)
			}
			return a.printEdition(r, e)
		},
	}
}

// printEdition says everything about an edition. A file that changed makes it a failure of quality.
func (a *app) printEdition(r *pipelines.Runner, e *editions.Edition) error {
	book := r.Editions()
	changed, err := book.Changed(e)
	if err != nil {
		return err
	}
	if a.output == "json" {
		err = a.printJSON(struct {
			*editions.Edition
			Folder  string   `json:"folder"`
			Changed []string `json:"changed"`
		}{e, book.Path(e, ""), list(changed)})
	} else {
		a.describeEdition(r, e)
	}
	if err == nil && len(changed) > 0 {
		return &pipelines.Error{Code: pipelines.ExitGate, Message: fmt.Sprintf("edition %s is not what was drafted: %s changed; restore it from a backup", e.ID, strings.Join(changed, ", "))}
	}
	return err
}

func (a *app) describeEdition(r *pipelines.Runner, e *editions.Edition) {
	zone := r.Project.TimeZone
	at := func(p editions.Person, when time.Time) string {
		return when.In(zone).Format("2006-01-02 15:04") + " by " + p.String()
	}
	fmt.Fprintf(a.stdout, "%s: %s (%s)\n", e.ID, e.Title.EN, e.State)
	fmt.Fprintf(a.stdout, "  release   %s, as of %s\n", e.Release.ID, e.Release.AsOf.In(zone).Format("2006-01-02"))
	fmt.Fprintf(a.stdout, "  drafted   %s\n", at(e.DraftedBy, e.DraftedAt))
	if e.After != "" {
		fmt.Fprintf(a.stdout, "  after     %s; what changed: %s\n", e.After, shown(r.Editions().Path(e, editions.RevisionsText)))
	}
	for _, f := range e.Files {
		fmt.Fprintf(a.stdout, "  file      %s %s\n", shown(r.Editions().Path(e, f.Name)), f.SHA256)
	}
	for _, n := range e.Notes {
		fmt.Fprintf(a.stdout, "  note      %s, %s: %s\n", at(n.By, n.At), n.Unit, shown(r.Editions().Path(e, n.File.Name)))
	}
	if e.Approval != nil {
		fmt.Fprintf(a.stdout, "  approved  %s\n", at(e.Approval.By, e.Approval.At))
	}
	for _, d := range e.Deliveries {
		fmt.Fprintf(a.stdout, "  delivered %s: %s, %s\n", at(d.By, d.At), d.To, d.Place)
	}
	fmt.Fprintf(a.stdout, "  hash      %s\n", e.Hash)
}

func (a *app) indexCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "index",
		Short: "Write the page of all editions, Indonesian and English: data/editions/index.html",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			path, err := r.Editions().WriteIndex(r.Project.TimeZone)
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(map[string]string{"index": path})
			}
			fmt.Fprintln(a.stdout, shown(path))
			return nil
		},
	}
}

func (a *app) deliverCommand() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use:   "deliver EDITION --to NAME",
		Short: "Bring an approved edition to a place that lindung.yaml names under reports: deliver:",
		Long: `Brings the files of an approved edition to a folder, a bucket, an SFTP server, or to people by e-mail, and records it.
What is there already is not brought or sent again: after a failure, run it once more.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if to == "" {
				return usagef("name the way with --to")
			}
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			d, err := r.Deliver(c.Context(), args[0], to, whoami())
			if err != nil {
				return err
			}
			if a.output == "json" {
				return a.printJSON(d)
			}
			if d.Outcome == pipelines.OutcomeUpToDate {
				fmt.Fprintf(a.stdout, "%s: has %s (%s)\n", d.To, d.Edition, d.Place)
				return nil
			}
			fmt.Fprintf(a.stdout, "%s: got %s (%s; %d files)\n", d.To, d.Edition, d.Place, d.Files)
			return nil
		},
	}
	c.Flags().StringVar(&to, "to", "", "the way's name")
	return c
}

func (a *app) verifyReportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE",
		Short: "Compute every number of a finished report again, and say whether it is identical",
		Long: `Reads a finished report, computes each of its numbers from the release that the report names, prints them as the
report does, and compares. Where the release does not have a figure any more, because its DuckDB file was pruned,
the copy that the report's edition kept is used; which was used is said. Exit code 0: identical. 3: not, and the
places, what is printed there and what computes are listed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := a.openPublished()
			if err != nil {
				return err
			}
			result, err := r.VerifyReport(c.Context(), args[0])
			if err != nil {
				return err
			}
			result.File = filepath.ToSlash(args[0])
			if a.output == "json" {
				err = a.printJSON(result)
			} else {
				err = result.WriteText(a.stdout)
			}
			if err == nil && !result.Identical {
				return &exitError{pipelines.ExitGate}
			}
			return err
		},
	}
}
