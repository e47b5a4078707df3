package connectors_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// sftpStore is a store in the folder keluar of a server, reached at an address.
func sftpStore(t *testing.T, server *connectortest.SFTPServer, address string, change func(*connectors.SFTPStore)) (*connectors.SFTPStore, error) {
	t.Helper()
	s := connectors.NewSFTPStore()
	host, port, _ := net.SplitHostPort(address)
	s.Host, s.User, s.Path = host, connectortest.SFTPUser, "keluar"
	_ = s.Port.UnmarshalText([]byte(port))
	s.PrivateKey, s.HostKey = connectors.Secret(server.PrivateKey), server.HostKeyLine()
	s.Env.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if change != nil {
		change(s)
	}
	closeStore, err := s.Open(t.Context())
	if err == nil {
		t.Cleanup(closeStore)
	}
	return s, err
}

func TestAnSFTPStoreKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	server := connectortest.StartSFTP(t)
	s, err := sftpStore(t, server, server.Address, nil)
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("kenari "), 200_000)
	f := storedAs("satu/dua/berkas.html", content)
	if there, err := s.Has(t.Context(), f); err != nil || there {
		t.Fatalf("before: %v, %v", there, err)
	}
	for range 2 { // in the place of itself, too
		if err := s.Put(t.Context(), f, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		if there, err := s.Has(t.Context(), f); err != nil || !there {
			t.Fatalf("after: %v, %v", there, err)
		}
	}
	path := filepath.Join(server.Home, "keluar", "satu", "dua")
	if got, err := os.ReadFile(filepath.Join(path, "berkas.html")); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if there, err := s.Has(t.Context(), storedAs("satu/dua/berkas.html", []byte("lain"))); err != nil || there {
		t.Errorf("another content is taken for it: %v, %v", there, err)
	}
	// Content that is not what it is said to be never gets the name.
	wrong := storedAs("satu/dua/lain.html", []byte("yang dijanjikan"))
	if err := s.Put(t.Context(), wrong, strings.NewReader("yang lain sekali")); err == nil || errors.Is(err, connectors.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	if entries, err := os.ReadDir(path); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

// A transfer that breaks is begun anew, and nobody sees half of it under the file's name.
func TestAnSFTPStoreGoesOnAfterABreak(t *testing.T) {
	t.Parallel()
	server := connectortest.StartSFTP(t)
	proxy := connectortest.StartProxy(t, server.Address)
	s, err := sftpStore(t, server, proxy.Address, nil)
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("kenari "), 300_000)
	proxy.CutAfter(20_000)
	if err := s.Put(t.Context(), storedAs("berkas.html", content), bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(server.Home, "keluar", "berkas.html")); err != nil || !bytes.Equal(got, content) || proxy.Connections() < 2 {
		t.Errorf("%d bytes over %d connections, %v", len(got), proxy.Connections(), err)
	}
}

func TestAnSFTPStoreSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	server := connectortest.StartSFTP(t)
	for want, change := range map[string]func(*connectors.SFTPStore){
		"another host key than host_key pins": func(s *connectors.SFTPStore) {
			s.HostKey = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		},
		"the server's host key is not known here": func(s *connectors.SFTPStore) { s.HostKey = "" },
		"refuses the user":                        func(s *connectors.SFTPStore) { s.PrivateKey, s.Password = "", "salah" },
	} {
		if _, err := sftpStore(t, server, server.Address, change); !errors.Is(err, connectors.ErrUnavailable) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "salah") {
			t.Errorf("%s: %v", want, err)
		}
	}
	s, err := sftpStore(t, server, server.Address, func(s *connectors.SFTPStore) { s.Path = "/terkunci" })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), storedAs("a", []byte("b")), strings.NewReader("b")); !errors.Is(err, connectors.ErrUnavailable) || !strings.Contains(err.Error(), "permission") {
		t.Errorf("%v", err)
	}
	bare := connectors.NewSFTPStore()
	if err := bare.Check(connectors.Env{}); err == nil || !strings.Contains(err.Error(), "user: name the user to log in as") {
		t.Errorf("%v", err)
	}
}
