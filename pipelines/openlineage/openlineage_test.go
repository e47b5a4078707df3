package openlineage_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/pipelines/openlineage"
	"github.com/kp2mi/lindung/pipelines/openlineage/openlineagetest"
)

var (
	teller = openlineage.Teller{Namespace: openlineage.Namespace("Lindung (data contoh)"), Origin: "sample", Version: "v1.0.0"}
	began  = time.Date(2026, 1, 15, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	run    = openlineage.Run{ID: "20260115T020000Z-000000", Command: "run", Trigger: "manual", Began: began}
)

func complete(state string) openlineage.End {
	return openlineage.End{Type: openlineage.Complete, State: state, At: began.Add(time.Minute)}
}

// everyKind makes events of every kind, with everything that they may hold and with nothing of it.
func everyKind() map[string][]openlineage.Event {
	planned := run
	planned.Due, planned.Trigger = began.Add(-time.Hour), "schedule"
	failed := run
	failed.End = openlineage.End{Type: openlineage.Fail, State: "failed", At: began.Add(time.Minute), Error: "sources/a.yaml:3: what is wrong"}
	backfill := run
	backfill.Command, backfill.From, backfill.To = "backfill", began.AddDate(0, -2, 0), began.AddDate(0, -1, 0)
	full := openlineage.Feed{Name: "office_cases", Origin: "sample", Began: began, End: complete("committed"),
		Objects: 2, Bytes: 2048, Records: 10, Accepted: 9, Quarantined: 1, Dataset: "cases", Commit: 3, Rows: 9, Size: 512,
		Columns: []openlineage.Column{{Name: "case_id", Type: "VARCHAR", About: "Nomor kasus. / Case number.", Class: "identifier", From: "id"}, {Name: "row_key", Type: "VARCHAR"}}}
	full.From, _ = openlineage.PlaceOf("https://pengguna:rahasia@Data.example.go.id:8443/v1/cases?key=rahasia", "office.office_cases")
	withheld := openlineage.Feed{Name: "other", From: openlineage.Place{Name: "source.office.other"}, Began: began, Dataset: "cases",
		End: openlineage.End{Type: openlineage.Fail, State: "withheld", At: began, Error: "too many were rejected"}}
	return map[string][]openlineage.Event{
		"begin":    {teller.Began(run), teller.Began(planned), teller.Began(backfill)},
		"end":      {teller.Ended(failed)},
		"feed":     teller.FeedRan(run, full),
		"withheld": teller.FeedRan(run, withheld),
		"release": teller.ReleaseBuilt(run, openlineage.Release{ID: "r000001", Began: began, End: complete("succeeded"), Engine: "v1.5.6",
			Datasets: []string{"cases"}, Size: 4096, Tables: []openlineage.Table{
				{Name: "fct_cases", SQL: "select 1", Rows: 9, Datasets: []string{"cases"}}, {Name: "kpi_cmp_01", Rows: 4, Tables: []string{"fct_cases"}}}}),
		"no release": teller.ReleaseBuilt(run, openlineage.Release{Began: began, End: failed.End}),
	}
}

func TestEventsAreValid(t *testing.T) {
	check, err := openlineagetest.NewChecker()
	if err != nil {
		t.Fatal(err)
	}
	for kind, events := range everyKind() {
		for _, e := range events {
			line, err := e.Line()
			if err != nil {
				t.Fatal(err)
			}
			if err := check.Check(line); err != nil {
				t.Errorf("%s: %v\n%s", kind, err, line)
			}
			if strings.Count(string(line), "\n") != 1 || strings.Contains(string(line), "rahasia") {
				t.Errorf("%s: not one line without secrets: %s", kind, line)
			}
		}
	}
}

// The checker sees what is wrong; else it would prove nothing.
func TestWhatIsWrongIsSeen(t *testing.T) {
	check, err := openlineagetest.NewChecker()
	if err != nil {
		t.Fatal(err)
	}
	line, err := teller.Ended(openlineage.Run{ID: "x", Command: "run", Trigger: "manual", Began: began, End: openlineage.End{Type: openlineage.Fail, State: "failed", At: began, Error: "e"}}).Line()
	if err != nil {
		t.Fatal(err)
	}
	for wrong, change := range map[string][2]string{
		"another type":            {`"FAIL"`, `"FAILED"`},
		"no time":                 {`"eventTime"`, `"at"`},
		"a bad time":              {`"2026-01-15T02:00:00Z"`, `"15 January"`},
		"a bad identity":          {`"runId":"`, `"runId":"run-`},
		"a misspelt key":          {`"programmingLanguage"`, `"language"`},
		"a facet without schema":  {`"_schemaURL"`, `"_schema"`},
		"a facet of another name": {`"errorMessage":{`, `"error":{`},
		"an unknown state":        {`"state":"failed"`, `"state":"odd"`},
	} {
		if spoilt := strings.Replace(string(line), change[0], change[1], 1); spoilt == string(line) || check.Check([]byte(spoilt)) == nil {
			t.Errorf("%s was not seen: %s", wrong, spoilt)
		}
	}
	if err := check.Check(line); err != nil {
		t.Error(err)
	}
}

// An identity is the same whoever works it out, and another one for another run, job or project.
func TestRunsHaveIdentities(t *testing.T) {
	ids := map[string]string{}
	of := func(t openlineage.Teller, r openlineage.Run) (id string) {
		var told struct {
			Run struct{ RunID string }
		}
		line, _ := t.Began(r).Line()
		_ = json.Unmarshal(line, &told)
		return told.Run.RunID
	}
	later, other, elsewhere := run, run, teller
	later.ID, other.Command, elsewhere.Namespace = "20260116T020000Z-000001", "build", openlineage.Namespace("Lain")
	for name, id := range map[string]string{"run": of(teller, run), "later": of(teller, later), "other": of(teller, other), "elsewhere": of(elsewhere, run)} {
		if was, taken := ids[id]; taken || id == "" {
			t.Errorf("%s has the identity of %q: %q", name, was, id)
		}
		ids[id] = name
	}
	if got, want := of(teller, run), "dfbb5ae3-a4a6-5aee-943a-4cc5803137cc"; got != want {
		t.Errorf("the identity of a run changed from %s to %s: those who listen lose what they know", want, got)
	}
}

func TestNamespaces(t *testing.T) {
	for name, want := range map[string]string{
		"Lindung (data contoh)": "lindung://lindung-data-contoh",
		"KP2MI/Pusdatin: uji 2": "lindung://kp2mi-pusdatin-uji-2",
		"Pélindungan":           "lindung://p%C3%A9lindungan",
	} {
		if got := openlineage.Namespace(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

func TestPlacesHoldNoSecrets(t *testing.T) {
	for address, want := range map[string]string{
		"https://u:rahasia@Data.go.id/a?key=rahasia":             "https://data.go.id",
		"postgres://u:rahasia@db.go.id:5433/siskop?sslmode=none": "postgres://db.go.id:5433",
		"host=db password=rahasia":                               "",
		"":                                                       "",
	} {
		place, ok := openlineage.PlaceOf(address, "x")
		if place.Namespace != want || ok != (want != "") {
			t.Errorf("%q: %+v %v", address, place, ok)
		}
	}
}

func TestFileGetsALineForEveryEvent(t *testing.T) {
	file := openlineage.File{Path: filepath.Join(t.TempDir(), "events.jsonl")}
	for range 3 {
		if err := file.Deliver(context.Background(), teller.Began(run)); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file.Path)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(file.Path)
	if strings.Count(string(raw), "\n") != 3 || info.Mode().Perm()&0o027 != 0 {
		t.Errorf("%s %q", info.Mode(), raw)
	}
	gone := openlineage.File{Path: filepath.Join(t.TempDir(), "none", "events.jsonl")}
	if err := gone.Deliver(context.Background(), teller.Began(run)); err == nil || !strings.Contains(err.Error(), "opening the file of lineage events") {
		t.Errorf("got %v", err)
	}
}

func TestHTTPPostsEveryEvent(t *testing.T) {
	check, err := openlineagetest.NewChecker()
	if err != nil {
		t.Fatal(err)
	}
	status, got := http.StatusCreated, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var event json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
			t.Error(err)
		}
		if err := check.Check(event); err != nil {
			t.Error(err)
		}
		if r.Method != http.MethodPost || r.Header.Get("Authorization") != "Bearer kunci" || r.Header.Get("Content-Type") != "application/json" || r.URL.Path != "/api/v1/lineage" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		got++
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("what was sent, told again"))
	}))
	defer server.Close()
	sink, err := openlineage.NewHTTP(server.URL+"/api/v1/lineage?key=rahasia", map[string]string{"Authorization": "Bearer kunci"}, "", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := sink.Deliver(context.Background(), teller.Began(run)); err != nil || got != 1 {
		t.Errorf("%v, %d events", err, got)
	}
	for _, status = range []int{500, 401, 302} {
		err := sink.Deliver(context.Background(), teller.Began(run))
		if want := "posting to " + server.URL + ": it answered "; err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "told again") {
			t.Errorf("%d: got %v", status, err)
		}
	}
	if got != 4 {
		t.Errorf("%d requests; a redirect is not followed", got)
	}
	server.Close()
	if err := sink.Deliver(context.Background(), teller.Began(run)); err == nil || strings.Contains(err.Error(), "rahasia") {
		t.Errorf("got %v", err)
	}
}

// The certificate of an authority of one's own is trusted when it is named, and only then.
func TestHTTPTrustsTheNamedAuthority(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer server.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	for named, want := range map[string]bool{ca: true, "": false} {
		sink, err := openlineage.NewHTTP(server.URL, nil, named, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if err := sink.Deliver(context.Background(), teller.Began(run)); (err == nil) != want {
			t.Errorf("named: %v, got %v", want, err)
		}
	}
	if _, err := openlineage.NewHTTP(server.URL, nil, "none", time.Second); err == nil {
		t.Error("a text that is no certificate was taken")
	}
}
