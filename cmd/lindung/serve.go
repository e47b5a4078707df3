package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) serveCommand() *cobra.Command {
	var once bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the project unattended: feeds by their schedules, then the build and the report",
		Long: `Serve runs the feeds by the schedules in their sources' files, builds a release when they
brought something, and writes the report of the month. It runs in the foreground until it is
interrupted (SIGINT, SIGTERM); runs that are under way may end, for at most 30 seconds. SIGHUP
makes it read the configuration again; one that is not valid is refused and the old one kept.
With --once it does what came due since the last time, and ends: for a machine where a timer starts it.
It logs to stderr (--log text, unless said otherwise), keeps the lines of each run for
"lindung runs logs", and answers /metrics, /healthz and /readyz at serve.listen.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("log") {
				a.logForm = pipelines.LogText // nobody sits before it
			}
			clock, err := a.clockOnwards()
			if err != nil {
				return err
			}
			reload := make(chan os.Signal, 1)
			signal.Notify(reload, syscall.SIGHUP)
			defer signal.Stop(reload)
			s, err := pipelines.Serve(pipelines.ServeOptions{Dir: a.dir, Code: version, Log: a.logger(), Clock: clock, Reload: reload,
				Notify: func(state string) { _, _ = daemon.SdNotify(false, state) }})
			if err != nil {
				return err
			}
			defer s.Close()
			a.stops = true
			if once {
				return s.Settle(c.Context())
			}
			return s.Run(c.Context())
		},
	}
	c.Flags().BoolVar(&once, "once", false, "do what is due, and end")
	return c
}

// clockOnwards is the clock, or one that goes on from --now.
func (a *app) clockOnwards() (func() time.Time, error) {
	from, err := a.present()
	if err != nil || from.IsZero() {
		return a.clock, err
	}
	began := a.clock()
	return func() time.Time { return from.Add(a.clock().Sub(began)) }, nil
}
