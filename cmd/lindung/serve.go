package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/pipelines"
)

func (a *app) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the project unattended: feeds by their schedules, then the build and the report",
		Long: `Serve runs the feeds by the schedules in their sources' files, builds a release when they
brought something, and writes the report of the month. It runs in the foreground until it is
interrupted (SIGINT, SIGTERM); runs that are under way may end, for at most 30 seconds. SIGHUP
makes it read the configuration again; one that is not valid is refused and the old one kept.
It logs to stderr (--log text, unless said otherwise), keeps the lines of each run for
"lindung runs logs", and answers /metrics, /healthz and /readyz at serve.listen.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("log") {
				a.logForm = pipelines.LogText // nobody sits before it
			}
			reload := make(chan os.Signal, 1)
			signal.Notify(reload, syscall.SIGHUP)
			defer signal.Stop(reload)
			s, err := pipelines.Serve(pipelines.ServeOptions{Dir: a.dir, Code: version, Log: a.logger(), Clock: a.clock, Reload: reload,
				Notify: func(state string) { _, _ = daemon.SdNotify(false, state) }})
			if err != nil {
				return err
			}
			defer s.Close()
			a.stops = true
			return s.Run(c.Context())
		},
	}
}
