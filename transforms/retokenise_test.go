package transforms

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kp2mi/lindung/transforms/privacy"
)

// Rows that are given other tokens are, byte for byte, the rows that a normaliser with the other key makes.
func TestRetokenisedRowsAreThoseOfTheOtherKey(t *testing.T) {
	env := testEnv(t)
	old := privacy.DemoKeys()
	next, err := privacy.GenerateKeys(nil)
	if err != nil {
		t.Fatal(err)
	}
	made := func(d Dataset, tokens Tokenizer, table string) (rows, rejects []byte) {
		n, err := d.Bind(&Env{Lists: env.Lists, Tokens: tokens}, Mapping{Source: "unit", Feed: "unit_x", Units: Units{DateOrder: "dmy", Decimal: ","}})
		if err != nil {
			t.Fatal(err)
		}
		set := d.NewRows()
		bad, err := n.Normalise(tableOf(t, table), [16]byte{7}, set)
		if err != nil {
			t.Fatal(err)
		}
		return sortedParquet(t, set), sortedParquet(t, NewRejectRows(d.Name(), "unit_x", "unit", "2024-01", bad))
	}
	d, _ := Lookup("cases")
	cases, _ := LookupTokenised("cases")
	rejected, _ := LookupTokenised("rejects")
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		var table strings.Builder
		table.WriteString("case_id,received_at,nik,passport,category,status,country\n")
		for i := range rapid.IntRange(1, 12).Draw(t, "records") {
			nik := rapid.SampledFrom([]string{"3201014101900000", "3201014202910000", "9999999999999999", "", "12"}).Draw(t, "nik")
			passport := rapid.SampledFrom([]string{"X1234567", "B 765432", ""}).Draw(t, "passport")
			table.WriteString("K-" + string(rune('A'+i)) + ",17/08/2024," + nik + "," + passport + "," +
				rapid.SampledFrom([]string{"TPPO", "bukan kategori"}).Draw(t, "category") + ",closed,HKG\n")
		}
		rows, rejects := made(d, privacy.NewTokenizer(old), table.String())
		wantRows, wantRejects := made(d, privacy.NewTokenizer(next), table.String())
		r := privacy.NewRotation(old, next)
		for _, f := range []struct {
			d    Tokenised
			file []byte
		}{{cases, rows}, {rejected, rejects}} {
			if err := f.d.ReadTokens(bytes.NewReader(f.file), int64(len(f.file)), r.Want); err != nil {
				t.Fatal(err)
			}
		}
		made(d, r, table.String())
		if r.Missing() > 0 {
			t.Fatalf("%d of %d tokens were not seen", r.Missing(), r.Wanted())
		}
		for _, f := range []struct {
			d          Tokenised
			file, want []byte
		}{{cases, rows, wantRows}, {rejected, rejects, wantRejects}} {
			again, err := f.d.Retokenise(bytes.NewReader(f.file), int64(len(f.file)), r.Next)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(sortedParquet(outer, again), f.want) {
				t.Fatalf("%v: other bytes than the normaliser's", f.d.TokenColumns())
			}
		}
	})
}

func sortedParquet(t testing.TB, rows Rows) []byte {
	t.Helper()
	rows.Sort()
	return parquetOf(t, rows)
}

// The key of a dataset is never a token: it would have to change with the token key, and rows be lost to each other.
func TestNoKeyIsAToken(t *testing.T) {
	for _, d := range Datasets() {
		for _, in := range d.DescribeInputs() {
			if in.Key && in.Class == "identifier" {
				t.Errorf("%s: %s is part of the key and an identifier", d.Name(), in.Name)
			}
		}
	}
}

// Whatever stands in a file, nulls, zeros and empty texts among it, is there again when it is written anew.
func TestAFileReadWholeIsWrittenTheSame(t *testing.T) {
	d, _ := LookupTokenised("placements")
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		rows := randomPlacements(t)
		if rows.Len() == 0 {
			return
		}
		file := sortedParquet(outer, rows)
		again, err := d.Retokenise(bytes.NewReader(file), int64(len(file)), func(token [16]byte) [16]byte { return token })
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(sortedParquet(outer, again), file) {
			t.Fatal("other bytes than were read")
		}
	})
}
