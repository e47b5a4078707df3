package connectortest

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// absent ends a test whose server is not installed: it is skipped on a desk, and a
// failure where everything must be tested.
func absent(t testing.TB, what, remedy string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not there, and with CI=true it must be: %s", what, remedy)
	}
	t.Skipf("%s is not there: %s", what, remedy)
}

// freePort is a port of this machine that nothing listens on.
func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// A serverLog keeps what a server writes, for the test that fails.
type serverLog struct {
	sync.Mutex
	text bytes.Buffer
}

// Write keeps some of what comes.
func (l *serverLog) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	if l.text.Len() < 1<<20 {
		l.text.Write(p)
	}
	return len(p), nil
}

// String is what was written.
func (l *serverLog) String() string {
	l.Lock()
	defer l.Unlock()
	return l.text.String()
}

// runServer starts a server on a free port of this machine, waits until it listens,
// and ends it with the test. command makes the command for a port.
func runServer(t testing.TB, command func(port string) *exec.Cmd) (address string) {
	t.Helper()
	var log *serverLog
	for range 3 {
		port := freePort(t)
		address, log = net.JoinHostPort("127.0.0.1", port), &serverLog{}
		cmd := command(port)
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Start(); err != nil {
			t.Fatalf("starting %s: %v", cmd.Path, err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		if listens(address, ended) {
			t.Cleanup(func() {
				_ = cmd.Process.Kill()
				<-ended
				if t.Failed() {
					t.Logf("what the server wrote:\n%s", tail(log.String(), 4000))
				}
			})
			return address
		}
		_ = cmd.Process.Kill()
		<-ended
	}
	t.Fatalf("the server does not listen:\n%s", log)
	return ""
}

// listens waits for at most 20 seconds.
func listens(address string, ended <-chan struct{}) bool {
	for range 1000 {
		select {
		case <-ended:
			return false // somebody else took the port
		default:
		}
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

func tail(text string, n int) string {
	text = strings.TrimSpace(text)
	return text[max(0, len(text)-n):]
}
