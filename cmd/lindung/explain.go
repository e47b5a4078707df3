package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) explainCommand() *cobra.Command {
	var asOf, lang string
	c := &cobra.Command{
		Use:   "explain ADDRESS",
		Short: "Follow a figure back: definition, SQL, tables, Parquet files, landed objects, rows",
		Example: `  lindung explain PLC-01/2024
  lindung explain PLC-01.persons/2024-10/country=HKG@r000002`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			address, err := figures.ParseAddress(args[0])
			if err != nil {
				return usageError{err}
			}
			var at time.Time
			if asOf != "" {
				if at, err = endOfDay(asOf); err != nil {
					return err
				}
			}
			return a.withHistory(c.Context(), func(_ *pipelines.Runner, h *pipelines.History) error {
				if address.Release == "" && at.IsZero() {
					address.Release = h.Current.ID
				}
				e, err := h.Explain(c.Context(), address, at)
				if err != nil {
					return err
				}
				if a.output == "json" {
					return e.WriteJSON(a.stdout)
				}
				return e.WriteText(a.stdout, lang)
			})
		},
	}
	c.Flags().StringVar(&asOf, "as-of", "", "as the release of this day had it, YYYY-MM-DD")
	c.Flags().StringVar(&lang, "lang", "en", "id or en")
	return c
}
