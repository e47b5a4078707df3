package connectors_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// newSFTP is settings that read the folder inbox of a server, reached at an address.
func newSFTP(server *connectortest.SFTPServer, address string, change func(*connectors.SFTP)) *connectors.SFTP {
	kind, _ := connectors.Lookup("sftp")
	s := kind.New().(*connectors.SFTP)
	host, port, _ := net.SplitHostPort(address)
	s.Host, s.User, s.Path = host, connectortest.SFTPUser, "inbox"
	_ = s.Port.UnmarshalText([]byte(port)) // a port of our own server
	s.PrivateKey, s.HostKey = connectors.Secret(server.PrivateKey), server.HostKeyLine()
	if change != nil {
		change(s)
	}
	return s
}

// sftpInbox is a server with an empty inbox.
func sftpInbox(t *testing.T) *connectortest.SFTPServer {
	server := connectortest.StartSFTP(t)
	server.Drop(t, "inbox/.hidden", "", today)
	return server
}

// A remotePull is what came of a pull from a real server.
type remotePull struct {
	got      []string // name=text
	position []byte
	log      string
	waits    []time.Duration
	retried  int
	err      error
}

func pullRemote(s connectors.Settings, req connectors.Request, between func(i int)) (p remotePull) {
	var log bytes.Buffer
	connector, err := s.Connect(connectors.Env{
		Log:   slog.New(slog.NewTextHandler(&log, nil)),
		Sleep: func(ctx context.Context, d time.Duration) error { p.waits = append(p.waits, d); return ctx.Err() },

		Retried: func() { p.retried++ },
	})
	if err != nil {
		return remotePull{err: err}
	}
	req.Now = today
	for object, err := range connector.Pull(context.Background(), req) {
		if p.err = err; err != nil {
			break
		}
		if between != nil {
			between(len(p.got))
		}
		data, err := io.ReadAll(object.Body)
		if p.err = err; err != nil {
			break
		}
		p.got = append(p.got, object.Name+"="+string(data))
		if object.Position != nil {
			p.position = object.Position
		}
	}
	p.log = log.String()
	return p
}

// says checks that an error names everything in want and is about the source.
func (p remotePull) says(t *testing.T, want ...string) {
	t.Helper()
	if !errors.Is(p.err, connectors.ErrUnavailable) {
		t.Fatalf("%v, want an error that wraps ErrUnavailable", p.err)
	}
	for _, text := range want {
		if !strings.Contains(p.err.Error(), text) {
			t.Errorf("the error does not say %q: %v", text, p.err)
		}
	}
}

// keepsSecrets checks that neither error nor log holds any secret.
func (p remotePull) keepsSecrets(t *testing.T, secrets ...string) {
	t.Helper()
	for _, secret := range append(secrets, "kenari") {
		if strings.Contains(fmt.Sprint(p.err)+p.log, secret) {
			t.Error("a secret is in the error or the log")
		}
	}
}

func TestSFTPConforms(t *testing.T) {
	t.Parallel()
	server := connectortest.StartSFTP(t)
	sources := 0
	connectortest.Run(t, connectortest.Harness{
		Kind: "sftp",
		Start: func(t *testing.T) *connectortest.Source {
			sources++
			proxy, folder, added := connectortest.StartProxy(t, server.Address), fmt.Sprintf("source%d", sources), 0
			server.Drop(t, folder+"/.hidden", "", today)
			return &connectortest.Source{
				Settings: newSFTP(server, proxy.Address, func(s *connectors.SFTP) {
					s.Path, s.Password = folder, connectortest.SFTPPassword
				}),
				Env: connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }},
				Add: func(n int) {
					for range n {
						added++
						server.Drop(t, fmt.Sprintf("%s/2025/unit_%03d.csv", folder, added), fmt.Sprintf("id\n%d\n", added), today.AddDate(0, -1, added))
					}
				},
				Break: proxy.Close,
			}
		},
		Secrets: []string{connectortest.SFTPPassword, "PRIVATE KEY"},
	})
}

func TestSFTPTakesFilesByTheRulesOfFolders(t *testing.T) {
	t.Parallel()
	server, old := sftpInbox(t), today.Add(-24*time.Hour)
	for _, name := range []string{"b.csv", "a.csv", "sub/c.csv", "e.xlsx", ".git/x.csv", "f.csv.part", "g.tmp", "sub/.h.csv"} {
		server.Drop(t, "inbox/"+name, "1", old)
	}
	server.Drop(t, "inbox/fresh.csv", "1", today.Add(-30*time.Second))
	server.Drop(t, "inbox/spasi dan 'kutip'.csv", "1", old)
	s := newSFTP(server, server.Address, func(s *connectors.SFTP) { s.Match = []string{"**/*.csv"} })
	p := pullRemote(s, connectors.Request{}, nil)
	if want := []string{"a.csv=1", "b.csv=1", "spasi dan 'kutip'.csv=1", "sub/c.csv=1"}; p.err != nil || !slices.Equal(p.got, want) {
		t.Fatalf("got %v, %v, want %v", p.got, p.err, want)
	}
	server.Drop(t, "inbox/b.csv", "22", old)                // same time, other size
	server.Drop(t, "inbox/a.csv", "3", old.Add(time.Hour))  // same size, other time
	server.Drop(t, "inbox/z.csv", "1", old.Add(-time.Hour)) // older than all, and new
	p = pullRemote(s, connectors.Request{Position: p.position}, nil)
	if want := []string{"a.csv=3", "b.csv=22", "z.csv=1"}; p.err != nil || !slices.Equal(p.got, want) {
		t.Fatalf("got %v, %v, want %v", p.got, p.err, want)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(server.Home, "inbox", "link.csv")); err != nil {
		t.Fatal(err)
	}
	if p = pullRemote(s, connectors.Request{}, nil); p.err == nil || !strings.Contains(p.err.Error(), "inbox/link.csv: it is a link") {
		t.Errorf("a link: %v", p.err)
	}
}

func TestSFTPRefusesAServerThatIsNotPinned(t *testing.T) {
	t.Parallel()
	server := sftpInbox(t)
	server.Drop(t, "inbox/a.csv", "1", today.Add(-time.Hour))
	print := ssh.FingerprintSHA256(server.HostKey)
	pinned := func(key string) remotePull {
		return pullRemote(newSFTP(server, server.Address, func(s *connectors.SFTP) {
			s.HostKey, s.Password = key, connectortest.SFTPPassword
		}), connectors.Request{}, nil)
	}
	p := pinned("")
	p.says(t, "not known here", print, fmt.Sprintf("host_key: %q", server.HostKeyLine()))
	p.keepsSecrets(t, server.PrivateKey)

	other := connectortest.StartSFTP(t)
	for _, key := range []string{other.HostKeyLine(), ssh.FingerprintSHA256(other.HostKey), ssh.FingerprintSHA256(other.OtherHostKey),
		strings.TrimSpace(string(ssh.MarshalAuthorizedKey(other.OtherHostKey)))} {
		p = pinned(key)
		p.says(t, "another host key than host_key pins", "It may not be the server", "SHA256:", "host_key:")
		p.keepsSecrets(t, server.PrivateKey)
		if len(p.waits) > 0 {
			t.Error("a server that shows the wrong key is asked again")
		}
	}
	// What the message says to write works, in every form; also the key of another
	// kind than the one that the server prefers to show.
	otherKind := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(server.OtherHostKey)))
	for _, key := range []string{server.HostKeyLine(), server.HostKeyLine() + " note", "sftp.example.go.id " + server.HostKeyLine(),
		print, otherKind, ssh.FingerprintSHA256(server.OtherHostKey)} {
		if p := pinned(key); p.err != nil || len(p.got) != 1 {
			t.Errorf("%s: %v", key, p.err)
		}
	}
}

func TestSFTPLogsInByPasswordAndKey(t *testing.T) {
	t.Parallel()
	server := sftpInbox(t)
	server.Drop(t, "inbox/a.csv", "1", today.Add(-time.Hour))
	login := func(change func(*connectors.SFTP)) remotePull {
		return pullRemote(newSFTP(server, server.Address, func(s *connectors.SFTP) { s.PrivateKey = ""; change(s) }), connectors.Request{}, nil)
	}
	for name, change := range map[string]func(*connectors.SFTP){
		"password": func(s *connectors.SFTP) { s.Password = connectortest.SFTPPassword },
		"key":      func(s *connectors.SFTP) { s.PrivateKey = connectors.Secret(server.PrivateKey) },
		"encrypted key": func(s *connectors.SFTP) {
			s.PrivateKey, s.Passphrase = connectors.Secret(server.EncryptedKey), connectortest.SFTPPassphrase
		},
	} {
		if p := login(change); p.err != nil || len(p.got) != 1 {
			t.Errorf("%s: %v", name, p.err)
		}
	}
	for name, change := range map[string]func(*connectors.SFTP){
		"wrong password": func(s *connectors.SFTP) { s.Password = "kenari-salah" },
		"unknown user":   func(s *connectors.SFTP) { s.User, s.Password = "siapa", connectortest.SFTPPassword },
		"key of another": func(s *connectors.SFTP) { s.PrivateKey = connectors.Secret(connectortest.StartSFTP(t).PrivateKey) },
	} {
		p := login(change)
		p.says(t, "refuses the user", "private_key")
		p.keepsSecrets(t)
		if len(p.waits) > 0 {
			t.Errorf("%s: tried again, which locks accounts", name)
		}
	}
	for name, change := range map[string]func(*connectors.SFTP){
		"set passphrase": func(s *connectors.SFTP) { s.PrivateKey = connectors.Secret(server.EncryptedKey) },
		"does not open": func(s *connectors.SFTP) {
			s.PrivateKey, s.Passphrase = connectors.Secret(server.EncryptedKey), "kenari-lain"
		},
		"not a private key":  func(s *connectors.SFTP) { s.PrivateKey = "kenari" },
		"is the variable":    func(*connectors.SFTP) {},
		"host_key: must be":  func(s *connectors.SFTP) { s.Password, s.HostKey = "kenari", "SHA256:tooshort" },
		"host: give the":     func(s *connectors.SFTP) { s.Password, s.Host = "kenari", "sftp://example.go.id" },
		"user: name":         func(s *connectors.SFTP) { s.Password, s.User = "kenari", "" },
		"port: must":         func(s *connectors.SFTP) { s.Password, s.Port = "kenari", 0 },
		"after: must":        func(s *connectors.SFTP) { s.Password, s.After = "kenari", "delete" },
		"go together":        func(s *connectors.SFTP) { s.Password, s.After = "kenari", "move" },
		"path lies in it":    func(s *connectors.SFTP) { s.Password, s.After, s.MoveTo = "kenari", "move", ".." },
		"in the same way":    func(s *connectors.SFTP) { s.Password, s.After, s.MoveTo = "kenari", "move", "/taken" },
		"match: give":        func(s *connectors.SFTP) { s.Password, s.Match = "kenari", nil },
		"stable_for: must":   func(s *connectors.SFTP) { s.Password, s.StableFor = "kenari", -1 },
		"idle_timeout":       func(s *connectors.SFTP) { s.Password, s.IdleTimeout = "kenari", 0 },
		"attempts must be":   func(s *connectors.SFTP) { s.Password, s.Retry.Attempts = "kenari", 0 },
		"control characters": func(s *connectors.SFTP) { s.Password, s.Path = "kenari", "a\nb" },
	} {
		p := login(change)
		p.keepsSecrets(t)
		if p.err == nil || !strings.Contains(p.err.Error(), name) || errors.Is(p.err, connectors.ErrUnavailable) {
			t.Errorf("settings that should say %q: %v", name, p.err)
		}
	}
}

func TestSFTPSaysWhatIsMissingOrForbidden(t *testing.T) {
	t.Parallel()
	server, old := sftpInbox(t), today.Add(-time.Hour)
	server.Drop(t, "inbox/a.csv", "12345", old)
	server.Drop(t, "inbox/closed/b.csv", "1", old)
	folder := filepath.Join(server.Home, "inbox", "closed")
	pull := func(change func(*connectors.SFTP)) remotePull {
		return pullRemote(newSFTP(server, server.Address, change), connectors.Request{}, nil)
	}
	pull(func(s *connectors.SFTP) { s.Path = "nowhere" }).says(t, "listing 127.0.0.1:nowhere", "it is not there: check path")
	if err := os.Chmod(filepath.Join(server.Home, "inbox", "a.csv"), 0); err != nil {
		t.Fatal(err)
	}
	pull(nil).says(t, "opening 127.0.0.1:inbox/a.csv", "no permission", connectortest.SFTPUser)
	if err := os.Chmod(folder, 0); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(folder, 0o755) }()
	pull(nil).says(t, "listing 127.0.0.1:inbox/closed", "no permission")
	// A folder that no pattern reaches need not be readable.
	if err := os.Chmod(filepath.Join(server.Home, "inbox", "a.csv"), 0o644); err != nil {
		t.Fatal(err)
	}
	if p := pull(func(s *connectors.SFTP) { s.Match = []string{"*.csv"} }); p.err != nil || len(p.got) != 1 {
		t.Errorf("got %v, %v", p.got, p.err)
	}
	p := pull(func(s *connectors.SFTP) { s.Match, s.MaxBytes = []string{"*.csv"}, 4 })
	if p.err == nil || !strings.Contains(p.err.Error(), "inbox/a.csv: it has 5 bytes, more than max_bytes") {
		t.Errorf("got %v", p.err)
	}
}
