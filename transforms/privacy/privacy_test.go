package privacy

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestWriteAndLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "tokens.key")
	if err := WriteKeys(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key file has mode %v, %v", info.Mode(), err)
	}
	a, err := LoadKeys(path, false)
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadKeys(path, true)
	if err != nil || a != b {
		t.Fatalf("two readings differ: %v", err)
	}
	if err := WriteKeys(path); err == nil || !strings.Contains(err.Error(), "keep it, or move it away") {
		t.Fatalf("a key was replaced: %v", err)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Fatalf("%d files beside the key", len(left)-1)
	}
}

func TestLoadRefuses(t *testing.T) {
	good := func(path string) string {
		k, err := GenerateKeys(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Write(path); err != nil {
			t.Fatal(err)
		}
		text, _ := os.ReadFile(path)
		return string(text)
	}
	tests := []struct {
		name, want string
		spoil      func(path, text string)
	}{
		{"readable by others", "run chmod 600", func(path, _ string) { must(t, os.Chmod(path, 0o644)) }},
		{"not a key", "not a token key file", func(path, _ string) { must(t, os.WriteFile(path, []byte("hello\n"), 0o600)) }},
		{"damaged", "damaged", func(path, text string) { must(t, os.WriteFile(path, []byte(text[:len(text)-6]), 0o600)) }},
		{"another id", "its id does not fit", func(path, text string) {
			must(t, os.WriteFile(path, []byte(strings.Replace(text, "id ", "id 0", 1)), 0o600))
		}},
		{"gone", "reading the token key", func(path, _ string) { must(t, os.Remove(path)) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "tokens.key")
			tt.spoil(path, good(path))
			if _, err := LoadKeys(path, true); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("LoadKeys = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDemoKeyServesSamplesOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.key")
	must(t, WriteDemoKeys(path))
	if _, err := LoadKeys(path, true); err != nil {
		t.Errorf("refused for sample data: %v", err)
	}
	if _, err := LoadKeys(path, false); !errors.Is(err, ErrDemoKey) {
		t.Errorf("accepted for real data: %v", err)
	}
	for _, origin := range []string{"real", "reference", ""} {
		if err := DemoKeys().Check(origin); !errors.Is(err, ErrDemoKey) {
			t.Errorf("accepted for origin %q: %v", origin, err)
		}
	}
	if err := (Keys{}).Check("sample"); err == nil {
		t.Error("no key at all is accepted")
	}
}

// A secret is never printed, however the key is formatted.
func TestKeysDoNotPrint(t *testing.T) {
	k := DemoKeys()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(verb, k)
		if text != "token key "+k.ID() {
			t.Errorf("%s prints %q", verb, text)
		}
	}
}

// A token is HMAC-SHA-256 under a key of its purpose, as written down here once more.
func TestTokenIsWhatItSays(t *testing.T) {
	k := DemoKeys()
	derive := hmac.New(sha256.New, k.secret[:])
	derive.Write([]byte("lindung token key v1\x00nik"))
	mac := hmac.New(sha256.New, derive.Sum(nil))
	mac.Write([]byte("3201014101900000"))
	if got := NewTokenizer(k).Token(PurposeNIK, "3201014101900000"); !bytes.Equal(got[:], mac.Sum(nil)[:16]) {
		t.Errorf("token %x, want %x", got, mac.Sum(nil)[:16])
	}
}

func TestTokens(t *testing.T) {
	other, err := GenerateKeys(nil)
	if err != nil {
		t.Fatal(err)
	}
	a, b := NewTokenizer(DemoKeys()), NewTokenizer(other)
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.String().Draw(t, "x"), rapid.String().Draw(t, "y")
		if first, again := a.Token(PurposeNIK, x), a.Token(PurposeNIK, x); first != again {
			t.Fatal("one value has two tokens")
		}
		if (a.Token(PurposeNIK, x) == a.Token(PurposeNIK, y)) != (x == y) {
			t.Fatal("two values share a token")
		}
		if a.Token(PurposeNIK, x) == a.Token(PurposePassport, x) {
			t.Fatal("two purposes share a token")
		}
		if a.Token(PurposeNIK, x) == b.Token(PurposeNIK, x) {
			t.Fatal("two keys share a token")
		}
	})
}

func TestUnknownPurposePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a purpose without a key gives a token")
		}
	}()
	NewTokenizer(DemoKeys()).Token("phone", "x")
}

func TestTokenizerServesManyWorkers(t *testing.T) {
	tokens := NewTokenizer(DemoKeys())
	want := tokens.Token(PurposeNIK, "3201014101900000")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if tokens.Token(PurposeNIK, "3201014101900000") != want || tokens.Token(PurposePassport, "X0000123") == want {
					t.Error("workers disturb each other")
					return
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkToken(b *testing.B) {
	tokens := NewTokenizer(DemoKeys())
	b.ReportAllocs()
	for b.Loop() {
		tokens.Token(PurposeNIK, "3201014101900000")
	}
}
