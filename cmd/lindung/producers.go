package main

import (
	"bytes"
	"io"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/producers"
)

func (a *app) templateCommand() *cobra.Command {
	var lang, out string
	c := &cobra.Command{
		Use:   "template DATASET",
		Short: "Write the XLSX form for a unit or partner without a system of its own",
		Long: `Writes a workbook with drop-downs from the code lists, checks on dates and numbers, an explanation at
every column and a sheet of instructions. Once a filled form is there:
  lindung sources new NAME --from FORM.xlsx --dataset DATASET`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var form bytes.Buffer
			if err := producers.WriteForm(&form, args[0], lang); err != nil {
				return usageError{err}
			}
			if out == "" {
				out = args[0] + "-" + lang + ".xlsx"
			}
			if err := writeNew(out, form.Bytes()); err != nil {
				return err
			}
			a.say("%s written.", shown(out))
			return nil
		},
	}
	c.Flags().StringVar(&lang, "lang", producers.Indonesian, "language of the form: id or en")
	c.Flags().StringVar(&out, "out", "", "where to write (default: DATASET-LANG.xlsx)")
	return c
}

func (a *app) contractCommand() *cobra.Command {
	var lang, out string
	c := &cobra.Command{
		Use:   "contract DATASET",
		Short: "Write the page to send a producer: columns, codes, rules, what becomes of rejects (Markdown, or --output json)",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var page bytes.Buffer
			var err error
			if a.output == "json" {
				err = writeContractJSON(&page, args[0], lang)
			} else {
				err = producers.WriteContract(&page, args[0], lang)
			}
			if err != nil {
				return usageError{err}
			}
			if out == "" {
				_, err := a.stdout.Write(page.Bytes())
				return err
			}
			if err := writeNew(out, page.Bytes()); err != nil {
				return err
			}
			a.say("%s written.", shown(out))
			return nil
		},
	}
	c.Flags().StringVar(&lang, "lang", producers.Indonesian, "language of the page: id or en")
	c.Flags().StringVar(&out, "out", "", "where to write (default: stdout)")
	return c
}

func writeContractJSON(w io.Writer, dataset, lang string) error {
	contract, err := producers.ContractOf(dataset, lang)
	if err != nil {
		return err
	}
	return encodeJSON(w, contract)
}
