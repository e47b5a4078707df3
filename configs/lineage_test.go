package configs

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLineageIsRead(t *testing.T) {
	p, err := Load(newProject(t, "project_lineage.good.yaml"), testOptions(map[string]string{"LINEAGE_TOKEN": "kunci"}))
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Lineage.Settings()
	if err != nil || s.File != "events.jsonl" || s.Headers["Authorization"].Reveal() != "Bearer kunci" || s.Timeout != 2*time.Second || p.Lineage.Line != 3 {
		t.Errorf("got %+v, %v", s, err)
	}
	opt := testOptions(nil)
	opt.AllowMissingSecrets = true
	if p, err = Load(newProject(t, "project_lineage.good.yaml"), opt); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Lineage.Missing(), " "); got != "${env:LINEAGE_TOKEN}" {
		t.Errorf("missing: %s", got)
	}
	if p = load(t, testOptions(nil)); p.Lineage != nil {
		t.Error("who names no place tells nobody")
	}
}

func TestLineageThatCannotBe(t *testing.T) {
	for section, want := range map[string]string{
		"{timeout: 5s}":                                          "lindung.yaml:2:10: lineage names no place",
		"{fil: events.jsonl}":                                    `lindung.yaml:2:11: unknown key "fil"; did you mean "file"`,
		"{file: a, headers: {A: '${env:ONE}'}}":                  "headers and ca need",
		"{file: a, timeout: 1h}":                                 "timeout must be between 100ms and 1m",
		"{url: 'marquez:5000'}":                                  "url must be a whole address",
		"{url: 'http://marquez/api'}":                            "add allow_plain_http: true",
		"{url: 'https://u:kenari@marquez/api'}":                  "url must be without user and password",
		"{url: 'https://m/api', headers: {'A B': '${env:ONE}'}}": "names of headers",
		"{url: 'https://m/api', headers: {A: '${env:LINES}'}}":   "must be one line",
		"{url: 'https://m/api', headers: {A: kenari}}":           "is a secret and must not stand in the file",
		"{url: 'https://m/api', ca: kenari}":                     "ca holds no PEM certificate",
	} {
		dir := newProject(t)
		write(t, filepath.Join(dir, ProjectFile), "project: {name: Salinan}\nlineage: "+section+"\n")
		opt := testOptions(map[string]string{"ONE": "kenari", "LINES": "kenari\nkenari"})
		if _, err := Load(dir, opt); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "kenari") {
			t.Errorf("%s: got %v", section, err)
		}
	}
}
