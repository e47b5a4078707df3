// Package lindung_test holds the laws of the repository: rules that a reader would
// otherwise have to remember. A rule that runs does not rot.
package lindung_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kp2mi/lindung/"

// mayImport says which rooms each room may know. What is not listed may not be imported.
var mayImport = map[string][]string{
	"configs":                  {},
	"connectors":               {"connectors/jsonscan"},
	"connectors/formats":       {"connectors/jsonscan"},
	"connectors/jsonscan":      {},
	"connectors/unpack":        {"connectors", "connectors/formats"},
	"connectors/connectortest": {"connectors", "connectors/formats"},
	"connectors/samples":       {},
	"transforms":               {},
	"transforms/privacy":       {},
	"lake":                     {},
	"sql":                      {},
	"warehouse":                {"lake", "sql", "warehouse/harmless"},
	"warehouse/harmless":       {},
	"figures":                  {"figures/arithmetic", "warehouse", "warehouse/harmless", "lake", "sql"},
	"figures/arithmetic":       {}, // it judges numbers, whoever printed them
	"figures/figurestest":      {"figures"},
	"figures/lint":             {"figures/arithmetic"}, // it reads publications of anybody, and no release
	"reports":                  {"configs", "reports/document", "reports/words", "reports/content", "reports/html", "reports/pdf", "reports/xlsx", "reports/data"},
	// what a report says, its shape, and its looks stay apart: writers know no figures, and what is said knows no writer
	"reports/document":              {},
	"reports/document/documenttest": {"reports/document"},
	"reports/words":                 {"figures"},
	"reports/content":               {"configs", "figures", "reports/document", "reports/words", "reports/charts"},
	"reports/charts":                {"reports/document"},
	"reports/html":                  {"reports/document", "reports/charts"},
	"reports/pdf":                   {},
	"reports/tables":                {"reports/document"},
	"reports/tables/tablestest":     {"reports/document"},
	"reports/xlsx":                  {"reports/document", "reports/tables", "warehouse/harmless"},
	"reports/data":                  {"reports/document", "reports/tables", "warehouse/harmless"},
	"reports/verify":                {"figures", "reports/document", "reports/xlsx"},
	"reports/editions":              {"figures"}, // files, and who did what with them when
	// what passes between a dataset and those who deliver: it judges columns that are handed to it,
	// so it needs to know what a dataset takes and what people read about it, and no source
	"producers": {"configs", "transforms"},
	// it puts into words what others describe, and opens nothing
	"docs": {"configs", "sql", "transforms", "warehouse", "warehouse/harmless"},
	// what was done and what is to be done, of which it knows nothing more than the names
	"pipelines/ledger":    {},
	"pipelines/schedule":  {"configs"},
	"pipelines/alerts":    {"configs", "pipelines/ledger"},
	"pipelines/metrics":   {"pipelines/ledger"},
	"pipelines/crashtest": {},
	// it words what ran for others, of plain values, and knows nothing of who ran it
	"pipelines/openlineage":                 {},
	"pipelines/openlineage/openlineagetest": {"pipelines/openlineage"},
	"deploy/sbom":                           {}, // what the program is made of; it is no part of it
	// it copies a project's files and knows what makes a copy whole; it does no work of the project
	"pipelines/backups": {"configs", "connectors", "lake", "warehouse", "reports/editions"},
	"pipelines":         {"pipelines/ledger", "pipelines/schedule", "pipelines/alerts", "pipelines/metrics", "pipelines/openlineage", "configs", "connectors", "connectors/formats", "connectors/unpack", "docs", "producers", "transforms", "transforms/privacy", "lake", "sql", "warehouse", "figures", "reports", "reports/document", "reports/content", "reports/verify", "reports/editions"},
	"cmd/lindung":       {"configs", "connectors", "connectors/formats", "connectors/samples", "transforms/privacy", "lake", "sql", "warehouse", "figures", "figures/lint", "reports", "reports/pdf", "reports/editions", "producers", "docs", "pipelines", "pipelines/ledger", "pipelines/schedule", "pipelines/alerts", "pipelines/backups"},
}

// onlyIn says where a thing may be used at all.
var onlyIn = map[string][]string{
	"github.com/duckdb/duckdb-go/v2":               {"warehouse", "figures/figurestest"},
	"github.com/parquet-go/parquet-go":             {"transforms", "reports/data"},
	"github.com/apache/arrow-go/v18":               {"lake", "warehouse"},
	"github.com/jackc/pgx/v5":                      {"connectors"},
	"github.com/go-sql-driver/mysql":               {"connectors"},
	"net/http":                                     {"connectors", "connectors/connectortest", "connectors/samples", "pipelines/alerts", "pipelines/metrics", "pipelines/openlineage", "pipelines"},
	"modernc.org/sqlite":                           {"pipelines/ledger"},
	"github.com/robfig/cron/v3":                    {"pipelines/schedule"},
	"github.com/prometheus/client_golang":          {"pipelines/metrics"},
	"os/exec":                                      {"pipelines", "cmd/lindung", "connectors/connectortest", "reports/pdf"},
	"github.com/pkg/sftp":                          {"connectors", "connectors/samples"},
	"github.com/wneessen/go-mail":                  {"pipelines/alerts"},
	"github.com/emersion/go-smtp":                  {"connectors/connectortest"},
	"github.com/minio/minio-go/v7":                 {"connectors", "connectors/connectortest"},
	"github.com/xuri/excelize/v2":                  {"producers", "figures/lint", "reports/xlsx"}, // the linter sees cells as a workbook shows them
	"golang.org/x/crypto/ssh":                      {"connectors", "connectors/connectortest", "connectors/samples"},
	"filippo.io/age":                               {"lake", "connectors/unpack"}, // at rest, and what sources send encrypted
	"github.com/spf13/cobra":                       {"cmd/lindung"},
	"github.com/kp2mi/lindung/connectors/samples":  {"cmd/lindung"},
	"github.com/kp2mi/lindung/pipelines/crashtest": {}, // tests alone
	"github.com/santhosh-tekuri/jsonschema/v6":     {"pipelines/openlineage/openlineagetest"},
}

type goFile struct {
	path string // slash-separated, from the root
	room string
	test bool
	ast  *ast.File
	fset *token.FileSet
	size int
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "testdata" || d.Name() == "lindung-demo") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, path, src, parser.ParseComments)
		if err != nil {
			return err
		}
		slash := filepath.ToSlash(path)
		files = append(files, goFile{path: slash, room: roomOf(slash), test: strings.HasSuffix(path, "_test.go"),
			ast: parsed, fset: fset, size: strings.Count(string(src), "\n")})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func roomOf(path string) string {
	dir := filepath.ToSlash(filepath.Dir(path))
	for dir != "." {
		if _, ok := mayImport[dir]; ok {
			return dir
		}
		dir = filepath.ToSlash(filepath.Dir(dir))
	}
	return ""
}

func TestImportsPointOneWay(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.room == "" {
			continue
		}
		for _, spec := range f.ast.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if room, ours := strings.CutPrefix(path, module); ours && room != f.room && !slices.Contains(mayImport[f.room], room) {
				t.Errorf("%s imports %s: the room %s may know only %v", f.path, room, f.room, mayImport[f.room])
			}
			for what, rooms := range onlyIn {
				if (path == what || strings.HasPrefix(path, what+"/")) && !slices.Contains(rooms, f.room) {
					t.Errorf("%s imports %s, which only %v may", f.path, path, rooms)
				}
			}
		}
	}
}

func TestEveryRoomIsInTheMap(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.room == "" && strings.Contains(f.path, "/") {
			t.Errorf("%s is in no room of the map in rules_test.go", f.path)
		}
	}
}

// Goroutines live in pipelines: everywhere else a reader may think in straight lines.
func TestOnlyPipelinesStartsGoroutines(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.room == "pipelines" || f.room == "connectors/connectortest" || strings.HasPrefix(f.path, "connectors/samples/serve") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				t.Errorf("%s: a go statement outside pipelines", f.fset.Position(g.Pos()))
			}
			return true
		})
	}
}

// The environment is read in one place, and time comes in as a value.
func TestSurroundingsAreReadInCmdOnly(t *testing.T) {
	banned := map[string]string{"os.Getenv": "cmd/lindung", "os.LookupEnv": "cmd/lindung", "time.Now": "cmd/lindung"}
	allowed := map[string]bool{
		"pipelines/stopwatch.go": true, // it measures how long steps take
		"pipelines/runner.go":    true, // likewise
		"pipelines/build.go":     true, // likewise
		"pipelines/record.go":    true, // likewise
		"pipelines/hold.go":      true, // likewise
		"pipelines/project.go":   true, // hands the environment to configs for ${env:NAME}
		"warehouse/steps.go":     true, // it measures how long steps take
		// with CI=true a server that is missing is a failure
		"connectors/connectortest/servers_start.go": true,
	}
	for _, f := range goFiles(t) {
		if f.test || f.room == "cmd/lindung" || allowed[f.path] {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := sel.X.(*ast.Ident)
			if !ok {
				return true
			}
			if name := pkg.Name + "." + sel.Sel.Name; banned[name] != "" {
				t.Errorf("%s: %s belongs in %s; take the value as an argument", f.fset.Position(sel.Pos()), name, banned[name])
			}
			return true
		})
	}
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	docs := map[string]bool{}
	seen := map[string]string{}
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		dir := filepath.ToSlash(filepath.Dir(f.path))
		seen[dir] = f.path
		if f.ast.Doc != nil && len(f.ast.Doc.Text()) > 80 {
			docs[dir] = true
		}
	}
	for dir, file := range seen {
		if !docs[dir] {
			t.Errorf("package %s (%s) has no doc comment that says what it owns and what it must not know", dir, file)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.room == "" {
			continue
		}
		for _, decl := range f.ast.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && exportedReceiver(d) && d.Doc == nil {
					t.Errorf("%s: %s has no doc comment", f.fset.Position(d.Pos()), d.Name.Name)
				}
			case *ast.GenDecl:
				undocumented(t, f, d)
			}
		}
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return ast.IsExported(name)
}

func undocumented(t *testing.T, f goFile, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
				t.Errorf("%s: type %s has no doc comment", f.fset.Position(s.Pos()), s.Name.Name)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					t.Errorf("%s: %s has no doc comment", f.fset.Position(s.Pos()), name.Name)
				}
			}
		}
	}
}

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.size > 400 && !f.test {
			t.Errorf("%s has %d lines; a file of one subject has at most 400", f.path, f.size)
		}
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || f.test || fn.Body == nil {
				continue
			}
			if lines := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1; lines > 80 {
				t.Errorf("%s: %s has %d lines; at most 80", f.fset.Position(fn.Pos()), fn.Name.Name, lines)
			}
		}
	}
}

func TestInterfacesStayFew(t *testing.T) {
	for _, f := range goFiles(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() {
				return true
			}
			if i, ok := spec.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > 10 {
				t.Errorf("%s: interface %s has %d methods", f.fset.Position(spec.Pos()), spec.Name.Name, i.Methods.NumFields())
			}
			return true
		})
	}
}

func TestNoBagsAndNoMarks(t *testing.T) {
	bags := []string{"util", "utils", "common", "helpers", "misc", "types", "models"}
	marks := []string{"TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"}
	for _, f := range goFiles(t) {
		base := strings.TrimSuffix(filepath.Base(f.path), ".go")
		if slices.Contains(bags, base) || slices.Contains(bags, filepath.Base(filepath.Dir(f.path))) {
			t.Errorf("%s: a bag without a subject", f.path)
		}
		for _, group := range f.ast.Comments {
			for _, mark := range marks {
				if strings.Contains(group.Text(), mark) {
					t.Errorf("%s: unfinished mark %s", f.fset.Position(group.Pos()), mark)
				}
			}
		}
	}
}

// "failed to" tells a reader at two in the morning nothing: say what was being done.
func TestErrorsSayWhatWasBeingDone(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING && strings.Contains(strings.ToLower(lit.Value), "failed to") {
				t.Errorf("%s: %s: name what was being done and the remedy", f.fset.Position(lit.Pos()), lit.Value)
			}
			return true
		})
	}
}
