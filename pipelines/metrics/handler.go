package metrics

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// answerWithin is how long an answer may take, so that whoever asks learns of a ledger that
// hangs before he gives up.
const answerWithin = 20 * time.Second

// A Check is one thing that must be well. Its words name no person.
type Check struct {
	Name string
	Do   func(context.Context) error
}

// Handler answers GET /metrics, /healthz (whether the process is alive) and /readyz (whether
// it can do its work). An answer about health is a line for each check, and 503 when one of them
// is not well.
func Handler(c *Collector, alive, ready []Check) http.Handler {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelError), ErrorHandling: promhttp.ContinueOnError,
		MaxRequestsInFlight: 4, Timeout: answerWithin, CoalesceGather: true,
	}))
	mux.Handle("GET /healthz", answer(alive))
	mux.Handle("GET /readyz", answer(ready))
	return mux
}

func answer(checks []Check) http.Handler {
	return http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusOK
		var text strings.Builder
		for _, check := range checks {
			if err := check.Do(r.Context()); err != nil {
				status = http.StatusServiceUnavailable
				fmt.Fprintf(&text, "%s: %s\n", check.Name, strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "\n  "))
				continue
			}
			fmt.Fprintf(&text, "%s: ok\n", check.Name)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			_, _ = w.Write([]byte(text.String()))
		}
	}), answerWithin, "no answer came in time\n")
}

// Server serves a handler on an address, within limits of time and size. Whoever starts it
// stops it with Shutdown.
func Server(listen string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: listen, Handler: h,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: answerWithin + 10*time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
