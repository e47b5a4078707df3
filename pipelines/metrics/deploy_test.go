package metrics

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

const (
	rulesFile     = "../../deploy/prometheus/lindung.rules.yml"
	rulesTestFile = "../../deploy/prometheus/lindung.test.yml"
	dashboardFile = "../../deploy/grafana/lindung.json"
)

// promtool is Prometheus' own judge of rules and metrics.
func promtool(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("promtool")
	switch {
	case err != nil && os.Getenv("CI") != "":
		t.Fatal("promtool is not installed (Debian: prometheus)")
	case err != nil:
		t.Skip("promtool is not installed (Debian: prometheus)")
	}
	return path
}

func run(t *testing.T, args ...string) {
	t.Helper()
	if said, err := exec.Command(promtool(t), args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, said)
	}
}

// known are the labels of every metric that a scrape has, by the names that queries use.
func known(t *testing.T) map[string][]string {
	t.Helper()
	names := map[string][]string{"up": nil}
	for _, f := range Families {
		names[f.Name] = f.Labels
		if f.Kind == Summary {
			delete(names, f.Name)
			names[f.Name+"_sum"], names[f.Name+"_count"] = f.Labels, f.Labels
		}
	}
	others := prometheus.NewRegistry()
	others.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	families, err := others.Gather()
	check(t, err)
	for _, f := range families {
		names[f.GetName()] = nil
	}
	return names
}

var (
	texts      = regexp.MustCompile(`"[^"]*"`)
	selector   = regexp.MustCompile(`\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+|up)\b(?:\{([^}]*)\})?`)
	labelLists = regexp.MustCompile(`\b(?:by|without|on|ignoring|group_left|group_right) \(([^)]*)\)`)
	labelValue = regexp.MustCompile(`^label_values\((.*), ([a-z_]+)\)$`)
	functions  = []string{"predict_linear"}
)

// scraped are the labels that Prometheus itself puts on what it scrapes.
var scraped = []string{"instance", "job"}

// unknown lists the metrics and labels of a query that no scrape has.
func unknown(query string, names map[string][]string) (problems []string) {
	query = texts.ReplaceAllString(query, `""`)
	labels := slices.Clone(scraped)
	found := 0
	for _, m := range selector.FindAllStringSubmatch(labelLists.ReplaceAllString(query, ""), -1) {
		if slices.Contains(functions, m[1]) {
			continue
		}
		found++
		own, ok := names[m[1]]
		if !ok {
			problems = append(problems, "there is no metric "+m[1])
		}
		labels = append(labels, own...)
		for matcher := range strings.SplitSeq(m[2], ",") {
			label := strings.TrimSpace(matcher[:max(0, strings.IndexAny(matcher, "=!"))])
			if label != "" && !slices.Contains(own, label) && !slices.Contains(scraped, label) {
				problems = append(problems, m[1]+" has no label "+label)
			}
		}
	}
	for _, list := range labelLists.FindAllStringSubmatch(query, -1) {
		for label := range strings.SplitSeq(list[1], ",") {
			if label = strings.TrimSpace(label); !slices.Contains(labels, label) {
				problems = append(problems, "no metric of the query has the label "+label)
			}
		}
	}
	if found == 0 {
		problems = append(problems, "the query asks for no metric")
	}
	return problems
}

// The judge of queries judges.
func TestUnknownMetricsAndLabelsAreFound(t *testing.T) {
	names := map[string][]string{"lindung_a_total": {"feed"}, "up": nil}
	for query, want := range map[string]string{
		`sum by (feed) (increase(lindung_a_total{feed=~"x_y|z", instance!="b"}[1h])) > 0`: "",
		`up{job="lindung"} == 0`:                         "",
		`predict_linear(lindung_a_total[2d], 3600) < 0`:  "",
		`rate(lindung_b_total[1h])`:                      "there is no metric lindung_b_total",
		`lindung_a_total{source="x"}`:                    "lindung_a_total has no label source",
		`sum by (source) (lindung_a_total)`:              "no metric of the query has the label source",
		`sum by (feed) (up)`:                             "no metric of the query has the label feed",
		`time() - 1`:                                     "the query asks for no metric",
		`lindung_a_total unless on (code) lindung_a_tot`: "there is no metric lindung_a_tot, no metric of the query has the label code",
	} {
		if got := strings.Join(unknown(query, names), ", "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// Every alert asks for metrics and labels that there are, and tells people in two languages what
// is the matter and where to look.
func TestAlertRules(t *testing.T) {
	text, err := os.ReadFile(rulesFile)
	check(t, err)
	var file struct {
		Groups []struct {
			Name  string `yaml:"name"`
			Rules []struct {
				Alert       string            `yaml:"alert"`
				Expr        string            `yaml:"expr"`
				For         string            `yaml:"for"`
				Labels      map[string]string `yaml:"labels"`
				Annotations map[string]string `yaml:"annotations"`
			} `yaml:"rules"`
		} `yaml:"groups"`
	}
	check(t, yaml.UnmarshalWithOptions(text, &file, yaml.Strict()))
	names, seen := known(t), map[string]bool{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			for _, p := range unknown(r.Expr, names) {
				t.Errorf("%s: %s", r.Alert, p)
			}
			if seen[r.Alert] || !slices.Contains([]string{"critical", "warning", "info"}, r.Labels["severity"]) {
				t.Errorf("%s is there twice, or its severity %q is not one", r.Alert, r.Labels["severity"])
			}
			seen[r.Alert] = true
			for _, a := range []string{"summary", "summary_en", "command"} {
				if strings.TrimSpace(r.Annotations[a]) == "" {
					t.Errorf("%s has no %s", r.Alert, a)
				}
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("%d alerts", len(seen))
	}
	run(t, "check", "rules", rulesFile)
}

// What fires, and what recovers: the cases are in the file beside the rules.
func TestAlertRulesFire(t *testing.T) { run(t, "test", "rules", rulesTestFile) }

type dashboard struct {
	UID        string `json:"uid"`
	Title      string `json:"title"`
	Templating struct {
		List []struct {
			Name       string `json:"name"`
			Type       string `json:"type"`
			Definition string `json:"definition"`
		} `json:"list"`
	} `json:"templating"`
	Panels []panel `json:"panels"`
}

type panel struct {
	ID          int    `json:"id"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Datasource  struct {
		UID string `json:"uid"`
	} `json:"datasource"`
	GridPos struct {
		X, Y, W, H int
	} `json:"gridPos"`
	FieldConfig struct {
		Defaults struct {
			Unit string `json:"unit"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
	Targets []struct {
		RefID string `json:"refId"`
		Expr  string `json:"expr"`
	} `json:"targets"`
}

// The dashboard asks for metrics that there are, of whichever data source it is given, and says
// of every panel what it shows and in what unit.
func TestDashboard(t *testing.T) {
	text, err := os.ReadFile(dashboardFile)
	check(t, err)
	var d dashboard
	check(t, json.Unmarshal(text, &d))
	names, variables := known(t), map[string]string{}
	for _, v := range d.Templating.List {
		variables[v.Name] = v.Type
		if m := labelValue.FindStringSubmatch(v.Definition); m != nil {
			for _, p := range unknown("sum by ("+m[2]+") ("+m[1]+")", names) {
				t.Errorf("variable %s: %s", v.Name, p)
			}
		}
	}
	if d.UID == "" || d.Title == "" || variables["datasource"] != "datasource" || variables["feed"] != "query" {
		t.Errorf("uid %q, title %q, variables %v", d.UID, d.Title, variables)
	}
	var queries []string
	ids, cells := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.ID == 0 || p.Title == "" {
			t.Errorf("panel %d %q: its id is taken, or it has no title", p.ID, p.Title)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := cells[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("panel %q lies over %q, or over the edge", p.Title, other)
				}
				cells[[2]int{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Description == "" || !strings.Contains(p.Title, " / ") || p.FieldConfig.Defaults.Unit == "" || p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
			t.Errorf("panel %q lacks a description, a language, a unit, the data source or a query", p.Title)
		}
		for _, target := range p.Targets {
			for _, problem := range unknown(target.Expr, names) {
				t.Errorf("panel %q: %s", p.Title, problem)
			}
			queries = append(queries, target.Expr)
		}
	}
	understood(t, queries)
}

// understood has Prometheus' own parser read queries, as rules.
func understood(t *testing.T, queries []string) {
	t.Helper()
	var rules strings.Builder
	rules.WriteString("groups:\n  - name: queries\n    rules:\n")
	for i, q := range queries {
		fmt.Fprintf(&rules, "      - {record: 'query:%d', expr: %q}\n", i, strings.NewReplacer("$instance", ".*", "$feed", ".*").Replace(q))
	}
	file := filepath.Join(t.TempDir(), "queries.yml")
	check(t, os.WriteFile(file, []byte(rules.String()), 0o600))
	run(t, "check", "rules", file)
}

// The table of metrics in the documentation is the one that the program has.
func TestMetricsAreDocumented(t *testing.T) {
	const (
		file   = "../../docs/operations/monitoring.md"
		begins = "<!-- metrics: written by go test ./pipelines/metrics -update -->\n"
		ends   = "<!-- /metrics -->\n"
	)
	text, err := os.ReadFile(file)
	check(t, err)
	before, rest, ok := strings.Cut(string(text), begins)
	_, after, ends2 := strings.Cut(rest, ends)
	if !ok || !ends2 {
		t.Fatalf("%s has no place for the table of metrics", file)
	}
	var table strings.Builder
	table.WriteString("| metric | kind | labels | what it says |\n|---|---|---|---|\n")
	for _, f := range Families {
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", f.Name, f.Kind, strings.Join(f.Labels, ", "), f.Help)
	}
	want := before + begins + table.String() + ends + after
	if *update {
		check(t, os.WriteFile(file, []byte(want), 0o644))
	} else if want != string(text) {
		t.Errorf("the table of metrics in %s is stale: go test ./pipelines/metrics -update", file)
	}
	for _, path := range []string{"deploy/prometheus/lindung.rules.yml", "deploy/grafana/lindung.json", "/metrics", "/healthz", "/readyz"} {
		if !strings.Contains(before+after, path) {
			t.Errorf("%s does not speak of %s", file, path)
		}
	}
}

// A server that is asked while its ledger hangs answers all the same; see answerWithin.
func TestTheServerHasLimits(t *testing.T) {
	s := Server("127.0.0.1:0", nil, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 || s.WriteTimeout <= answerWithin {
		t.Errorf("%+v", s)
	}
}
