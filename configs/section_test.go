package configs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func connector(t *testing.T, dir string, opt Options) Section {
	t.Helper()
	p, err := Load(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p.Sources[0].Feeds[0].Connector
}

func TestReferencesAreResolvedWhenASectionIsDecoded(t *testing.T) {
	dir := newProject(t, "secrets.good.yaml")
	if err := os.Mkdir(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "keys", "header.txt"), "from the file\n")
	s := connector(t, dir, testOptions(map[string]string{"LINDUNG_TOKEN": "from the environment"}))
	var got restSettings
	if err := s.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Token.Reveal() != "from the environment" || got.Headers["X-Key"] != "from the file" {
		t.Errorf("resolved: %q, %q", got.Token.Reveal(), got.Headers["X-Key"])
	}
	if len(s.Missing()) != 0 {
		t.Errorf("missing: %v", s.Missing())
	}
}

func TestAMissingReferenceNamesTheKeyThatNeedsIt(t *testing.T) {
	s := connector(t, newProject(t, "secrets.good.yaml"), testOptions(nil))
	want := `sources/secrets.yaml:13:14: "token" needs the environment variable LINDUNG_TOKEN, which is not set; set it before starting lindung
sources/secrets.yaml:14:24: "X-Key" needs the file keys/header.txt, which is not there or may not be read; create it, with the value as its only content`
	if got := messages(t, s.Decode(&restSettings{})); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := fmt.Sprint(s.Missing()); got != "[${env:LINDUNG_TOKEN} ${file:keys/header.txt}]" {
		t.Errorf("missing: %s", got)
	}
	empty := connector(t, newProject(t, "secrets.good.yaml"), testOptions(map[string]string{"LINDUNG_TOKEN": ""}))
	if got := messages(t, empty.Decode(&restSettings{})); !strings.Contains(got, "LINDUNG_TOKEN, which is empty; give it a value") {
		t.Errorf("an empty variable: %s", got)
	}
}

func TestAProjectCanBeLookedAtWithoutItsSecrets(t *testing.T) {
	opt := testOptions(nil)
	opt.AllowMissingSecrets = true
	s := connector(t, newProject(t, "secrets.good.yaml"), opt)
	var got restSettings
	if err := s.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Token != "${env:LINDUNG_TOKEN}" || len(s.Missing()) != 2 {
		t.Errorf("token %q, missing %v", got.Token.Reveal(), s.Missing())
	}
}

// upper is a type that quotes what it does not like, as many do.
type upper string

func (u *upper) UnmarshalText(b []byte) error {
	if string(b) != strings.ToUpper(string(b)) {
		return fmt.Errorf("%q is not in capitals", b)
	}
	*u = upper(b)
	return nil
}

func TestASecretIsInNoErrorAndNotInTheHash(t *testing.T) {
	const canary = "hunter2canary"
	dir := newProject(t, "secrets.good.yaml")
	if err := os.Mkdir(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "keys", "header.txt"), canary)
	opt := testOptions(map[string]string{"LINDUNG_TOKEN": canary})
	p, err := Load(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	s := p.Sources[0].Feeds[0].Connector
	for _, into := range []any{
		&struct {
			Token upper `yaml:"token"`
		}{},
		&struct {
			Token string `yaml:"token" one:"hunter2|hunter3"`
		}{},
		&struct {
			Token string `yaml:"token" like:"month"`
		}{},
		&struct {
			Token int `yaml:"token"`
		}{},
	} {
		got := messages(t, s.Decode(into))
		if !strings.Contains(got, "sources/secrets.yaml:13:14") {
			t.Errorf("%T: the mistake is not reported: %s", into, got)
		}
		if strings.Contains(got, canary) {
			t.Errorf("%T: the secret is in the message: %s", into, got)
		}
	}
	opt.Env = func(string) (string, bool) { return "another", true }
	if other, err := Load(dir, opt); err != nil || other.Hash != p.Hash {
		t.Errorf("the hash depends on a secret: %v", err)
	}
}

func TestASecretMayBeWrittenOutInSampleDataOnly(t *testing.T) {
	s := connector(t, newProject(t, "sample.good.yaml"), testOptions(nil))
	var got restSettings
	if err := s.Decode(&got); err != nil || got.Token != "contoh" {
		t.Errorf("sample: %v, %q", err, got.Token.Reveal())
	}
	raw, err := os.ReadFile("testdata/sample.good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := newProject(t)
	write(t, filepath.Join(dir, "sources", "real.yaml"), strings.Replace(string(raw), "origin: sample", "origin: real", 1))
	_, err = Load(dir, testOptions(nil))
	want := `sources/real.yaml:11:70: "token" is a secret and must not stand in the file; write ${env:NAME} or ${file:PATH}`
	if got := messages(t, err); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestKeysThatAreAbsentKeepTheirValue(t *testing.T) {
	s := connector(t, newProject(t, "minimal.good.yaml"), testOptions(nil))
	got := restSettings{User: "bawaan"}
	if err := s.Decode(&got); err != nil || got.User != "bawaan" || got.URL == "" {
		t.Errorf("%v %+v", err, got)
	}
}

func TestDecodeRefusesWhatItCannotFill(t *testing.T) {
	if err := (Section{Kind: "rest"}).Decode(&restSettings{}); err == nil {
		t.Error("a section that was not read is decoded")
	}
	s := connector(t, newProject(t, "minimal.good.yaml"), testOptions(nil))
	if err := s.Decode(restSettings{}); err == nil || !strings.Contains(err.Error(), "pointer to a struct") {
		t.Errorf("a struct by value: %v", err)
	}
	if got := messages(t, s.Errorf("connector %q is odd", s.Kind)); got != `sources/minimal.yaml:11:13: connector "rest" is odd` {
		t.Error(got)
	}
}

func TestAsErrorsGivesAPlaceToWhatHasNone(t *testing.T) {
	if got := AsErrors(fmt.Errorf("binding: %w", Error{File: "a.yaml", Line: 3, Column: 1, Message: "odd"}), "b.yaml", 9); got.Error() != "a.yaml:3:1: odd" {
		t.Error(got)
	}
	if got := AsErrors(fmt.Errorf("odd"), "b.yaml", 9); got.Error() != "b.yaml:9: odd" {
		t.Error(got)
	}
	if AsErrors(nil, "b.yaml", 9) != nil {
		t.Error("no error became one")
	}
}

func TestMatchesOfAFormatRule(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "a/b.csv", true},
		{"*.csv", "2024-01-15/JATIM.CSV", true},
		{"*.csv", "2024-01-15/jatim.csv.gz", false},
		{"**/*.csv", "jatim.csv", true},
		{"**/*.csv", "2024/01/jatim.csv", true},
		{"2024/**/*.csv", "2024/jatim.csv", true},
		{"2024/**/*.csv", "2023/01/jatim.csv", false},
		{"2024/*.csv", "2024/01/jatim.csv", false},
		{"2024/**", "2024/01/jatim.csv", true},
		{"**", "jatim.csv", true},
		{"a/*", "a", false},
	} {
		if got := (FormatRule{Match: c.pattern}).Matches(c.name); got != c.want {
			t.Errorf("%q and %q: %v", c.pattern, c.name, got)
		}
	}
}
