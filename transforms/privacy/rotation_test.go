package privacy

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// What was seen gets the token that the new key makes; what was not gets one of its own, the same for the same.
func TestARotationMapsTokens(t *testing.T) {
	old, next := DemoKeys(), mustGenerate(t)
	was, now := NewTokenizer(old), NewTokenizer(next)
	rapid.Check(t, func(t *rapid.T) {
		r := NewRotation(old, next)
		values := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9]{16}`), 1, 20, rapid.ID).Draw(t, "values")
		seen := rapid.IntRange(0, len(values)).Draw(t, "seen")
		purposes := []string{PurposeNIK, PurposePassport, PurposeRecord}
		for _, v := range values {
			r.Want(was.Token(PurposeNIK, v))
			r.Want(was.Token(PurposeNIK, v))
		}
		for _, v := range values[:seen] {
			for _, p := range purposes {
				if got := r.Token(p, v); got != was.Token(p, v) {
					t.Fatalf("while it looks on, %s gives %x", p, got)
				}
			}
		}
		if r.Wanted() != len(values) || r.Missing() != len(values)-seen {
			t.Fatalf("%d wanted, %d missing of %d, %d seen", r.Wanted(), r.Missing(), len(values), seen)
		}
		given := map[[16]byte]bool{}
		for i, v := range values {
			token := r.Next(was.Token(PurposeNIK, v))
			if made := token == now.Token(PurposeNIK, v); made != (i < seen) || given[token] || token != r.Next(was.Token(PurposeNIK, v)) {
				t.Fatalf("value %d: seen %v, the new key's token %v, given before %v", i, i < seen, made, given[token])
			}
			given[token] = true
		}
		r.Destroy()
		if r.Wanted() != 0 || r.Missing() != 0 {
			t.Fatal("the map outlives its end")
		}
	})
}

func mustGenerate(t *testing.T) Keys {
	t.Helper()
	k, err := GenerateKeys(nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A key that comes in the place of another is one key, whole, or nothing changed.
func TestAdopt(t *testing.T) {
	dir := t.TempDir()
	path, next := dir+"/tokens.key", dir+"/tokens.next"
	if err := WriteKeys(path); err != nil {
		t.Fatal(err)
	}
	was, err := LoadKeys(path, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := Adopt(next, path); err == nil {
		t.Error("a key that is not there was adopted")
	}
	if k, err := LoadKeys(path, true); err != nil || k != was {
		t.Errorf("the key changed: %v", err)
	}
	if err := WriteKeys(next); err != nil {
		t.Fatal(err)
	}
	want, _ := LoadKeys(next, true)
	if err := Adopt(next, path); err != nil {
		t.Fatal(err)
	}
	if k, err := LoadKeys(path, false); err != nil || k != want || k == was {
		t.Errorf("adopted %v, %v", k, err)
	}
	if text := fmt.Sprintf("%v %+v %#v", want, want, want); text != fmt.Sprintf("%s %s %s", want, want, want) {
		t.Errorf("a key shows itself: %s", text)
	}
}
