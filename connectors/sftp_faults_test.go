package connectors_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// numbered is text of which every part is another, so that a wrong place shows.
func numbered(bytes int) string {
	var b strings.Builder
	for i := 0; b.Len() < bytes; i++ {
		fmt.Fprintf(&b, "%d,", i)
	}
	return b.String()[:bytes]
}

func TestSFTPGoesOnWhereAConnectionBroke(t *testing.T) {
	t.Parallel()
	server, old := sftpInbox(t), today.Add(-time.Hour)
	text := numbered(5_000_000)
	server.Drop(t, "inbox/a.csv", text, old)
	server.Drop(t, "inbox/b.csv", "b", old)
	for _, at := range []int64{0, 10, 1000, 2500, 3500, 500_000, 3_000_000, 4_990_000} {
		proxy := connectortest.StartProxy(t, server.Address)
		proxy.CutAfter(at)
		p := pullRemote(newSFTP(server, proxy.Address, nil), connectors.Request{}, nil)
		if p.err != nil || !slices.Equal(p.got, []string{"a.csv=" + text, "b.csv=b"}) {
			t.Fatalf("cut after %d bytes: %d objects, %v", at, len(p.got), p.err)
		}
		if proxy.Connections() != 2 || len(p.waits) != 1 || p.retried != 1 {
			t.Errorf("cut after %d bytes: %d connections, waits %v, %d attempts counted", at, proxy.Connections(), p.waits, p.retried)
		}
	}
}

func TestSFTPDoesNotGoOnWithAnotherFile(t *testing.T) {
	t.Parallel()
	server := sftpInbox(t)
	server.Drop(t, "inbox/a.csv", numbered(3_000_000), today.Add(-2*time.Hour))
	proxy := connectortest.StartProxy(t, server.Address)
	proxy.CutAfter(2_000_000)
	p := pullRemote(newSFTP(server, proxy.Address, nil), connectors.Request{}, func(int) {
		server.Drop(t, "inbox/new", numbered(3_000_000), today.Add(-time.Hour))
		if err := os.Rename(filepath.Join(server.Home, "inbox/new"), filepath.Join(server.Home, "inbox/a.csv")); err != nil {
			t.Fatal(err)
		}
	})
	p.says(t, "reading 127.0.0.1:inbox/a.csv", "changed while it was read")
}

func TestSFTPNoticesAFileThatChangesUnderItsHands(t *testing.T) {
	t.Parallel()
	path := func(server *connectortest.SFTPServer) string { return filepath.Join(server.Home, "inbox/a.csv") }
	for name, change := range map[string]func(t *testing.T, server *connectortest.SFTPServer) error{
		"grows": func(t *testing.T, server *connectortest.SFTPServer) error {
			f, err := os.OpenFile(path(server), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteString("more")
			return err
		},
		"shrinks":  func(t *testing.T, server *connectortest.SFTPServer) error { return os.Truncate(path(server), 100) },
		"vanishes": func(t *testing.T, server *connectortest.SFTPServer) error { return os.Remove(path(server)) },
		"is touched": func(t *testing.T, server *connectortest.SFTPServer) error {
			return os.Chtimes(path(server), today, today)
		},
	} {
		server := sftpInbox(t)
		server.Drop(t, "inbox/a.csv", numbered(2_500_000), today.Add(-time.Hour))
		p := pullRemote(newSFTP(server, server.Address, nil), connectors.Request{}, func(int) {
			if err := change(t, server); err != nil {
				t.Fatal(err)
			}
		})
		if p.says(t, "reading 127.0.0.1:inbox/a.csv"); len(p.got) > 0 {
			t.Errorf("%s: and yet it came", name)
		}
	}
	// Between listing and opening.
	server := sftpInbox(t)
	server.Drop(t, "inbox/a.csv", "1", today.Add(-time.Hour))
	server.Drop(t, "inbox/b.csv", "1", today.Add(-time.Hour))
	p := pullRemote(newSFTP(server, server.Address, nil), connectors.Request{}, func(i int) {
		server.Drop(t, "inbox/b.csv", "22", today)
	})
	p.says(t, "opening 127.0.0.1:inbox/b.csv", "replaced meanwhile")
}

func TestSFTPGivesUpAConnectionThatStalls(t *testing.T) {
	t.Parallel()
	server := sftpInbox(t)
	server.Drop(t, "inbox/a.csv", numbered(3_000_000), today.Add(-time.Hour))
	for _, after := range []int64{0, 500, 2000, 3500} {
		proxy := connectortest.StartProxy(t, server.Address)
		proxy.StallAfter(after)
		begun := time.Now()
		p := pullRemote(newSFTP(server, proxy.Address, func(s *connectors.SFTP) {
			s.IdleTimeout, s.Retry.Attempts = 300*time.Millisecond, 2
		}), connectors.Request{}, nil)
		p.says(t, "no byte came within idle_timeout", "2 attempts")
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("stalled after %d bytes: took %s", after, took)
		}
	}
	// What gets on a little with every connection arrives in the end.
	proxy := connectortest.StartProxy(t, server.Address)
	proxy.StallAfter(1_400_000)
	p := pullRemote(newSFTP(server, proxy.Address, func(s *connectors.SFTP) { s.IdleTimeout = 1500 * time.Millisecond }), connectors.Request{}, nil)
	if p.err != nil || !slices.Equal(p.got, []string{"a.csv=" + numbered(3_000_000)}) || proxy.Connections() < 3 {
		t.Errorf("%v after %d connections", p.err, proxy.Connections())
	}
	p = pullRemote(newSFTP(server, server.Address, func(s *connectors.SFTP) { s.TotalTimeout = time.Nanosecond }), connectors.Request{}, nil)
	p.says(t, "a.csv", "total_timeout")
}

func TestSFTPIsCancelledInTheMiddleOfAFile(t *testing.T) {
	t.Parallel()
	server := sftpInbox(t)
	server.Drop(t, "inbox/a.csv", numbered(3_000_000), today.Add(-time.Hour))
	proxy := connectortest.StartProxy(t, server.Address)
	proxy.StallAfter(1_000_000)
	connector, err := newSFTP(server, proxy.Address, nil).Connect(connectors.Env{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	for object, err := range connector.Pull(ctx, connectors.Request{Now: today}) {
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(100*time.Millisecond, cancel)
		if _, err := io.ReadAll(object.Body); !errors.Is(err, context.Canceled) || errors.Is(err, connectors.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
		break
	}
	cancel()
}

func TestSFTPMovesWhatIsCommitted(t *testing.T) {
	t.Parallel()
	server, old := sftpInbox(t), today.Add(-time.Hour)
	here := func(name string) bool { _, err := os.Stat(filepath.Join(server.Home, name)); return err == nil }
	server.Drop(t, "inbox/sub/a.csv", "1", old)
	server.Drop(t, "inbox/b.csv", "1", old)
	s := newSFTP(server, server.Address, func(s *connectors.SFTP) { s.After, s.MoveTo = "move", "taken" })
	first := pullRemote(s, connectors.Request{}, nil)
	if first.err != nil || len(first.got) != 2 || !here("inbox/b.csv") {
		t.Fatalf("nothing is committed yet, so nothing moves: %v, %v", first.got, first.err)
	}
	// A pull whose delivery was not committed comes again with the position before it.
	if p := pullRemote(s, connectors.Request{}, nil); p.err != nil || len(p.got) != 2 || !here("inbox/b.csv") {
		t.Fatalf("got %v, %v", p.got, p.err)
	}
	if p := pullRemote(s, connectors.Request{Position: first.position, Window: connectors.Window{To: today}}, nil); p.err != nil || len(p.got) != 2 || !here("inbox/b.csv") {
		t.Fatalf("a backfill moves nothing: %v, %v", p.got, p.err)
	}
	server.Drop(t, "inbox/b.csv", "22", old)
	server.Drop(t, "inbox/c.csv", "1", old)
	second := pullRemote(s, connectors.Request{Position: first.position}, nil)
	if want := []string{"b.csv=22", "c.csv=1"}; second.err != nil || !slices.Equal(second.got, want) {
		t.Fatalf("got %v, %v", second.got, second.err)
	}
	if here("inbox/sub/a.csv") || !here("inbox/taken/sub/a.csv") || !here("inbox/b.csv") || here("inbox/taken/b.csv") {
		t.Error("what was committed and is unchanged moves, a newer one stays until it is taken")
	}
	// The same name once more: what moved before is not written over.
	server.Drop(t, "inbox/sub/a.csv", "333", old)
	third := pullRemote(s, connectors.Request{Position: second.position}, nil)
	fourth := pullRemote(s, connectors.Request{Position: third.position}, nil)
	if third.err != nil || !slices.Equal(third.got, []string{"sub/a.csv=333"}) || fourth.err != nil || len(fourth.got) != 0 {
		t.Fatalf("got %v, %v, then %v, %v", third.got, third.err, fourth.got, fourth.err)
	}
	for name, want := range map[string]string{"sub/a.csv": "1", "sub/a.2.csv": "333", "b.csv": "22", "c.csv": "1"} {
		if text, err := os.ReadFile(filepath.Join(server.Home, "inbox/taken", name)); err != nil || string(text) != want {
			t.Errorf("taken/%s: %q, %v", name, text, err)
		}
	}
}

func TestSFTPTakesDataThoughItMayNotMove(t *testing.T) {
	t.Parallel()
	server, old := sftpInbox(t), today.Add(-time.Hour)
	server.Drop(t, "inbox/a.csv", "1", old)
	s := newSFTP(server, server.Address, func(s *connectors.SFTP) { s.After, s.MoveTo = "move", filepath.Join(server.Home, "taken") })
	s.Path = filepath.Join(server.Home, "inbox")
	first := pullRemote(s, connectors.Request{}, nil)
	if err := os.Chmod(server.Home, 0o555); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(server.Home, 0o755) }()
	server.Drop(t, "inbox/b.csv", "1", old)
	p := pullRemote(s, connectors.Request{Position: first.position}, nil)
	if first.err != nil || p.err != nil || !slices.Equal(p.got, []string{"b.csv=1"}) {
		t.Fatalf("got %v, %v", p.got, p.err)
	}
	if !strings.Contains(p.log, "could not be moved") || !strings.Contains(p.log, "no permission") {
		t.Errorf("the log does not say so: %s", p.log)
	}
}
