package pipelines

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/editions"
)

var (
	penulis = editions.Person{Name: "penulis", UID: 1001}
	kepala  = editions.Person{Name: "kepala", UID: 1002}
	pagi    = time.Date(2026, 1, 15, 2, 0, 0, 0, time.UTC)
)

// withEdition is a project with one edition, approved or not, and ways to deliver it.
func withEdition(t *testing.T, approved bool, reports string) (*Runner, *editions.Edition) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"lindung.yaml": "project: {name: Uji}\n" + reports, "sources/contoh.yaml": sampleSource}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	project, err := ValidateProject(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := OpenPublished(project, Options{Now: pagi})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Editions().Draft(editions.Proposal{Kind: "yearly", Subject: "2025", Title: figures.Text{ID: "Laporan KPI – 2025", EN: "KPI report – 2025"}, Sample: true,
		Release: editions.Release{ID: "r000001", AsOf: pagi, Newest: "r000001"}, Figures: []byte("{}\n"),
		Files: map[string][]byte{"2025.html": []byte("<p>halaman – “satu”</p>\n"), "2025.id.pdf": []byte("%PDF satu")}}, penulis, pagi)
	if err == nil && approved {
		e, err = r.Approve(e.ID, kepala)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r, e
}

const sampleSource = `source: contoh
title: {id: Contoh, en: Sample}
origin: sample
producer: Unit
contact: data@contoh.example
feeds:
  contoh_placements:
    dataset: placements
    role: authoritative
    connector: {kind: files, path: inbox}
    formats: [{kind: csv}]
    key: [placement_id]
    delivery: append
    deletes: none
`

// deliversTwice delivers an edition, and once more, which brings nothing.
func deliversTwice(t *testing.T, r *Runner, e *editions.Edition, to, place string, files int) {
	t.Helper()
	for i, want := range []DeliveryReport{{e.ID, to, place, OutcomeCopied, files}, {e.ID, to, place, OutcomeUpToDate, 0}} {
		got, err := r.Deliver(t.Context(), e.ID, to, kepala)
		if err != nil || *got != want {
			t.Fatalf("%d: %+v, %v; want %+v", i, got, err, want)
		}
	}
	kept, err := r.Editions().Get(e.ID)
	if err != nil || len(kept.Deliveries) != 1 && to != "pimpinan" || kept.Deliveries[0].By != kepala || kept.Deliveries[0].To != to {
		t.Errorf("%v, %+v", err, kept)
	}
}

func TestAnEditionGoesToABucket(t *testing.T) {
	server := connectortest.StartS3(t, false)
	connectortest.MakeBucket(t, server, "terbitan")
	r, e := withEdition(t, true, fmt.Sprintf(`reports:
  deliver:
    cermin:
      s3: {endpoint: "http://%s", bucket: terbitan, prefix: kpi, region: %s, access_key: %s, secret_key: %s, retry: {attempts: 1}}
`, server.Address, connectortest.S3Region, connectortest.S3AccessKey, connectortest.S3SecretKey))
	deliversTwice(t, r, e, "cermin", "s3://terbitan/kpi", 4)
	client, err := minio.New(server.Address, &minio.Options{Region: connectortest.S3Region, Creds: credentials.NewStaticV4(connectortest.S3AccessKey, connectortest.S3SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"2025.html": "<p>halaman – “satu”</p>\n", "2025.id.pdf": "%PDF satu", "figures.json": "{}\n", "edition.json": `"hash": "` + e.Hash} {
		object, err := client.GetObject(t.Context(), "terbitan", "kpi/"+e.ID+"/"+name, minio.GetObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if content, err := io.ReadAll(object); err != nil || !strings.Contains(string(content), want) {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
}

func TestAnEditionGoesToAnSFTPServer(t *testing.T) {
	server := connectortest.StartSFTP(t)
	server.Drop(t, "unggah/.ada", "", pagi)
	host, port, _ := net.SplitHostPort(server.Address)
	r, e := withEdition(t, true, fmt.Sprintf(`reports:
  deliver:
    situs:
      sftp: {host: %s, port: %s, user: %s, password: %s, host_key: %q, path: unggah/terbitan, retry: {attempts: 1}}
    tertutup:
      sftp: {host: %s, port: %s, user: %s, password: salah, host_key: %q, path: unggah, retry: {attempts: 1}}
`, host, port, connectortest.SFTPUser, connectortest.SFTPPassword, server.HostKeyLine(), host, port, connectortest.SFTPUser, server.HostKeyLine()))
	if err := os.Chown(filepath.Join(server.Home, "unggah"), uidOf(t, server.Home), -1); err != nil {
		t.Fatal(err)
	}
	deliversTwice(t, r, e, "situs", "sftp://"+host+"/unggah/terbitan", 4)
	folder := filepath.Join(server.Home, "unggah", "terbitan", e.ID)
	if content, err := os.ReadFile(filepath.Join(folder, "2025.html")); err != nil || string(content) != "<p>halaman – “satu”</p>\n" {
		t.Errorf("%q, %v", content, err)
	}
	// What was changed there, or taken away, is brought again; nothing half-done stays.
	if err := errors.Join(os.WriteFile(filepath.Join(folder, "2025.html"), []byte("lain"), 0o644), os.Remove(filepath.Join(folder, "edition.json"))); err != nil {
		t.Fatal(err)
	}
	if d, err := r.Deliver(t.Context(), e.ID, "situs", kepala); err != nil || d.Files != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 4 {
		t.Errorf("%v, %v", entries, err)
	}
	_, err := r.Deliver(t.Context(), e.ID, "tertutup", kepala)
	if ExitCode(err) != ExitUnavailable || !strings.Contains(err.Error(), "refuses the user") || strings.Contains(err.Error(), "salah") {
		t.Errorf("%v", err)
	}
}

func TestAnEditionGoesByMail(t *testing.T) {
	server := connectortest.StartMail(t, "starttls")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, []byte(server.CA), 0o644); err != nil {
		t.Fatal(err)
	}
	r, e := withEdition(t, true, fmt.Sprintf(`alerts:
  channels:
    surat:
      email: {host: 127.0.0.1, port: %d, user: %s, password: %s, from: lindung@contoh.example, to: [piket@contoh.example], ca: "${file:%s}", timeout: 5s}
reports:
  deliver:
    pimpinan:
      email: {channel: surat, to: [menteri@contoh.example, sekjen@contoh.example]}
`, server.Port, connectortest.MailUser, connectortest.MailPassword, ca))
	// The second recipient's server is away: the first has the letter, and gets no other.
	server.Refuse("sekjen@contoh.example", 451, "coba lagi nanti")
	if _, err := r.Deliver(t.Context(), e.ID, "pimpinan", kepala); ExitCode(err) != ExitUnavailable {
		t.Fatalf("%v", err)
	}
	server.Refuse("sekjen@contoh.example", 0, "")
	deliversTwice(t, r, e, "pimpinan", "mailto:menteri@contoh.example,sekjen@contoh.example", 2)
	letters := server.Letters()
	if len(letters) != 2 || strings.Join(letters[0].To, "") != "menteri@contoh.example" || strings.Join(letters[1].To, "") != "sekjen@contoh.example" {
		t.Fatalf("%d letters: %+v", len(letters), letters)
	}
	header, text, attached := letters[1].Open(t)
	if attached["2025.html"] != "<p>halaman – “satu”</p>\n" || attached["2025.id.pdf"] != "%PDF satu" || len(attached) != 2 {
		t.Errorf("%v", attached)
	}
	if !strings.Contains(text, figures.SampleMark) || !strings.Contains(text, e.Hash) || !strings.Contains(text, "edisi 1, disetujui 2026-01-15") || !strings.Contains(header.Get("Message-Id"), "report-") {
		t.Errorf("%v\n%s", header, text)
	}
}

func TestWhatIsNotDelivered(t *testing.T) {
	share := t.TempDir()
	ways := "reports:\n  deliver:\n    arsip: {folder: " + share + "}\n    jauh: {folder: " + share + "/tidak-ada}\n"
	draft, e := withEdition(t, false, ways)
	if _, err := draft.Deliver(t.Context(), e.ID, "arsip", kepala); ExitCode(err) != ExitGate || !strings.Contains(err.Error(), "only approved editions") {
		t.Errorf("%v", err)
	}
	if _, err := draft.Deliver(t.Context(), e.ID, "arsib", kepala); ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), `did you mean "arsip"`) {
		t.Errorf("%v", err)
	}
	r, e := withEdition(t, true, ways)
	if _, err := r.Deliver(t.Context(), e.ID, "jauh", kepala); ExitCode(err) != ExitUnavailable || !strings.Contains(err.Error(), "is the share mounted") {
		t.Errorf("%v", err)
	}
	if _, err := r.Deliver(t.Context(), "yearly-2024-1", "arsip", kepala); ExitCode(err) != ExitUsage {
		t.Errorf("%v", err)
	}
	deliversTwice(t, r, e, "arsip", share, 4)
	path := r.Editions().Path(e, "2025.html")
	if err := errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, []byte("lain"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Deliver(t.Context(), e.ID, "arsip", kepala); ExitCode(err) != ExitGate || !strings.Contains(err.Error(), "2025.html changed") {
		t.Errorf("%v", err)
	}
}

func TestSubjectsOfAMonth(t *testing.T) {
	for subject, want := range map[string]string{"2025-12": "2025-12", "2025-12-33": "2025-12", "2025-12-GIZ": "2025-12", "2025": "", "2025-13": "", "2025-123": "", "": ""} {
		got := ""
		if month, about := monthOf(subject); about {
			got = month.Format("2006-01")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
}

// A way's settings are checked with the project, long before an edition waits.
func TestWaysAreChecked(t *testing.T) {
	for want, text := range map[string]string{
		"names no place":                 "leer: {}",
		"names several places":           "zwei: {folder: ../a, s3: {endpoint: x, bucket: y}}",
		"lies in the project's own data": "innen: {folder: data/x}",
		`channel "surat" is not known`:   "surat: {email: {channel: surat, to: [a@contoh.example]}}",
		`unknown key "hots"`:             "situs: {sftp: {hots: x}}",
		"host_key: must be a public key": "situs: {sftp: {host: x, user: y, password: z, host_key: q}}",
		"access_key and secret_key":      "cermin: {s3: {endpoint: \"https://x.example\", bucket: y}}",
	} {
		dir := t.TempDir()
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "sources"), 0o755), os.WriteFile(filepath.Join(dir, "sources", "contoh.yaml"), []byte(sampleSource), 0o644),
			os.WriteFile(filepath.Join(dir, configs.ProjectFile), []byte("project: {name: Uji}\nreports:\n  deliver:\n    "+text+"\n"), 0o644)); err != nil {
			t.Fatal(err)
		}
		if _, err := ValidateProject(dir); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), configs.ProjectFile+":4") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func uidOf(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}
