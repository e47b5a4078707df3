package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/samples"
	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) demoCommand() *cobra.Command {
	o := samples.Options{Seed: 1}
	var until string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run everything on sample sources, offline: three deliveries, three releases, a report",
		Long: `Starts sample sources on this machine, pulls their deliveries of 2024-01-15, 2025-01-31
and 2026-01-15, builds and publishes a release after each, and writes the report of
2025-12. The folder is --dir (default: lindung-demo). Run it again: it pulls only what
is new and says so.

The sample data are synthetic persons; totals by year and country equal the ministry's
published table. Everything is marked as sample.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("dir") {
				a.dir = "lindung-demo"
			}
			last := samples.Deliveries()[len(samples.Deliveries())-1]
			if until != "" {
				var err error
				if last, err = endOfDay(until); err != nil {
					return err
				}
			}
			return a.demo(c.Context(), o, last)
		},
	}
	c.Flags().StringVar(&until, "until", "", "stop after the deliveries up to this day, YYYY-MM-DD (default: all)")
	c.Flags().Float64Var(&o.Scale, "scale", 1, "size of the sample world; 1 is national")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "seed of the sample world: same seed, same bytes")
	return c
}

// A demoView is what `lindung demo --output json` prints.
type demoView struct {
	Dir      string                 `json:"dir"`
	Runs     []*pipelines.RunReport `json:"runs"`
	Report   string                 `json:"report"`
	DuckDB   string                 `json:"duckdb"`
	Queries  []string               `json:"queries"`
	Seconds  float64                `json:"seconds"`
	AllKnown bool                   `json:"nothing_new"`
}

func (a *app) demo(ctx context.Context, o samples.Options, until time.Time) error {
	began := a.clock()
	world := samples.New(o)
	if err := a.demoProject(world); err != nil {
		return err
	}
	clock, stop, err := a.serveSamples(world)
	if err != nil {
		return err
	}
	defer stop()
	view := &demoView{Dir: a.dir, Queries: demoQueries}
	deliveries := slices.DeleteFunc(samples.Deliveries(), func(at time.Time) bool { return at.After(until) })
	for i, at := range deliveries {
		report, err := a.deliver(ctx, world, clock, at, i == 0, i == len(deliveries)-1)
		if err != nil {
			return err
		}
		if report == nil {
			continue
		}
		view.Runs = append(view.Runs, report)
	}
	if view.Report, view.DuckDB, err = a.demoReport(ctx); err != nil {
		return err
	}
	view.AllKnown = len(view.Runs) == 1 && !view.Runs[0].Committed()
	view.Seconds = a.clock().Sub(began).Seconds()
	if a.output == "json" {
		return a.printJSON(view)
	}
	a.printDemo(view)
	return nil
}

// demoProject writes the sample project, once.
func (a *app) demoProject(world *samples.World) error {
	if _, err := os.Stat(filepath.Join(a.dir, "lindung.yaml")); err == nil {
		return nil
	}
	return writeProject(a.dir, demoFiles(world), true)
}

// demoFiles is the sample project with the bands of what this world sends.
func demoFiles(world *samples.World) map[string][]byte {
	files := configs.SampleFiles()
	for feed, band := range world.Volumes() {
		begin := []byte("\n  " + feed + ":\n")
		line := fmt.Appendf(nil, "    volume: {min: %d, max: %d}   # what a sample world of this scale sends\n", band.Min, band.Max)
		for name, text := range files {
			if strings.HasPrefix(name, "sources/") {
				files[name] = bytes.Replace(text, begin, slices.Concat(begin, line), 1)
			}
		}
	}
	return files
}

// serveSamples starts the sample sources on loopback. What they know depends on a clock
// that the demo moves from delivery to delivery.
func (a *app) serveSamples(world *samples.World) (clock *atomic.Pointer[time.Time], stop func(), err error) {
	clock = &atomic.Pointer[time.Time]{}
	url, stopWeb, err := world.Serve(func() time.Time { return *clock.Load() })
	if err != nil {
		return nil, nil, err
	}
	files, err := world.ServeSFTP(func() time.Time { return *clock.Load() })
	if err != nil {
		stopWeb()
		return nil, nil, err
	}
	stop = func() { stopWeb(); files.Stop() }
	for name, value := range map[string]string{
		"LINDUNG_SAMPLE_URL":           url,
		"LINDUNG_SAMPLE_CLIENT_SECRET": samples.ClientSecret,
		"LINDUNG_SAMPLE_API_KEY":       samples.APIKey,
		"LINDUNG_SAMPLE_SFTP_HOST":     files.Host,
		"LINDUNG_SAMPLE_SFTP_PORT":     files.Port,
		"LINDUNG_SAMPLE_SFTP_HOST_KEY": files.HostKey,
		"LINDUNG_SAMPLE_SFTP_PASSWORD": samples.SFTPPassword,
	} {
		if err := os.Setenv(name, value); err != nil {
			stop()
			return nil, nil, err
		}
	}
	return clock, stop, nil
}

// deliver moves the sample world's clock to a delivery and runs every feed. A delivery
// that the log already knows is passed over, except the newest: it shows that a second
// run pulls only what is new. The first and the newest end in a release, between which
// figures are restated; one for each in between would say no more.
func (a *app) deliver(ctx context.Context, world *samples.World, clock *atomic.Pointer[time.Time], at time.Time, first, newest bool) (*pipelines.RunReport, error) {
	clock.Store(&at)
	a.now = at.Format(time.RFC3339)
	r, err := a.open(true)
	if err != nil {
		return nil, err
	}
	known, err := r.LastKnown()
	if err != nil {
		return nil, err
	}
	if !known.Before(at) && !newest {
		return nil, nil
	}
	if a.output == "text" {
		fmt.Fprintf(a.stdout, "\nDelivery of %s\n", at.Format("2006-01-02"))
	}
	if err := world.WriteDrops(a.dir, at); err != nil {
		return nil, err
	}
	active := r.ActiveFeeds()
	on := func(feed string) bool {
		return slices.ContainsFunc(active, func(f *configs.Feed) bool { return f.Name == feed })
	}
	if err := world.WritePartnerFiles(a.dir, at, on); err != nil {
		return nil, err
	}
	report, err := r.Run(ctx, pipelines.RunOptions{NoBuild: !first && !newest})
	if err != nil {
		return nil, a.finish(report, err)
	}
	if a.output == "text" {
		a.printRun(report)
	}
	return report, nil
}

var demoQueries = []string{
	"select period, value, status from figures where kpi = 'PLC-01' and measure = 'services' and period_type = 'year' and breakdown = 'total' order by period",
	"select c.name_id, f.value from figures f join dim_country c on c.code = f.member where f.kpi = 'PLC-01' and f.measure = 'services' and f.period = '2024' and f.breakdown = 'country' order by f.value desc limit 10",
	"select code, feed, column_name, problems from meta.rejects order by problems desc",
}

func (a *app) printDemo(v *demoView) {
	w := a.stdout
	fmt.Fprintf(w, "\n%s\n\n", sampleBanner)
	if v.AllKnown {
		fmt.Fprintf(w, "Nothing new since the last run: every source was asked, and only what is new is pulled.\n\n")
	}
	fmt.Fprintf(w, "Took %s. Where to look:\n  report   %s\n  DuckDB   %s\n\nThree queries to try:\n", seconds(v.Seconds), shown(v.Report), shown(v.DuckDB))
	for _, q := range v.Queries {
		fmt.Fprintf(w, "  lindung query --dir %s \"%s\"\n", v.Dir, q)
	}
	fmt.Fprintf(w, "And:\n  lindung kpi value PLC-01 2023 --as-of 2024-02-01 --dir %s\n  lindung explain PLC-01/2024 --dir %s\n  lindung reconcile --dir %s\n", v.Dir, v.Dir, v.Dir)
}
