package jsonscan

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestValueFindsTheEndOfAValue(t *testing.T) {
	for _, value := range []string{
		`{}`, `[]`, `""`, `0`, `-0.5e+10`, `true`, `false`, `null`, `[1, "a", {"b": [null]}]`,
		`{"a" : 1 ,	"b":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, `3201014101900000`, `"é"`, `[ ]`, `{ }`,
	} {
		text := Text{Data: []byte(value + ` ,`), Final: true}
		if end, err := text.Value(0); err != nil || end != len(value) {
			t.Errorf("%s: end %d, %v", value, end, err)
		}
		for cut := range value {
			if _, err := (Text{Data: []byte(value[:cut])}).Value(0); !errors.Is(err, ErrShort) {
				t.Errorf("%s cut at %d: %v, want ErrShort", value, cut, err)
			}
		}
	}
}

func TestValueRefusesWhatIsNotJSON(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"a":1`, "ends"}, {`[1 2]`, "comma"}, {`[1,]`, "comma stands before"}, {`{"a",1}`, "colon"}, {`{a:1}`, "member name"},
		{`01`, "begins with 0"}, {`-`, "digit"}, {`1.`, "digit"}, {`1e`, "digit"}, {`tru`, "ends"}, {`trux`, "not the beginning"},
		{"\"a\nb\"", "control"}, {`"\x"`, "backslash"}, {`"\u12g4"`, "hexadecimal"}, {`"abc`, "ends"}, {`NaN`, "not the beginning"}, {``, "ends"},
		{strings.Repeat("[", MaxDepth+1), "too deep"}, {`}`, "not the beginning"},
	} {
		_, err := Text{Data: []byte(c.in), Final: true}.Value(0)
		if problem := (*SyntaxError)(nil); !errors.As(err, &problem) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20s: %v, want a syntax error about %q", c.in, err, c.want)
		}
	}
}

func TestAppendTextReportsWhatIsNotText(t *testing.T) {
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{`"a\u00e9\ud83d\ude00\n"`, "aé😀\n", true},
		{`"\ud83d"`, "\uFFFD", false},
		{`"\ud83dx"`, "\uFFFDx", false},
		{`"\ude00\ud83d"`, "\uFFFD\uFFFD", false},
		{`"\ud83d\u0041"`, "\uFFFDA", false},
		{"\"J\xe9\"", "J\uFFFD", false},
		{`"\ufffd"`, "\uFFFD", true},
	} {
		end, form, err := Text{Data: []byte(c.in), Final: true}.String(0)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := AppendText(nil, []byte(c.in)[1:end-1], form); string(got) != c.want || ok != c.ok {
			t.Errorf("%s: %q %v, want %q %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

// The scanner must accept exactly what the standard library accepts, and a
// string must say the same in both.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5e-3,true,null,"x\u00e9"]}`, `[[],{}]`, `"\ud800"`, `-0`, `01`, `[1,]`, `{"a":}`, ` 1 `, "\"\xff\"", `"\ud83d\ude00"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		text := Text{Data: in, Final: true}
		i, err := text.Space(0)
		start := i
		if err == nil {
			if i, err = text.Value(i); err == nil {
				err = text.End(i)
			}
		}
		if problem := (*SyntaxError)(nil); err != nil && !errors.As(err, &problem) {
			t.Fatalf("an error that is no syntax error: %v", err)
		}
		deep := err != nil && strings.Contains(err.Error(), "too deep")
		if valid := json.Valid(in); valid != (err == nil) && !deep {
			t.Fatalf("we say %v, encoding/json says valid=%v", err, valid)
		}
		if err != nil || in[start] != '"' {
			return
		}
		end, form, _ := text.String(start)
		got, ok := AppendText(nil, in[start+1:end-1], form)
		var want string
		if err := json.Unmarshal(in, &want); err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Fatalf("text %q, want %q", got, want)
		}
		if ok && strings.Count(want, "\uFFFD") > 0 && !strings.Contains(string(in), "\uFFFD") && !strings.Contains(strings.ToLower(string(in)), `\ufffd`) {
			t.Fatal("a replaced character was not reported")
		}
		if !utf8.Valid(got) {
			t.Fatal("not valid text")
		}
	})
}

func BenchmarkValue(b *testing.B) {
	in := []byte(`[` + strings.Repeat(`{"id":"PLC-0000001","nik":"3201014101900000","wage":4870.00,"worker":{"sex":"P","country":"HONG KONG"},"ok":true},`, 9999) + `null]`)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if _, err := (Text{Data: in, Final: true}).Value(0); err != nil {
			b.Fatal(err)
		}
	}
}
