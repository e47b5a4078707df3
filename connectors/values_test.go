package connectors_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/kp2mi/lindung/connectors"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	const value = "hunter2"
	type holder struct {
		S connectors.Secret            `json:"s" yaml:"s"`
		M map[string]connectors.Secret `json:"m" yaml:"m"`
	}
	h := holder{value, map[string]connectors.Secret{"k": value}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10s"} {
		fmt.Fprintf(&out, verb+verb+verb, h, h.S, &h)
	}
	fmt.Fprint(&out, h, h.S)
	asJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(asJSON)
	out.Write(asYAML)
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("x", "secret", h.S, "holder", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", h.S, "holder", h)
	for _, seen := range []string{value, fmt.Sprintf("%x", value), fmt.Sprintf("%X", value)} {
		if strings.Contains(out.String(), seen) {
			t.Fatalf("the secret is printed:\n%s", out.String())
		}
	}
	if h.S.Reveal() != value {
		t.Error("the secret is lost")
	}
}

func TestSettingsAreReadFromYAML(t *testing.T) {
	text := `
url: https://api.example/v1/placements
auth: {kind: oauth2_client_credentials, token_url: https://api.example/token, client_id: a, client_secret: b}
paging: {kind: keyset, size_param: limit, size: 500, updated_path: updated_at, key_path: id, since_param: updated_since, after_key_param: after_id}
headers: {X-Note: c}
rate: {per_second: 2.5}
retry: {attempts: 3, max_wait: 10s}
idle_timeout: 48s
max_bytes: 64MiB
`
	kind, _ := connectors.Lookup("rest")
	s := kind.New().(*connectors.REST)
	if err := yaml.UnmarshalWithOptions([]byte(text), s, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if s.Auth.ClientSecret.Reveal() != "b" || s.Headers["X-Note"].Reveal() != "c" || s.MaxBytes != 64*connectors.MiB || s.IdleTimeout.Seconds() != 48 || s.Method != "GET" {
		t.Errorf("got %+v", s)
	}
	if _, err := s.Connect(connectors.Env{}); err != nil {
		t.Error(err)
	}
	if err := yaml.UnmarshalWithOptions([]byte("pages: 1"), kind.New(), yaml.Strict()); err == nil {
		t.Error("an unknown key passes")
	}
}

func TestSize(t *testing.T) {
	for in, want := range map[string]connectors.Size{"0": 0, "512": 512, "64KiB": 64 << 10, "2 GiB": 2 << 30, "10MB": 10_000_000, "7B": 7, "1TiB": 1 << 40} {
		var s connectors.Size
		if err := s.UnmarshalText([]byte(in)); err != nil || s != want {
			t.Errorf("%s: %d, %v", in, s, err)
		}
	}
	for _, in := range []string{"", "x", "-1", "1.5GiB", "9999999999GiB", "10 apples"} {
		var s connectors.Size
		if err := s.UnmarshalText([]byte(in)); err == nil {
			t.Errorf("%q passes as %d", in, s)
		}
	}
	for in, want := range map[connectors.Size]string{0: "0", 1000: "1000", 2 << 10: "2KiB", 3 << 20: "3MiB", 2 << 30: "2GiB"} {
		if in.String() != want {
			t.Errorf("%d: %s", in, in)
		}
	}
}

func TestKindsAreSortedAndDescribed(t *testing.T) {
	var names []string
	for _, k := range connectors.Kinds() {
		names = append(names, k.Name)
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "files") || !slices.Contains(names, "rest") {
		t.Errorf("kinds: %v", names)
	}
	for _, k := range connectors.Kinds() {
		if k.Summary == "" {
			t.Errorf("kind %s does not say what it is for", k.Name)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a name can be taken twice")
		}
	}()
	connectors.Register(connectors.Kinds()[0])
}
