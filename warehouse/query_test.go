package warehouse

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"
)

const everyType = `select 1 as n, cast(12.5 as decimal(18,2)) as money, 0.5::double as share, true as yes, 'a "b"' as words, '=1+1' as formula,
	date '2024-02-29' as day, timestamptz '2024-01-01 07:00:00+07' as at, cast('00000000-0000-0000-0000-000000000001' as uuid) as token,
	[1, 2] as list, null as nothing, sum(9007199254740993) as large, 'nan'::double as odd -- the end`

func released(t *testing.T) string {
	w := newWorld(t).deliver("2025-04-01", placementRows(0, 20, "2025-04-01", ""), 0)
	w.build()
	return filepath.Join(w.spec().OutDir, WarehouseFile)
}

func TestQueryForms(t *testing.T) {
	path := released(t)
	for name, tc := range map[string]struct {
		sql   string
		write func(Query, context.Context, *bytes.Buffer) error
		want  string
	}{
		"csv": {everyType + ";", func(q Query, c context.Context, b *bytes.Buffer) error { return q.WriteCSV(c, b) },
			"n,money,share,yes,words,formula,day,at,token,list,nothing,large,odd\n" +
				"1,12.50,0.5,true,\"a \"\"b\"\"\",'=1+1,2024-02-29,2024-01-01 07:00:00+07,00000000-0000-0000-0000-000000000001,\"[1, 2]\",,9007199254740993,nan\n"},
		"json": {everyType, func(q Query, c context.Context, b *bytes.Buffer) error { return q.WriteJSON(c, b) },
			`[
  {"n": 1, "money": 12.50, "share": 0.5, "yes": true, "words": "a \"b\"", "formula": "=1+1", "day": "2024-02-29", "at": "2024-01-01 07:00:00+07", ` +
				`"token": "00000000-0000-0000-0000-000000000001", "list": "[1, 2]", "nothing": null, "large": 9007199254740993, "odd": "nan"}
]
`},
		"json, nothing": {"select 1 as a where false", func(q Query, c context.Context, b *bytes.Buffer) error { return q.WriteJSON(c, b) }, "[]\n"},
		"text": {"select code, 7 as n from dim_country order by code", func(q Query, c context.Context, b *bytes.Buffer) error { return q.WriteText(c, b) },
			"code  n\nHKG   7\nMYS   7\nTWN   7\n(3 rows)\n"},
		"alike":    {"select 1 as a, 2 as a, 3 as A", func(q Query, c context.Context, b *bytes.Buffer) error { return q.WriteCSV(c, b) }, "a,a_1,A_2\n1,2,3\n"},
		"describe": {"describe dim_country", func(q Query, c context.Context, b *bytes.Buffer) error { return q.WriteCSV(c, b) }, "column_name,"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := tc.write(Query{Path: path, SQL: tc.sql}, context.Background(), &b); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(b.String(), tc.want) {
				t.Errorf("got\n%s\nwant\n%s", b.String(), tc.want)
			}
			if strings.HasPrefix(name, "json") && !json.Valid(b.Bytes()) {
				t.Error("this is not JSON")
			}
		})
	}
}

func TestQueryArrow(t *testing.T) {
	var b bytes.Buffer
	q := Query{Path: released(t), SQL: "select i, i * 1.25::decimal(18,2) as money, if(i % 2 = 0, null, 'w' || i) as word, date '1970-01-01' + i::integer as day, timestamptz '1970-01-01 07:00:00+07' as at from range(10000) as t(i) order by i"}
	if err := q.WriteArrow(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if got := r.Schema().String(); !strings.Contains(got, "i: type=int64") || !strings.Contains(got, "money: type=decimal(") || !strings.Contains(got, "day: type=date32") || !strings.Contains(got, "at: type=timestamp[us, tz=UTC]") {
		t.Errorf("schema %s", got)
	}
	rows, batches, last := int64(0), 0, ""
	for r.Next() {
		batch := r.RecordBatch()
		rows, batches = rows+batch.NumRows(), batches+1
		n := int(batch.NumRows()) - 1
		last = ""
		for i := range int(batch.NumCols()) {
			last += batch.Column(i).ValueStr(n) + "|"
		}
	}
	if rows != 10000 || batches != 2 || last != "9999|12498.75|w9999|1997-05-18|1970-01-01T00:00:00Z|" {
		t.Errorf("%d rows in %d batches, last %s", rows, batches, last)
	}
}

func TestQueryRefusesEverythingButQuestions(t *testing.T) {
	path := released(t)
	for _, sql := range []string{"create table x as select 1", "delete from fct_placements", "copy fct_placements to '/tmp/x.csv'", "select * from read_csv('/etc/passwd')",
		"select 1) as q(a); create table x (a int); select 1 from (select 1", "not sql", ""} {
		var b bytes.Buffer
		if err := (Query{Path: path, SQL: sql}).WriteCSV(context.Background(), &b); err == nil {
			t.Errorf("%q was answered: %s", sql, b.String())
		}
	}
	db := openFile(t, path)
	if got := ask(t, db, "select count(*) from fct_placements"); got != "20" {
		t.Errorf("%s placements are left", got)
	}
}

func TestOpenFigures(t *testing.T) {
	path := released(t)
	db, err := OpenFigures(filepath.Join(filepath.Dir(path), FiguresFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	whole := openFile(t, path)
	if a, b := ask(t, db, "from figures order by all"), ask(t, whole, "from figures order by all"); a != b || a == "" {
		t.Error("figures.parquet does not hold the figures of the warehouse")
	}
	if _, err := db.Exec("select * from read_csv('/etc/passwd')"); err == nil {
		t.Error("other files can be read")
	}
}

func TestEngineVersion(t *testing.T) {
	if got, err := EngineVersion(); err != nil || got != "DuckDB v1.5.6" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{"": "", "Hong Kong": "Hong Kong", "=SUM(A1)": "'=SUM(A1)", " @x": "' @x", "＝1": "'＝1", "-": "'-", "a=1": "a=1"} {
		if got := SpreadsheetText(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
