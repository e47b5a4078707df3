package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) kpiCommand() *cobra.Command {
	c := &cobra.Command{Use: "kpi", Short: "List the KPIs and look up their figures"}
	listCmd := &cobra.Command{
		Use: "list", Short: "List every measure of every KPI with its definition", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withHistory(c.Context(), func(_ *pipelines.Runner, h *pipelines.History) error {
				return a.printDefinitions(h.Current.Definitions())
			})
		},
	}
	var asOf string
	value := &cobra.Command{
		Use:   "value KPI PERIOD [BREAKDOWN=MEMBER]  |  value ADDRESS",
		Short: "Look up one figure, as it is known now or as it was known on a day",
		Example: `  lindung kpi value PLC-01 2023
  lindung kpi value PLC-01 2023 --as-of 2024-02-01
  lindung kpi value PLC-01.persons/2024-10/country=HKG`,
		Args: cobra.RangeArgs(1, 3),
		RunE: func(c *cobra.Command, args []string) error {
			address, err := figures.ParseAddress(strings.Join(args, "/"))
			if err != nil {
				return usageError{err}
			}
			return a.withHistory(c.Context(), func(r *pipelines.Runner, h *pipelines.History) error {
				f, err := a.lookUp(c.Context(), r, h, address, asOf)
				if err != nil {
					return err
				}
				return a.printFigure(f)
			})
		},
	}
	value.Flags().StringVar(&asOf, "as-of", "", "as it was known at the end of this day, YYYY-MM-DD")
	c.AddCommand(listCmd, value, a.seriesCommand())
	return c
}

func (a *app) lookUp(ctx context.Context, r *pipelines.Runner, h *pipelines.History, address figures.Address, asOf string) (figures.Figure, error) {
	switch {
	case asOf == "" && address.Release == "":
		return r.ValueNow(ctx, h, address)
	case asOf == "":
		release, err := h.Release(address.Release)
		if err != nil {
			return figures.Figure{}, usageError{err}
		}
		return release.Value(ctx, address)
	}
	at, err := endOfDay(asOf)
	if err != nil {
		return figures.Figure{}, err
	}
	return r.ValueAsOf(ctx, h, address, at)
}

func (a *app) seriesCommand() *cobra.Command {
	var f figures.Filter
	var from, to string
	c := &cobra.Command{
		Use:   "series KPI[.MEASURE]",
		Short: "List the figures of a KPI over time",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.KPI, f.Measure, _ = strings.Cut(args[0], ".")
			var err error
			if f.From, err = parseMonth(from); err != nil {
				return err
			}
			if f.To, err = parseMonth(to); err != nil {
				return err
			}
			return a.withHistory(c.Context(), func(_ *pipelines.Runner, h *pipelines.History) error {
				d, err := h.Current.Define(f.KPI, f.Measure)
				if err != nil {
					return usageError{err}
				}
				f.Measure = d.Measure
				all, err := h.Current.List(c.Context(), f)
				if err != nil {
					return err
				}
				return a.printFigures(all)
			})
		},
	}
	c.Flags().StringVar(&f.PeriodType, "period", "year", "month, quarter or year")
	c.Flags().StringVar(&f.Breakdown, "by", "total", "breakdown, such as country or sex")
	c.Flags().StringVar(&f.Member, "member", "", "only this member of the breakdown")
	c.Flags().StringVar(&from, "from", "", "first period's month, YYYY-MM")
	c.Flags().StringVar(&to, "to", "", "last period's month, YYYY-MM")
	return c
}

// withHistory opens the project and its releases for a command that reads them.
func (a *app) withHistory(ctx context.Context, do func(*pipelines.Runner, *pipelines.History) error) error {
	return a.withReleases(ctx, (*pipelines.Runner).OpenHistory, do)
}

func (a *app) withReleases(ctx context.Context, open func(*pipelines.Runner, context.Context) (*pipelines.History, error), do func(*pipelines.Runner, *pipelines.History) error) error {
	r, err := a.open(false)
	if err != nil {
		return err
	}
	h, err := open(r, ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	return do(r, h)
}

func (a *app) printDefinitions(all []figures.Definition) error {
	if a.output == "json" {
		return a.printJSON(list(all))
	}
	var rows [][]string
	for _, d := range all {
		rows = append(rows, []string{d.KPI + "." + d.Measure, d.Unit, d.Title.EN, d.Definition.EN})
	}
	a.table([]string{"MEASURE", "UNIT", "TITLE", "DEFINITION"}, rows)
	return nil
}

func (a *app) printFigure(f figures.Figure) error {
	if a.output == "json" {
		return a.printJSON(f)
	}
	fmt.Fprintln(a.stdout, figureText(f))
	a.say("%s, %s, as of %s (%s)", f.Address, f.Unit, f.AsOf, f.Status)
	if f.FrozenIn != "" {
		now := "not available"
		if f.Revised != nil {
			now = figures.Number("en", *f.Revised, figures.Decimals(*f.Revised))
		}
		a.say("The month is frozen in release %s; what is known now gives %s.", f.FrozenIn, now)
	}
	return nil
}

func (a *app) printFigures(all []figures.Figure) error {
	if a.output == "json" {
		return a.printJSON(list(all))
	}
	var rows [][]string
	for _, f := range all {
		rows = append(rows, []string{f.Address.Period, f.Address.Member, figureText(f), f.Status})
	}
	a.table([]string{"PERIOD", "MEMBER", "VALUE", "STATUS"}, rows)
	return nil
}

func figureText(f figures.Figure) string {
	if f.Value == nil {
		return strings.ReplaceAll(f.Status, "_", " ")
	}
	return figures.Number("en", *f.Value, figures.Decimals(*f.Value))
}

func (a *app) reconcileCommand() *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use:   "reconcile",
		Short: "Compare computed figures with every published one: equal, within tolerance, differs, not computable",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withReleases(c.Context(), (*pipelines.Runner).OpenVintages, func(_ *pipelines.Runner, h *pipelines.History) error {
				published, err := h.Current.PublishedFigures(c.Context())
				if err != nil {
					return err
				}
				rec, err := figures.Reconcile(c.Context(), h.Current, h.Earlier(h.Current), published)
				if err != nil {
					return err
				}
				switch a.output {
				case "json":
					return rec.WriteJSON(a.stdout)
				case "csv":
					return rec.WriteCSV(a.stdout, lang)
				}
				return rec.WriteText(a.stdout, lang)
			})
		},
	}
	c.Flags().StringVar(&lang, "lang", "en", "id or en")
	return c
}
