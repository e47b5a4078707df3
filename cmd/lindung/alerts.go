package main

import (
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/pipelines"
	"github.com/kp2mi/lindung/pipelines/ledger"
)

func (a *app) alertsCommand() *cobra.Command {
	c := &cobra.Command{Use: "alerts", Short: "What people are told of what goes wrong: list it, quieten it, try a channel"}
	c.AddCommand(a.alertsListCommand(), a.alertsAckCommand(), a.alertsUnackCommand(), a.alertsTestCommand(), a.alertsDigestCommand(), a.alertsSendCommand())
	return c
}

// watch opens the project with its ledger and gives them to do. It is what all commands about alerts begin with.
func (a *app) watch(do func(r *pipelines.Runner, l *ledger.Ledger, w *pipelines.Watch) error) error {
	r, err := a.open(false)
	if err != nil {
		return err
	}
	l, err := r.OpenLedger()
	if err != nil {
		return err
	}
	return errors.Join(do(r, l, pipelines.NewWatch(r, l)), l.Close())
}

func (a *app) alertsListCommand() *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List what holds, since when, and who takes care of it; what waits for its delivery",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := a.open(false)
			if err != nil {
				return err
			}
			if !ledger.Exists(r.Project.DataDir) { // whoever only looks makes none
				return a.printAlerts(r, &pipelines.AlertState{})
			}
			return a.watch(func(r *pipelines.Runner, _ *ledger.Ledger, w *pipelines.Watch) error {
				state, err := w.State(all)
				if err != nil {
					return err
				}
				return a.printAlerts(r, state)
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, "also what has ended")
	return c
}

func (a *app) printAlerts(r *pipelines.Runner, s *pipelines.AlertState) error {
	if a.output == "json" {
		s.Notices, s.Waiting = list(s.Notices), list(s.Waiting)
		return a.printJSON(s)
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(r.Project.TimeZone).Format("2006-01-02 15:04")
	}
	var rows [][]string
	for _, n := range s.Notices {
		care := ""
		switch {
		case !n.Open():
			care = "ended " + at(n.Ended)
		case n.AckUntil.After(r.Now):
			care = n.AckedBy + " until " + at(n.AckUntil) + ": " + n.AckWhy
		}
		rows = append(rows, []string{n.Key, n.Severity, at(n.Since), at(n.Sent), care, n.TextEN, n.Command})
	}
	if len(rows) > 0 {
		a.table([]string{"ALERT", "SEVERITY", "SINCE", "TOLD", "CARE", "WHAT", "COMMAND"}, rows)
	}
	for _, m := range s.Waiting {
		fmt.Fprintf(a.stdout, "A message of %s waits on channel %s after %d attempts: %s\n", at(m.Made), m.Channel, m.Attempts, m.Problem)
	}
	if s.Heartbeat != "" {
		fmt.Fprintf(a.stdout, "The heartbeat is not answered: %s\n", s.Heartbeat)
	}
	switch {
	case s.Looked.IsZero():
		fmt.Fprintln(a.stdout, "Nobody has looked yet: it is lindung serve that does, or lindung alerts send.")
	case len(rows) == 0:
		fmt.Fprintf(a.stdout, "Nothing is wrong, as of %s.\n", at(s.Looked))
	default:
		fmt.Fprintf(a.stdout, "As of %s.\n", at(s.Looked))
	}
	return nil
}

// longestAck keeps an acknowledgement from lasting for ever.
const longestAck = 90 * 24 * time.Hour

func (a *app) alertsAckCommand() *cobra.Command {
	var length, why string
	c := &cobra.Command{
		Use:   "ack KIND/SUBJECT --for 3d --why TEXT",
		Short: "Say that you take care of something: it is not told meanwhile",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := configs.ParseDuration(length)
			switch {
			case err != nil:
				return usagef("--for: %v", err)
			case d <= 0 || d > longestAck:
				return usagef("--for %s: give a time up to 90d, so that it comes up again", length)
			case strings.TrimSpace(why) == "":
				return usagef("--why: say why, for whoever reads it next")
			}
			return a.watch(func(r *pipelines.Runner, l *ledger.Ledger, _ *pipelines.Watch) error {
				if err := l.Ack(args[0], osUser(), strings.Join(strings.Fields(why), " "), r.Now.Add(d), r.Now); err != nil {
					return a.knownAlert(l, args[0], err)
				}
				a.say("%s is not told until %s.", args[0], r.Now.Add(d).In(r.Project.TimeZone).Format("2006-01-02 15:04"))
				return nil
			})
		},
	}
	c.Flags().StringVar(&length, "for", "1d", "how long, such as 12h or 3d")
	c.Flags().StringVar(&why, "why", "", "what is being done about it")
	return c
}

// knownAlert says which alert was probably meant.
func (a *app) knownAlert(l *ledger.Ledger, key string, err error) error {
	if !errors.Is(err, ledger.ErrNoNotice) {
		return err
	}
	notices, listErr := l.Notices()
	var keys []string
	for _, n := range notices {
		if n.Open() {
			keys = append(keys, n.Key)
		}
	}
	if near := configs.Suggest(key, keys); listErr == nil && near != "" {
		return usagef("%v; did you mean %q?", err, near)
	}
	return usagef("%v", err)
}

func osUser() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

func (a *app) alertsUnackCommand() *cobra.Command {
	return &cobra.Command{
		Use: "unack KIND/SUBJECT", Short: "Take an acknowledgement back", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.watch(func(_ *pipelines.Runner, l *ledger.Ledger, _ *pipelines.Watch) error {
				if err := l.Unack(args[0]); err != nil {
					return a.knownAlert(l, args[0], err)
				}
				a.say("%s is told again.", args[0])
				return nil
			})
		},
	}
}

func (a *app) alertsTestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "test CHANNEL", Short: "Send a test message on a channel", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.watch(func(r *pipelines.Runner, _ *ledger.Ledger, w *pipelines.Watch) error {
				if err := w.TestChannel(c.Context(), args[0], r.Now); err != nil {
					return err
				}
				a.say("Delivered on %s.", args[0])
				return nil
			})
		},
	}
}

func (a *app) alertsDigestCommand() *cobra.Command {
	var show bool
	var language string
	c := &cobra.Command{
		Use:   "digest",
		Short: "Send the summary of the last day to its channel now, or print it",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if language != "" && language != "id" && language != "en" {
				return usagef("--language %q is not known; use id or en", language)
			}
			return a.watch(func(r *pipelines.Runner, _ *ledger.Ledger, w *pipelines.Watch) error {
				if !show {
					return w.SendDigest(c.Context(), r.Now)
				}
				d, err := w.Digest(r.Now)
				if err != nil {
					return err
				}
				if language == "" {
					language = r.Project.Alerts.Language
				}
				if a.output == "json" {
					return a.printJSON(d)
				}
				subject, text, err := d.Write(language, r.Project.TimeZone)
				fmt.Fprintf(a.stdout, "%s\n\n%s", subject, text)
				return err
			})
		},
	}
	c.Flags().BoolVar(&show, "print", false, "print it, and send nothing")
	c.Flags().StringVar(&language, "language", "", "with --print: id or en (default: alerts.language)")
	return c
}

func (a *app) alertsSendCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "send",
		Short: "Look once and tell what is to be told, where lindung serve does not run",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.watch(func(r *pipelines.Runner, _ *ledger.Ledger, w *pipelines.Watch) error {
				err := w.Tick(c.Context(), r.Now, nil)
				w.Wait()
				return err
			})
		},
	}
}
