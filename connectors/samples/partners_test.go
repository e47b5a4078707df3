package samples

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// A partner's column is one of its register's, and no two have the same name.
func TestPartnersColumnsAreTheirRegisters(t *testing.T) {
	for _, p := range partnerFiles {
		fields, seen := append(slices.Clone(p.register.fields), "diperbarui"), map[string]bool{}
		for column := range strings.SplitSeq(p.columns, ", ") {
			theirs, ours, renamed := strings.Cut(column, "=")
			if !renamed {
				ours = theirs
			}
			if !slices.Contains(fields, ours) || seen[theirs] {
				t.Errorf("%s: column %q", p.feed, column)
			}
			seen[theirs] = true
		}
		if p.only[0] != "" && !slices.Contains(fields, p.only[0]) {
			t.Errorf("%s: there is no %q to choose by", p.feed, p.only[0])
		}
	}
}

// Same seed, same bytes, whatever was asked before; what is whole holds what came before it.
func TestPartnersFilesAreTheSameAgain(t *testing.T) {
	deliveries := Deliveries()
	last := deliveries[len(deliveries)-1]
	once, step := New(Options{Seed: 1, Scale: .05}), New(Options{Seed: 1, Scale: .05})
	for i := range partnerFiles {
		p := &partnerFiles[i]
		all, files := p.files(once)(last), p.files(step)
		for k, moment := range deliveries {
			got := files(moment)
			for n, f := range got {
				if f.at.After(moment) || f.name != all[n].name || !bytes.Equal(f.text, all[n].text) {
					t.Errorf("%s, delivery %d: %s differs", p.feed, k+1, f.name)
				}
			}
		}
		if len(all) == 0 {
			t.Errorf("%s sends nothing", p.feed)
		}
		if p.whole && !p.workbook && len(all) > 1 && len(all[0].text) > len(all[len(all)-1].text) {
			t.Errorf("%s: the last whole is smaller than the first", p.feed)
		}
		if len(files(deliveries[0])) > len(all) {
			t.Errorf("%s: the past changed", p.feed)
		}
	}
}

// Of the reports of LAPOR! some have a status that names no step, and not so many that a delivery is withheld.
func TestSomeReportsOfLaporNameNoStep(t *testing.T) {
	i := slices.IndexFunc(partnerFiles, func(p partnerFile) bool { return p.feed == "lapor_cases" })
	for _, f := range partnerFiles[i].files(New(Options{Seed: 1}))(Deliveries()[2]) {
		in := csv.NewReader(bytes.NewReader(f.text))
		in.Comma = ';'
		rows, err := in.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		column, none := slices.Index(rows[0], "Status"), 0
		for _, row := range rows[1:] {
			if row[column] == "Proses" {
				none++
			}
		}
		if none == 0 || none*25 > len(rows) {
			t.Errorf("%s: %d of %d reports have a status that names no step", f.name, none, len(rows)-1)
		}
	}
}

// Only the files of feeds that are on are written, and what lies there is left alone.
func TestPartnersFilesAreWrittenForFeedsThatAreOn(t *testing.T) {
	dir, w := t.TempDir(), New(Options{Seed: 1, Scale: .01})
	on := func(feed string) bool { return feed == "bp3mi_returns" }
	if err := w.WritePartnerFiles(dir, Deliveries()[0], on); err != nil {
		t.Fatal(err)
	}
	first := filepath.Join(dir, "inbox", "bp3mi_returns", "bp3mi_returns_"+Deliveries()[0].Format(time.DateOnly)+".csv")
	if err := os.WriteFile(first, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.WritePartnerFiles(dir, Deliveries()[1], on); err != nil {
		t.Fatal(err)
	}
	var found []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, filepath.Base(path))
		}
		return err
	})
	if err != nil || len(found) != 2 {
		t.Errorf("files %v (%v)", found, err)
	}
	if text, err := os.ReadFile(first); err != nil || string(text) != "mine" {
		t.Errorf("a file that was there holds %q (%v)", text[:min(len(text), 40)], err)
	}
}

// Each feed has a folder of its own on the sample's server.
func TestTheSFTPServerHasAFolderForEachFeed(t *testing.T) {
	now := Deliveries()[2]
	server, err := New(Options{Seed: 1, Scale: .02}).ServeSFTP(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	connection, err := ssh.Dial("tcp", net.JoinHostPort(server.Host, server.Port), &ssh.ClientConfig{User: SFTPUser,
		Auth: []ssh.AuthMethod{ssh.Password(SFTPPassword)}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	client, err := sftp.NewClient(connection)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	folders, err := client.ReadDir("/")
	if err != nil {
		t.Fatal(err)
	}
	want := 1
	for _, p := range partnerFiles {
		if p.way != overSFTP {
			continue
		}
		want++
		files, err := client.ReadDir("/" + p.feed)
		if err != nil || len(files) == 0 || !strings.HasPrefix(files[0].Name(), p.feed+"_") {
			t.Errorf("%s: files %v (%v)", p.feed, files, err)
			continue
		}
		if _, err := client.Stat("/keluar/" + files[0].Name()); err == nil {
			t.Errorf("%s lies in the lender's folder, too", files[0].Name())
		}
	}
	if len(folders) != want {
		t.Errorf("%d folders, want %d", len(folders), want)
	}
}
