package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/backups"
)

func (a *app) keysCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "keys",
		Short: "Make, archive, check and rotate the project's keys; shred a month of a source",
		Long: `The keys of a project lie in its keys folder: master.key opens the landing keys, of which there is
one for each source and month; tokens.key makes the tokens of persons. No command takes a key as an
argument or prints one.`,
	}
	c.AddCommand(a.keysInitCommand(), a.keysBackupCommand(), a.keysCheckCommand(), a.keysRotateCommand(), a.keysShredCommand())
	return c
}

func (a *app) keysInitCommand() *cobra.Command {
	var archive, identity string
	c := &cobra.Command{
		Use:   "init",
		Short: "Make the keys that a project lacks, or bring them back from an archive",
		Long: `Makes the keys that a project without data lacks. Beside data that were made with another key no new one is
ever made: then the missing keys are brought back with --archive. A key that is there is never replaced.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			project, err := pipelines.ValidateProject(a.dir)
			if err != nil {
				return err
			}
			if archive != "" {
				return a.restoreKeys(project, archive, identity)
			}
			made, err := pipelines.InitKeys(project)
			for _, path := range made {
				fmt.Fprintln(a.stdout, "made", shown(path))
			}
			if err == nil && len(made) == 0 {
				fmt.Fprintln(a.stdout, "All keys are there; nothing was changed.")
			}
			return err
		},
	}
	c.Flags().StringVar(&archive, "archive", "", "bring the missing keys back from this archive of keys")
	c.Flags().StringVar(&identity, "identity", "", "the file of the recovery key that opens the archive")
	return c
}

func (a *app) restoreKeys(p *configs.Project, archive, identity string) error {
	files, err := lake.OpenKeyArchive(archive, identity)
	if err != nil {
		return err
	}
	restored, err := lake.RestoreKeys(p.KeysDir, files)
	if err != nil {
		return &pipelines.Error{Code: pipelines.ExitGate, Message: err.Error()}
	}
	fmt.Fprintf(a.stdout, "%d of %d keys in %s were missing and are back. Prove that all opens: lindung keys check\n", len(restored), len(files), archive)
	return nil
}

// recipientOf is a recipient as it was named: itself, or the file that it stands in.
func recipientOf(named string) (string, error) {
	if named == "" || strings.HasPrefix(named, "age1") {
		return named, nil
	}
	text, err := os.ReadFile(named)
	if err != nil {
		return "", usagef("--recipient: %v; write a recipient (age1…), or the file that it stands in", err)
	}
	return strings.TrimSpace(string(text)), nil
}

func (a *app) keysBackupCommand() *cobra.Command {
	var o backups.KeysOptions
	var clear bool
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write all keys into one archive, in the place of the one before",
		Long: `Writes every key of the project into FILE, encrypted for the recipient that
lindung backup recovery-key printed. With
--armor the archive is text: it can be printed, and scanned or typed in again. The archive is replaced
whole, so that the key of a month that was shredded does not live on in it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if (o.Recipient == "") != clear {
				return usagef("say for whom the archive is encrypted with --recipient age1… (see: lindung backup recovery-key), or write it unencrypted with --in-clear")
			}
			if clear && o.Armored {
				return usagef("--armor is for an encrypted archive: keys in clear are never printed")
			}
			project, err := pipelines.ValidateProject(a.dir)
			if err != nil {
				return err
			}
			if o.Recipient, err = recipientOf(o.Recipient); err != nil {
				return err
			}
			o.Folder, o.Data, o.File = project.KeysDir, project.DataDir, args[0]
			n, err := backups.Keys(o)
			if err != nil {
				return backupError(err)
			}
			fmt.Fprintf(a.stdout, "%d keys in %s. Prove that it opens: lindung keys check --archive %s --identity FILE\n", n, args[0], args[0])
			return nil
		},
	}
	c.Flags().StringVar(&o.Recipient, "recipient", "", "encrypt the archive for this age recipient (age1…), or the one in this file")
	c.Flags().BoolVar(&o.Armored, "armor", false, "write text that can be printed")
	c.Flags().BoolVar(&clear, "in-clear", false, "do not encrypt it: whoever finds it can read everything")
	return c
}

func (a *app) keysCheckCommand() *cobra.Command {
	var archive, identity string
	c := &cobra.Command{
		Use:   "check",
		Short: "Prove that every landed object opens, that tokens are of the key at hand, and that an archive holds all keys",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			report, err := r.CheckKeys(c.Context())
			if err != nil {
				return err
			}
			kept := 0
			if archive != "" {
				if kept, err = checkArchive(r.Project, archive, identity, report); err != nil {
					return err
				}
			}
			if a.output == "json" {
				err = a.printJSON(report)
			} else {
				a.sayKeys(report, archive, kept)
			}
			if err == nil && len(report.Problems) > 0 {
				return &exitError{pipelines.ExitFailed}
			}
			return err
		},
	}
	c.Flags().StringVar(&archive, "archive", "", "an archive of keys: it must open, and hold every key of the project as it is")
	c.Flags().StringVar(&identity, "identity", "", "the file of the recovery key that opens the archive")
	return c
}

// checkArchive compares an archive with the keys of a project, and gives how many it holds.
func checkArchive(p *configs.Project, archive, identity string, report *pipelines.KeyReport) (int, error) {
	files, err := lake.OpenKeyArchive(archive, identity)
	if err != nil {
		return 0, err
	}
	wrong := func(format string, args ...any) {
		report.Problems = append(report.Problems, lake.Problem{Kind: lake.ProblemKey, Path: archive, Message: fmt.Sprintf(format, args...)})
	}
	kept := map[string][]byte{}
	for _, f := range files {
		kept[f.Path] = f.Data
	}
	now, err := lake.KeyFiles(p.KeysDir)
	if err != nil {
		return 0, err
	}
	const again = "; write it again: lindung keys backup"
	for _, f := range now {
		data, ok := kept[f.Path]
		switch {
		case !ok:
			wrong("%s is not in it%s", f.Path, again)
		case !bytes.Equal(data, f.Data):
			wrong("%s in it is another one%s", f.Path, again)
		}
		delete(kept, f.Path)
	}
	for path := range kept {
		wrong("it holds %s, which the project no longer has%s", path, again)
	}
	return len(files), nil
}

func (a *app) sayKeys(report *pipelines.KeyReport, archive string, kept int) {
	fmt.Fprintf(a.stdout, "master key %s: %s landed objects of %s months open\ntoken key %s\n", report.Master, count(int64(report.Objects)), count(int64(report.Months-len(report.Shredded))), report.TokenKey)
	a.sayShredded(report.Shredded)
	if archive != "" {
		fmt.Fprintf(a.stdout, "%d keys in %s\n", kept, archive)
	}
	if len(report.Problems) == 0 {
		fmt.Fprintln(a.stdout, "all well")
		return
	}
	fmt.Fprintf(a.stdout, "%d problems\n", len(report.Problems))
	for _, p := range report.Problems {
		fmt.Fprintf(a.stdout, "  %s: %s\n", p.Path, p.Message)
	}
}

// sayShredded names what was destroyed on purpose, which is no problem and must not look like one.
func (a *app) sayShredded(months []lake.ShreddedMonth) {
	for _, m := range months {
		fmt.Fprintf(a.stdout, "  shredded on purpose: %s of %s, %d landed objects, commit %d (%s)\n", m.Month, m.Source, m.Objects, m.Commit, m.Reason)
	}
}

func (a *app) keysRotateCommand() *cobra.Command {
	var o pipelines.RotateOptions
	var tokens bool
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Put a new master key in the place of the old one, or with --tokens make every token anew",
		Long: `Without --tokens: a new master key; every landing key is closed for it, and the old one opens nothing any
more but old archives of keys.

With --tokens: a new token key. A child process that alone has both keys reads the identifiers out of the
landing, no source is asked, and writes every Parquet file that holds tokens again; one commit puts the new
files in the place of the old ones, for the present and for questions about the past, and the old key and the
old files are destroyed. Figures do not change.

Interrupted at any moment, run it again. Archive the keys afterwards: lindung keys backup.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !tokens && (o.Unseen || o.NoBuild || o.Reason != "") {
				return usagef("--reason, --unseen and --no-build are about tokens: add --tokens")
			}
			if tokens && strings.TrimSpace(o.Reason) == "" {
				return usagef("say why the tokens are made anew with --reason \"…\": it stays in the commit log")
			}
			r, err := a.open(false)
			if err != nil {
				return err
			}
			if tokens {
				return a.rotateTokens(c, r, o)
			}
			id, months, err := r.RotateMaster(c.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "The master key is %s; %d landing keys are closed for it.\nArchive the keys now: lindung keys backup FILE --recipient age1…\n", id, months)
			return nil
		},
	}
	c.Flags().BoolVar(&tokens, "tokens", false, "make every token anew under a new token key")
	c.Flags().StringVar(&o.Reason, "reason", "", "why, for the commit log")
	c.Flags().BoolVar(&o.Unseen, "unseen", false, "go on where the landing no longer tells what is behind some tokens")
	c.Flags().BoolVar(&o.NoBuild, "no-build", false, "do not build a release afterwards")
	return c
}

func (a *app) rotateTokens(c *cobra.Command, r *pipelines.Runner, o pipelines.RotateOptions) error {
	report, err := r.RotateTokens(c.Context(), o)
	if err != nil {
		return err
	}
	if a.output == "json" {
		report.Rewrites = nil // thousands of lines that lindung log tells as well
		return a.printJSON(report)
	}
	fmt.Fprintf(a.stdout, "The token key is %s: %s tokens in %s files were made anew from %s landed objects (commit %d); %s old files are gone.\n",
		report.Key, count(int64(report.Tokens)), count(int64(report.Files)), count(int64(report.Objects)), report.Commit, count(int64(report.Removed)))
	if report.Unseen > 0 {
		fmt.Fprintf(a.stdout, "%s of them stand for values that the landing no longer tells.\n", count(int64(report.Unseen)))
	}
	if report.Build != nil {
		a.printBuild(report.Build)
	}
	fmt.Fprintln(a.stdout, "DuckDB files of earlier releases still hold the old tokens: lower keep_releases and run lindung gc.\nArchive the keys now: lindung keys backup FILE --recipient age1…")
	return nil
}

func (a *app) keysShredCommand() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "shred SOURCE MONTH",
		Short: "Destroy the key of a month of a source: what landed in it can be read by nobody any more",
		Long: `Destroys the key of what a source landed in a month (YYYY-MM). There is no way back. The commit log keeps
that it was done and why, so that verify, check and gc know it from a key that was lost.
Typed rows, figures and releases stay.

Archives of keys that were written before still hold the key: write a new one, and destroy the old ones.`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return usagef("say why the month is shredded with --reason \"…\": it stays in the commit log")
			}
			if _, err := parseMonth(args[1]); err != nil {
				return err
			}
			r, err := a.open(false)
			if err != nil {
				return err
			}
			entry, err := r.Shred(c.Context(), args[0], args[1], reason)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "The key of %s of %s is destroyed (commit %d). Write a new archive of keys, and destroy the old ones: lindung keys backup\n", args[1], args[0], entry.No)
			return nil
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the commit log")
	return c
}
