package samples

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// Serve starts the sample systems on a free port of this machine's loopback address and
// gives their address. stop ends them.
func (w *World) Serve(now func() time.Time) (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("starting the sample sources: %w", err)
	}
	server := &http.Server{Handler: w.Handler(now), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // it returns when stop closes the server
	return "http://" + listener.Addr().String(), func() { _ = server.Close() }, nil
}
