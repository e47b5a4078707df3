package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/figures/lint"
	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) lintCommand() *cobra.Command {
	var rules bool
	c := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Find figures in a table or text that contradict themselves",
		Long: `Reads tables (CSV, XLSX, HTML, Markdown) and sentences (text, HTML, Markdown), Indonesian or
English, and does the reader's sums: parts against totals, growth, shares, units, years. "-" reads
stdin. It needs no project and no data: it judges a publication by itself.

Exit code 3 when a finding is an error; warnings alone do not stop anything.`,
		Example: `  lindung lint siaran_pers.md tabel.csv
  lindung lint --output json laporan.html
  lindung lint --list-rules`,
		RunE: func(_ *cobra.Command, args []string) error {
			if a.output != "text" && a.output != "json" {
				return usagef("--output %s is for query; use text or json", a.output)
			}
			if rules {
				return a.printLintRules()
			}
			if len(args) == 0 {
				return usagef("requires at least 1 file, or - for stdin; --list-rules shows what is checked")
			}
			var findings []lint.Finding
			for _, name := range args {
				found, err := a.lintFile(name)
				if err != nil {
					return err
				}
				findings = append(findings, found...)
			}
			return a.printFindings(findings, len(args))
		},
	}
	c.Flags().BoolVar(&rules, "list-rules", false, "print every rule with what it means and what to do")
	return c
}

func (a *app) lintFile(name string) ([]lint.Finding, error) {
	in := a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, usageError{err}
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, lint.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	d, err := lint.Read(name, data)
	if err != nil {
		return nil, usageError{err}
	}
	return lint.Check(d), nil
}

func (a *app) printFindings(findings []lint.Finding, files int) error {
	write := lint.WriteText
	if a.output == "json" {
		write = lint.WriteJSON
	}
	if err := write(a.stdout, findings); err != nil {
		return err
	}
	errs := lint.Errors(findings)
	if a.output != "json" {
		a.say("%d file(s): %d error(s), %d warning(s)", files, errs, len(findings)-errs)
	}
	if errs > 0 {
		return &exitError{pipelines.ExitGate}
	}
	return nil
}

func (a *app) printLintRules() error {
	if a.output == "json" {
		return a.printJSON(lint.Rules())
	}
	for _, r := range lint.Rules() {
		fmt.Fprintf(a.stdout, "%s: %s\n    %s\n    → %s\n", r.Code, r.Summary, r.Why, r.Remedy)
	}
	return nil
}
