package connectors_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

func TestFilesWaitsForMarkers(t *testing.T) {
	old := today.Add(-time.Hour)
	for _, c := range []struct {
		marker string
		files  []string // name@minutes after the first
		want   string
	}{
		{"{name}.ok", []string{"a.csv", "a.csv.ok", "b.csv", "sub/c.csv", "sub/c.csv.ok", "d.csv.ok"}, "a.csv sub/c.csv"},
		{"{stem}.done", []string{"a.csv", "a.done", "b.csv", "b.csv.done"}, "a.csv"},
		{".{name}.siap", []string{"a.csv", ".a.csv.siap", "b.csv"}, "a.csv"},
		{"_SUCCESS", []string{"2024/a.csv", "2024/b.csv", "2024/_SUCCESS", "2025/c.csv"}, "2024/a.csv 2024/b.csv"},
		{"", []string{"a.csv", "a.csv.ok"}, "a.csv a.csv.ok"},
	} {
		dir := t.TempDir()
		for _, name := range c.files {
			drop(t, dir, name, "x", old)
		}
		s := newFiles(func(s *connectors.Files) { s.Marker = c.marker })
		got, position, err := pullFiles(t, dir, s, connectors.Request{})
		if want := strings.ReplaceAll(c.want+" ", " ", "=x "); err != nil || strings.Join(got, " ")+" " != want {
			t.Errorf("%s: got %v, %v, want %s", c.marker, got, err, c.want)
		}
		if c.marker == "{name}.ok" {
			// What was left comes once its marker does; what was taken does not come again.
			drop(t, dir, "b.csv.ok", "", old)
			if got, _, err = pullFiles(t, dir, s, connectors.Request{Position: position}); err != nil || !slices.Equal(got, []string{"b.csv=x"}) {
				t.Errorf("afterwards: got %v, %v", got, err)
			}
		}
	}
}

// A file that is sent again under its old marker is not whole before a new one.
func TestFilesDoesNotTrustAnOldMarker(t *testing.T) {
	dir := t.TempDir()
	s := newFiles(func(s *connectors.Files) { s.Marker = "{name}.ok" })
	drop(t, dir, "a.csv.ok", "", today.Add(-2*time.Hour))
	drop(t, dir, "a.csv", "half", today.Add(-time.Hour))
	if got, _, err := pullFiles(t, dir, s, connectors.Request{}); err != nil || len(got) > 0 {
		t.Errorf("got %v, %v", got, err)
	}
	drop(t, dir, "a.csv.ok", "", today.Add(-time.Hour))
	if got, _, err := pullFiles(t, dir, s, connectors.Request{}); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestMarkersAreChecked(t *testing.T) {
	for _, marker := range []string{"{name}", "{stem}", "../{name}.ok", `x\{name}`, "{folder}.ok", "{name}{stem}", ".hidden", "*.ok"} {
		if _, err := newFiles(func(s *connectors.Files) { s.Marker = marker }).Connect(connectors.Env{}); err == nil || !strings.Contains(err.Error(), "marker") {
			t.Errorf("%q: %v", marker, err)
		}
	}
}

func TestSFTPMovesAMarkerWithItsFile(t *testing.T) {
	t.Parallel()
	server := sftpInbox(t)
	old := today.Add(-time.Hour)
	for _, name := range []string{"a.csv", "a.csv.ok", "b.csv"} {
		server.Drop(t, "inbox/"+name, "x", old)
	}
	s := newSFTP(server, server.Address, func(s *connectors.SFTP) { s.Marker, s.After, s.MoveTo = "{name}.ok", "move", "taken" })
	p := pullRemote(s, connectors.Request{}, nil)
	if p.err != nil || !slices.Equal(p.got, []string{"a.csv=x"}) || !strings.Contains(p.log, "marker") {
		t.Fatalf("got %v, %v", p.got, p.err)
	}
	if p = pullRemote(s, connectors.Request{Position: p.position}, nil); p.err != nil || len(p.got) > 0 {
		t.Fatalf("got %v, %v", p.got, p.err)
	}
	for name, there := range map[string]bool{"taken/a.csv": true, "taken/a.csv.ok": true, "a.csv.ok": false, "b.csv": true} {
		if _, err := os.Stat(filepath.Join(server.Home, "inbox", name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestS3WaitsForMarkers(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	bucket := newBucket(t, server, "kiriman")
	for _, key := range []string{"2024/a.csv", "2024/b.csv", "2024/_SUCCESS", "2025/c.csv"} {
		bucket.put(key, "1")
	}
	p := pullRemote(newS3(server.Address, "kiriman", func(s *connectors.S3) { s.Marker = "_SUCCESS" }), connectors.Request{}, nil)
	if p.err != nil || !slices.Equal(p.got, []string{"2024/a.csv=1", "2024/b.csv=1"}) {
		t.Errorf("got %v, %v", p.got, p.err)
	}
}
