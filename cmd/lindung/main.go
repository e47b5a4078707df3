// Command lindung pulls placement, case and remittance data from ministry and partner
// sources, keeps them as Parquet, and builds the DuckDB warehouse, the protection and
// empowerment KPIs and the reports that rest on them.
//
// This package owns flags, wiring and output. It holds no logic of the rooms that it
// joins, and it alone reads the clock and the environment.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is set by the linker for releases.
var version = "0.1.0-dev"

func main() {
	// Libraries that write to the standard log quote what sources sent: net/http, what
	// stood behind an answer that is longer than it says. Our own log is slog.
	log.SetOutput(io.Discard)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, clock: time.Now}
	os.Exit(a.run(ctx, os.Args[1:]))
}
