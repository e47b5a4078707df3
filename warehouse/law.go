package warehouse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	models "github.com/kp2mi/lindung/sql"
)

// Lineage names, for each model, the tables that its SQL reads, sorted.
type Lineage map[string][]string

// Upstream returns everything that a table depends on, itself included, models and inputs alike.
func (l Lineage) Upstream(table string) map[string]bool {
	seen := map[string]bool{}
	open := []string{table}
	for len(open) > 0 {
		t := open[len(open)-1]
		open = open[:len(open)-1]
		if seen[t] {
			continue
		}
		seen[t] = true
		open = append(open, l[t]...)
	}
	return seen
}

// CheckOrder proves the order law: a model reads only the run row, lake datasets, reference lists and models
// that come before it. It also refuses clocks, chance and file readers in SQL, which would make two builds of
// the same inputs differ. It asks DuckDB's own parser which tables a query reads and needs no data.
func CheckOrder(ctx context.Context, ms []models.Model) (Lineage, error) {
	// An empty instance: where views exist, DuckDB would answer with what is behind them.
	s, err := openSession(ctx, limits{threads: 1, memory: "256MB"})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	position := map[string]int{}
	for i, m := range ms {
		position[m.Name] = i
	}
	lineage := Lineage{}
	var problems []error
	for i, m := range ms {
		reads, err := duckdb.GetTableNames(s.conn, m.SQL, false)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: reading the SQL: %w", m.Path, err))
			continue
		}
		reads = append(reads, named(m, position)...)
		sort.Strings(reads)
		lineage[m.Name] = slices.Compact(reads)
		for _, table := range lineage[m.Name] {
			if err := mayRead(m, i, table, position); err != nil {
				problems = append(problems, err)
			}
		}
		if word := forbiddenIn(m.SQL); word != "" {
			problems = append(problems, fmt.Errorf("%s: calls %s; SQL takes the day from run.as_of and reads only tables", m.Path, word))
		}
	}
	return lineage, errors.Join(problems...)
}

var (
	words   = regexp.MustCompile(`[a-z_][a-z0-9_]*`)
	sources = regexp.MustCompile(`\b(?:from|join)\s+((?:lake|ref)_[a-z0-9_]+|run|figures|rule_results)\b`)
)

// named finds tables by their names in the text. DuckDB does not report what stands inside a pivot or unpivot, nor behind a CTE that is used twice,
// and a dependency must not hide there; that a column is called like a model is the smaller risk.
func named(m models.Model, position map[string]int) (tables []string) {
	text := strings.ToLower(noise.ReplaceAllString(m.SQL, " "))
	for _, w := range words.FindAllString(text, -1) {
		if _, isModel := position[w]; isModel {
			tables = append(tables, w)
		}
	}
	for _, found := range sources.FindAllStringSubmatch(text, -1) {
		tables = append(tables, found[1])
	}
	return tables
}

func mayRead(m models.Model, at int, table string, position map[string]int) error {
	if before, isModel := position[table]; isModel {
		if before < at {
			return nil
		}
		return fmt.Errorf("%s reads %s, which is built later; rename one so that the order holds", m.Path, table)
	}
	switch {
	case table == "run", strings.HasPrefix(table, "lake_"), strings.HasPrefix(table, "ref_"):
		return nil
	case table == figuresTable && m.Layer == models.Checks, table == ruleResultsTable && m.Layer == models.KPIs:
		return nil
	}
	return fmt.Errorf("%s reads %s, which is no model, lake dataset or reference list", m.Path, table)
}

var (
	noise     = regexp.MustCompile(`(?s)/\*.*?\*/|--[^\n]*|'(?:[^']|'')*'`)
	forbidden = regexp.MustCompile(`(?i)\b(?:(?:now|today|random|uuid|gen_random_uuid|uuidv4|uuidv7|get_current_time(?:stamp)?|transaction_timestamp|nextval|glob|getenv|read_\w+|parquet_\w+|sniff_csv|\w+_scan)\s*\(|current_(?:date|time|timestamp)\b|localtime(?:stamp)?\b|tablesample\b|using\s+sample\b)`)
)

// forbiddenIn returns the first word of a query, outside comments and texts, that a model may not use.
func forbiddenIn(query string) string {
	return strings.TrimRight(forbidden.FindString(noise.ReplaceAllString(query, " ")), " (")
}

// ModelsHash identifies a model set: its names, order, SQL and YAML.
func ModelsHash(ms []models.Model) (string, error) {
	if len(ms) == 0 {
		return "", errors.New("hashing models: there are none")
	}
	h := newHash()
	for _, m := range ms {
		fmt.Fprintf(h, "%s\x00%d\x00%s\x00%d\x00%s\x00", m.Path, len(m.SQL), m.SQL, len(m.YAML), m.YAML)
	}
	return hexOf(h), nil
}
