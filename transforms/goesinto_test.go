package transforms

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A normaliser is one line per column, so its own source says which field goes into which column. What
// goesInto says must be the same.
func TestFieldsGoIntoTheColumnsThatNormalisersSay(t *testing.T) {
	checksOnly := map[string]bool{ // they decide whether a value is right, or needed, and are no part of it
		"sex→nik_check": true, "sex→nik_token": true, "wage→wage_currency": true,
		"amount_recovered→recovered_currency": true, "flow_kind→transaction_type": true,
	}
	all := columnsWritten(t)
	for name, written := range all {
		d, _ := Lookup(name)
		for _, field := range d.Inputs() {
			if field == versionInput {
				continue // the reader itself writes it
			}
			want := slices.DeleteFunc(written[field], func(column string) bool { return checksOnly[field+"→"+column] })
			if got := ColumnsOfField(d, field); !slices.Equal(got, want) {
				t.Errorf("%s: field %s goes into %v by its normaliser; goesInto says %v", name, field, want, got)
			}
		}
	}
	if len(all) < 30 {
		t.Errorf("only %d normalisers were read", len(all))
	}
}

// columnsWritten reads the normalisers: dataset → field → columns.
func columnsWritten(t *testing.T) map[string]map[string][]string {
	t.Helper()
	fset := token.NewFileSet()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string][]string{}
	byFunc, tags := map[string]*ast.FuncDecl{}, map[string]map[string]string{}
	datasets := map[string][2]string{} // name → normaliser, row type
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				byFunc[n.Name.Name] = n
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					tags[n.Name.Name] = parquetNames(s)
				}
			case *ast.CompositeLit:
				if name, fn, row := registered(n); name != "" {
					datasets[name] = [2]string{fn, row}
				}
			}
			return true
		})
	}
	for name, of := range datasets {
		d, ok := Lookup(name)
		if fn := byFunc[of[0]]; ok && fn != nil && len(d.Inputs()) > 0 {
			all[name] = flow(fn, tags[of[1]], d.Inputs())
		}
	}
	return all
}

// registered recognises definition[T, *T]{name: "…", normalise: f}.
func registered(lit *ast.CompositeLit) (name, fn, row string) {
	generic, ok := lit.Type.(*ast.IndexListExpr)
	if !ok {
		return "", "", ""
	}
	if id, ok := generic.Indices[0].(*ast.Ident); ok {
		row = id.Name
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch key := kv.Key.(*ast.Ident).Name; v := kv.Value.(type) {
		case *ast.BasicLit:
			if key == "name" {
				name, _ = strconv.Unquote(v.Value)
			}
		case *ast.Ident:
			if key == "normalise" {
				fn = v.Name
			}
		}
	}
	return name, fn, row
}

func parquetNames(s *ast.StructType) map[string]string {
	names := map[string]string{}
	for _, f := range s.Fields.List {
		if f.Tag == nil || len(f.Names) != 1 {
			continue
		}
		_, tag, _ := strings.Cut(f.Tag.Value, `parquet:"`)
		name, _, _ := strings.Cut(tag, `"`)
		name, _, _ = strings.Cut(name, ",")
		names[f.Names[0].Name] = name
	}
	return names
}

// flow follows fields through assignments: f.Text("x") brings field x, a variable or a row's column what was
// assigned to it.
func flow(fn *ast.FuncDecl, columns map[string]string, inputs []string) map[string][]string {
	holds := map[string]map[string]bool{} // variable or r.Column → fields
	key := func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.Ident:
			return e.Name
		case *ast.SelectorExpr:
			if id, ok := e.X.(*ast.Ident); ok {
				if id.Name == "r" {
					return "r." + e.Sel.Name
				}
				return id.Name
			}
		}
		return ""
	}
	brings := func(e ast.Node) map[string]bool {
		out := map[string]bool{}
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && slices.Contains(inputs, s) {
					out[s] = true
				}
			case *ast.SelectorExpr, *ast.Ident:
				for in := range holds[key(n.(ast.Expr))] {
					out[in] = true
				}
			}
			return true
		})
		return out
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, left := range a.Lhs {
			right := a.Rhs[0]
			if len(a.Rhs) > 1 {
				right = a.Rhs[i]
			}
			k := key(left)
			if k == "" || k == "_" {
				continue
			}
			if holds[k] == nil {
				holds[k] = map[string]bool{}
			}
			for in := range brings(right) {
				holds[k][in] = true
			}
		}
		return true
	})
	written := map[string][]string{}
	for k, ins := range holds {
		column, ok := columns[strings.TrimPrefix(k, "r.")]
		if !strings.HasPrefix(k, "r.") || !ok {
			continue
		}
		for in := range ins {
			written[in] = append(written[in], column)
		}
	}
	for in := range written {
		slices.Sort(written[in])
	}
	return written
}
