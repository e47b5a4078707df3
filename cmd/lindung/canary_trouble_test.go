package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/kp2mi/lindung/connectors/connectortest"
)

// badObjects sends objects that cannot be read at all, or look otherwise than before, one kind after another.
func (s *canaryStory) badObjects() {
	c, d := s.persons["kenari_penempatan"][0], s.persons["kenari_penempatan"][1]
	row := func(c canary) string {
		return strings.Join([]string{"PLA-9", c.Name, c.NIK, c.Passport, c.Phone, c.Birth, c.Sex, c.Province, "Taiwan", "2024-02-03", "P2P", "Perawat"}, ";")
	}
	header := strings.ReplaceAll(canaryHeader, ",", ";")
	bad := map[string][]byte{
		"penempatan-2.csv": []byte(row(c) + "\n" + row(d) + "\n"),                                          // no row of names
		"penempatan-3.csv": []byte(header + ";" + c.NIK + ";" + d.Phone + "\n" + row(d) + ";1;2\n"),        // persons for columns
		"penempatan-4.csv": []byte(header + "\n\"" + row(c) + "\n" + row(d)),                               // a quote that is not closed
		"pulang-2.xlsx":    []byte("PK\x03\x04" + row(c)),                                                  // no workbook
		"singgah-2.xml":    []byte("<daftar><orang><nama>" + c.Name + "</nama><nik>" + c.NIK + "</orang>"), // cut short
		"singgah-3.xml":    []byte("<laporan><x>" + c.NIK + "</x></laporan>"),                              // another document
		"latih-2.zip":      []byte(row(c)),                                                                 // no archive
		"kredit-2.txt":     []byte(row(c) + "\n"),
		"datang-2.html":    []byte("<p>" + c.Name + " " + c.NIK + "</p>"),
		"daftar-2.csv.gz":  []byte("\x1f\x8b\x08" + row(c)),
		"daftar-3.csv.gz":  gzipped(s.t, []byte(strings.Repeat(c.NIK+" "+c.Name+" ", 200_000))),
		"penempatan-5.csv": []byte(header + "\n" + strings.Repeat(row(c)+"\n", 25_000)), // more than may be delivered
	}
	day := 6
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		s.drop(name, bad[name], fmt.Sprintf("2024-03-%02d", day))
		feed := canaryFeeds[slices.IndexFunc(canaryFeeds, func(f canaryFeed) bool { return strings.HasPrefix(name, f.file[:min(6, len(f.file))]) && f.file != "" })]
		now := fmt.Sprintf("2024-03-%02d", day+1)
		s.lindung(now, []int{0, 1, 3}, "run", feed.name, "--no-build")
		if day%3 == 0 || name == "penempatan-3.csv" {
			s.lindung(now, []int{0, 1, 3, 10}, "sources", "check", feed.name)
		}
		if err := os.Remove(filepath.Join(s.dir, "inbox", name)); err != nil {
			s.t.Fatal(err)
		}
		day++
	}
	for i, answer := range []string{
		fmt.Sprintf(`{"data": {"%s": {"nama": "%s"}}}`, c.NIK, c.Name),
		fmt.Sprintf(`{"%s": 1, "%s": 2}`, c.NIK, d.NIK),
		fmt.Sprintf(`{"data": [{"nik": "%s", "nama": %s}]}`, c.NIK, c.Name),
		fmt.Sprintf(`<html>%s %s</html>`, c.NIK, c.Name),
	} {
		s.serves(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, answer)
		})
		s.lindung(fmt.Sprintf("2024-03-%02d", 20+i), []int{1, 3, 4}, "run", "kenari_aduan", "--no-build")
	}
	s.serves(s.page)
}

// database has persons come from a database, by queries that do what they should and ones that fail on a
// value, where there is a server on this machine.
func (s *canaryStory) database() {
	if connectortest.PostgresPrograms() == "" && os.Getenv("CI") != "true" {
		return
	}
	server := connectortest.StartPostgres(s.t)
	var rows strings.Builder
	rows.WriteString("create table orang (id text, nama text, nik text, hasil text, pada date);\n")
	for i, c := range s.persons["kenari_datang"] {
		result := []string{"Valid", c.Name, c.NIK}[max(0, i%10-7)]
		fmt.Fprintf(&rows, "insert into orang values ('C-%d', '%s', '%s', '%s', '2024-02-05');\n", i, c.Name, c.NIK, result)
	}
	server.MustExec(s.t, "", "create database kenari")
	server.MustExec(s.t, "kenari", rows.String())
	if err := os.WriteFile(filepath.Join(s.dir, "keys", "ca.pem"), []byte(server.CA), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.env = append(s.env, "CANARY_PASSWORD="+server.Password)
	s.secrets["the database's password"] = []byte(server.Password)
	for i, query := range []string{"select id, nik, hasil, cast(nama as integer) as pada from orang", "select id, cast(nik as integer) as nik, hasil, pada from orang",
		"select id, nik, hasil, pada from orang where nik = '" + s.persons["kenari_datang"][0].NIK + "' and tiada", "select * from orang"} {
		source := strings.Replace(canarySource, "source: kenari", "source: pangkalan", 1) + fmt.Sprintf(`  kenari_periksa:
    dataset: identity_checks
    role: authoritative
    connector: {kind: postgres, host: %s, port: %d, database: kenari, user: %s, password: "${env:CANARY_PASSWORD}", ca: "${file:keys/ca.pem}", key_column: id, query: %q}
    formats: [{kind: csv}]
    key: [check_id]
    delivery: changes
    deletes: none
    thresholds: {max_rejects: 1000, max_reject_share: 0.9}
    fields: {check_id: id, nik: nik, result: hasil, checked_on: pada}
`, server.Host, server.Port, server.User, query)
		if i == 2 { // a person in a setting is its writer's doing; what the server says of it is ours
			source = strings.ReplaceAll(source, s.persons["kenari_datang"][0].NIK, "x")
		}
		if err := os.WriteFile(filepath.Join(s.dir, "sources", "pangkalan.yaml"), []byte(source), 0o644); err != nil {
			s.t.Fatal(err)
		}
		want := []int{1}
		if i == 3 {
			want = []int{0}
		}
		s.lindung("2024-03-25", want, "run", "kenari_periksa", "--no-build")
	}
}

// gated has a build stop at a rule that persons' rows break: they are of a day to come.
func (s *canaryStory) gated() {
	f := feedNamed("kenari_datang")
	var records [][]string
	for _, r := range f.records(s.persons[f.name][:5]) {
		r[colID], r[colOn] = "ESOK-"+r[colID], "2025-01-01"
		records = append(records, r)
	}
	s.drop("datang-3.html", f.write(s.t, records), "2024-03-25")
	s.lindung("2024-03-26", []int{3}, "run")
	for _, r := range records {
		r[colOn] = "2024-02-06"
	}
	s.drop("datang-4.html", f.write(s.t, records), "2024-03-26")
	if err := os.Remove(filepath.Join(s.dir, "inbox", "datang-3.html")); err != nil {
		s.t.Fatal(err)
	}
}

// killed ends a run while a source keeps it waiting, after it was given persons, and looks at what
// lies about before anything is tidied.
func (s *canaryStory) killed(scan *canaryScan) {
	waiting := make(chan struct{})
	var once sync.Once
	s.serves(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "1" {
			s.page(w, r)
			return
		}
		once.Do(func() { close(waiting) })
		<-r.Context().Done()
	})
	c := exec.Command(program, "backfill", "kenari_aduan", "--from", "2024-01", "--to", "2024-03", "--no-build", "--dir", s.dir)
	c.Env = append(os.Environ(), s.env...)
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-waiting:
	case <-time.After(time.Minute):
		s.t.Error("the run that is to be killed asked for nothing")
	}
	_ = c.Process.Signal(syscall.SIGKILL)
	_ = c.Wait()
	scan.folder(filepath.Join(s.dir, "data"))
	scan.folder(s.tmp)
	s.serves(s.page)
}
