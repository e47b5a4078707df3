package warehouse

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// A Query is one question to a release's DuckDB file, answered in the form that its reader wants. It runs in a
// session that can change nothing and reach nothing else.
type Query struct {
	Path   string
	SQL    string
	Memory string // what it may use before it spills to the temporary folder, such as 512MB; empty: most of the machine's
}

// EngineVersion names the database engine, as in "DuckDB v1.5.6".
func EngineVersion() (string, error) {
	s, err := openSession(context.Background(), limits{threads: 1, memory: "128MB"})
	if err != nil {
		return "", err
	}
	var version string
	err = s.one(context.Background(), "select version()", &version)
	return "DuckDB " + version, closing(s, err)
}

// OpenFigures loads a figures.parquet into an in-memory database with one table, figures: what is left to read of
// a pruned release.
func OpenFigures(path string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening figures: %w", err)
	}
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("starting DuckDB: %w", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		"set TimeZone = 'Asia/Jakarta'", "set temp_directory = ''",
		"create table figures as from read_parquet([" + quoteText(path) + "])",
		"set enable_external_access = false", "set lock_configuration = true",
	} {
		if _, err := db.Exec(q); err != nil {
			return nil, closing(db, fmt.Errorf("opening figures %s: %w", path, err))
		}
	}
	return db, nil
}

// answer hands a query's rows to visit, every value as the text that expression writes for its column; nil is NULL.
func (q Query) answer(ctx context.Context, start func([]Column) error, expression func(Column) string, visit func([]*string) error) error {
	if q.Memory != "" && !byteSize.MatchString(q.Memory) {
		return fmt.Errorf("querying: memory %q is no size; write such as 512MB or 2GB", q.Memory)
	}
	db, err := openRead(q.Path, q.Memory)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("querying: %w", err)
	}
	s := &session{db: db, conn: conn}
	defer conn.Close()
	question := strings.TrimRight(strings.TrimSpace(q.SQL), "; \t\r\n")
	columns, err := s.columnsOf(ctx, "from ("+question+"\n)")
	if err != nil {
		return fmt.Errorf("querying (one SELECT, FROM, DESCRIBE, SHOW or SUMMARIZE is understood): %w", err)
	}
	for i := range columns { // a question may name two columns alike; within brackets DuckDB numbers them
		for n := 1; slices.ContainsFunc(columns[:i], func(c Column) bool { return strings.EqualFold(c.Name, columns[i].Name) }); n++ {
			columns[i].Name = strings.TrimSuffix(columns[i].Name, "_"+strconv.Itoa(n-1)) + "_" + strconv.Itoa(n)
		}
	}
	selected, names := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i] = "c" + strconv.Itoa(i)
		selected[i] = expression(Column{Name: names[i], SQLType: c.SQLType})
	}
	if err := start(columns); err != nil {
		return err
	}
	err = s.each(ctx, "select "+strings.Join(selected, ", ")+" from ("+question+"\n) as question ("+strings.Join(names, ", ")+")", visit)
	if err != nil {
		return fmt.Errorf("querying: %w", err)
	}
	return nil
}

func asText(c Column) string { return "cast(" + quoteName(c.Name) + " as varchar)" }

// WriteCSV writes RFC 4180 text with a header; NULL is an empty cell. A text that a spreadsheet would take for a
// formula gets a leading apostrophe.
func (q Query) WriteCSV(ctx context.Context, w io.Writer) error {
	out := csv.NewWriter(w)
	var columns []Column
	err := q.answer(ctx, func(c []Column) error {
		columns = c
		return out.Write(namesOf(c))
	}, asText, func(row []*string) error {
		cells := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				cells[i] = *v
				if columns[i].SQLType == "VARCHAR" {
					cells[i] = SpreadsheetText(*v)
				}
			}
		}
		return out.Write(cells)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// WriteJSON writes an array of objects with their columns in order. Numbers stay exact.
func (q Query) WriteJSON(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	var columns []Column
	var keys [][]byte
	open := "["
	err := q.answer(ctx, func(c []Column) error {
		columns = c
		for _, name := range namesOf(c) {
			key, err := jsonText(name)
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		return nil
	}, asText, func(row []*string) error {
		out.WriteString(open + "\n  {")
		open = ","
		for i, v := range row {
			if i > 0 {
				out.WriteString(", ")
			}
			value, err := jsonValue(columns[i].SQLType, v)
			if err != nil {
				return err
			}
			out.Write(keys[i])
			out.WriteString(": ")
			out.Write(value)
		}
		_, err := out.WriteString("}")
		return err
	})
	if err != nil {
		return err
	}
	if open == "[" {
		out.WriteString("[]\n")
	} else {
		out.WriteString("\n]\n")
	}
	return out.Flush()
}

func jsonValue(kind string, v *string) ([]byte, error) {
	switch {
	case v == nil:
		return []byte("null"), nil
	case kind == "BOOLEAN", isNumber(kind) && json.Valid([]byte(*v)): // inf and nan are no JSON numbers
		return []byte(*v), nil
	}
	return jsonText(*v)
}

func jsonText(s string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func isNumber(kind string) bool {
	return isFloat(kind) || isInteger(kind) || strings.HasPrefix(kind, "DECIMAL")
}

func isInteger(kind string) bool {
	return slices.Contains([]string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}, kind)
}

// WriteText writes a table for people: numbers to the right, and at the end how many rows there are.
func (q Query) WriteText(ctx context.Context, w io.Writer) error {
	var columns []Column
	var rows [][]string
	if err := q.answer(ctx, func(c []Column) error { columns = c; return nil }, asText, func(row []*string) error {
		rows = append(rows, texts(row))
		return nil
	}); err != nil {
		return err
	}
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = utf8.RuneCountInString(c.Name)
		for _, row := range rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	out := bufio.NewWriter(w)
	line := func(cells []string) {
		var b strings.Builder
		for i, cell := range cells {
			if i > 0 {
				b.WriteString("  ")
			}
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if isNumber(columns[i].SQLType) {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
		}
		fmt.Fprintln(out, strings.TrimRight(b.String(), " "))
	}
	line(namesOf(columns))
	for _, row := range rows {
		line(row)
	}
	fmt.Fprintf(out, "(%d rows)\n", len(rows))
	return out.Flush()
}
