package lake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const limit = 1 << 30

// landed lands text and gives its place.
func land(t testing.TB, l *Lake, month, text string) Landed {
	t.Helper()
	o, err := l.Land("siskop2mi", month, strings.NewReader(text), limit)
	check(t, err)
	return o
}

func readObject(l *Lake, month string, id [16]byte) ([]byte, error) {
	r, err := l.OpenObject("siskop2mi", month, id)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestWhatIsLandedComesBackByteForByte(t *testing.T) {
	l := newLake(t)
	rapid.Check(t, func(rt *rapid.T) {
		data := bytes.Repeat(rapid.SliceOf(rapid.Byte()).Draw(rt, "data"), rapid.IntRange(0, 3000).Draw(rt, "times"))
		o, err := l.Land("siskop2mi", "2024-01", bytes.NewReader(data), limit)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := readObject(l, "2024-01", o.ID)
		if err != nil || !bytes.Equal(got, data) || o.Bytes != int64(len(data)) {
			rt.Fatalf("%d bytes came back of %d: %v", len(got), len(data), err)
		}
	})
}

func TestTheSameBytesLandOnce(t *testing.T) {
	l := newLake(t)
	first, again := land(t, l, "2024-01", "a,b\n1,2\n"), land(t, l, "2024-01", "a,b\n1,2\n")
	if first.Existed || !again.Existed || first.ID != again.ID || first.Stored != again.Stored {
		t.Errorf("landed %+v, then %+v", first, again)
	}
	if other := land(t, l, "2024-01", "a,b\n1,3\n"); other.ID == first.ID || other.Existed {
		t.Errorf("other bytes landed as %+v", other)
	}
	if elsewhere := land(t, newLake(t), "2024-01", "a,b\n1,2\n"); elsewhere.ID == first.ID {
		t.Error("two projects with two keys give an object the same name, which tells that they hold the same")
	}
	listed, err := os.ReadDir(l.landingDir("siskop2mi", "2024-01"))
	check(t, err)
	if len(listed) != 2 {
		t.Errorf("%d files, want 2", len(listed))
	}
}

func TestNothingOfAnObjectIsReadableOnDisk(t *testing.T) {
	dir := t.TempDir()
	l := openLake(t, dir, nil)
	o := land(t, l, "2024-01", strings.Repeat("3201014101900000 Siti\n", 100))
	check(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte("3201014101900000")) || bytes.Contains(data, []byte("Siti")) {
			t.Errorf("%s holds the text in clear", path)
		}
		return err
	}))
	info, err := os.Stat(l.objectPath("siskop2mi", "2024-01", o.ID))
	check(t, err)
	if info.Mode().Perm() != 0o400 {
		t.Errorf("mode %v, want 0400: landed bytes are never edited", info.Mode())
	}
}

func TestTheLimitCountsTheBytesThatCome(t *testing.T) {
	l := newLake(t)
	for _, c := range []struct {
		bytes, limit int64
		fits         bool
	}{{0, 1, true}, {99, 100, true}, {100, 100, true}, {101, 100, false}, {5 << 20, 1 << 20, false}} {
		_, err := l.Land("siskop2mi", "2024-01", io.LimitReader(zeros{}, c.bytes), c.limit)
		if c.fits != (err == nil) || !c.fits && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d bytes under a limit of %d: %v", c.bytes, c.limit, err)
		}
	}
	if _, err := l.Land("siskop2mi", "2024-01", zeros{}, 0); err == nil {
		t.Error("an object without a limit was landed")
	}
	noTmp(t, l)
}

func TestABrokenPullLeavesNothing(t *testing.T) {
	l := newLake(t)
	cut := errors.New("connection cut")
	for _, n := range []int64{0, 10, 1 << 20} {
		_, err := l.Land("siskop2mi", "2024-01", io.MultiReader(io.LimitReader(zeros{}, n), broken{cut}), limit)
		if !errors.Is(err, cut) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	// Cut exactly at the limit: not an object of that size.
	if _, err := l.Land("siskop2mi", "2024-01", io.MultiReader(io.LimitReader(zeros{}, 10), broken{cut}), 10); !errors.Is(err, cut) {
		t.Errorf("at the limit: %v", err)
	}
	noTmp(t, l)
	land(t, l, "2024-01", "the next one is whole")
}

func TestMemoryDoesNotGrowWithTheObject(t *testing.T) {
	if testing.Short() {
		t.Skip("lands 96 MiB")
	}
	l := newLake(t)
	land(t, l, "2024-01", "warm up")
	const size = 96 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	o, err := l.Land("siskop2mi", "2024-01", io.LimitReader(rand.NewChaCha8([32]byte{1}), size), limit)
	check(t, err)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
		t.Errorf("landing %d bytes allocated %d MiB in all", size, used>>20)
	}
	r, err := l.OpenObject("siskop2mi", "2024-01", o.ID)
	check(t, err)
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, err = io.CopyN(io.Discard, r, size-1)
	check(t, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if live := int64(after.HeapAlloc) - int64(before.HeapAlloc); live > 8<<20 {
		t.Errorf("reading %d bytes holds %d MiB", size, live>>20)
	}
	if n, err := io.Copy(io.Discard, r); n != 1 || err != nil {
		t.Errorf("the last byte: %d, %v", n, err)
	}
	check(t, r.Close())
}

func TestDeletingAKeyShredsItsMonthAndNoOther(t *testing.T) {
	l := newLake(t)
	january, february := land(t, l, "2024-01", "january"), land(t, l, "2024-02", "february")
	check(t, os.Remove(l.monthKeyPath("siskop2mi", "2024-01")))
	if _, err := readObject(l, "2024-01", january.ID); !errors.Is(err, ErrKeyGone) {
		t.Errorf("the key is deleted and a running process still reads: %v", err)
	}
	if _, err := l.Land("siskop2mi", "2024-01", strings.NewReader("more"), limit); !errors.Is(err, ErrKeyGone) {
		t.Errorf("a second key would hide that the first is gone: %v", err)
	}
	if got, err := readObject(l, "2024-02", february.ID); err != nil || string(got) != "february" {
		t.Errorf("february: %q, %v", got, err)
	}
}

func TestAnObjectUnderAnotherNameIsNotServed(t *testing.T) {
	l := newLake(t)
	a, b := land(t, l, "2024-01", "object a"), land(t, l, "2024-01", "object b")
	pathA, pathB := l.objectPath("siskop2mi", "2024-01", a.ID), l.objectPath("siskop2mi", "2024-01", b.ID)
	check(t, os.Remove(pathB))
	check(t, os.Link(pathA, pathB))
	if _, err := readObject(l, "2024-01", b.ID); err == nil || !strings.Contains(err.Error(), "not what was landed under this name") {
		t.Errorf("got %v", err)
	}
	check(t, os.Remove(pathB))
	if _, err := readObject(l, "2024-01", b.ID); err == nil || !strings.Contains(err.Error(), "restore it from a backup of the landing") {
		t.Errorf("got %v", err)
	}
}

func TestAddressesThatTheLandingRefuses(t *testing.T) {
	l := newLake(t)
	for _, c := range []struct{ source, month string }{{"../etc", "2024-01"}, {"", "2024-01"}, {"siskop2mi", "2024-13"}, {"siskop2mi", "../.."}, {"siskop2mi", "0000-00"}} {
		if _, err := l.Land(c.source, c.month, strings.NewReader("x"), limit); err == nil {
			t.Errorf("landed under %q, %q", c.source, c.month)
		}
		if _, err := l.OpenObject(c.source, c.month, [16]byte{}); err == nil {
			t.Errorf("opened under %q, %q", c.source, c.month)
		}
	}
}

func TestMasterKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "master.key")
	m, err := WriteMaster(path)
	check(t, err)
	text, err := os.ReadFile(path)
	check(t, err)
	again, err := LoadMaster(path)
	check(t, err)
	if m.ID() != again.ID() {
		t.Errorf("written %s, loaded %s", m.ID(), again.ID())
	}
	if shown := fmt.Sprintf("%v %+v %#v %s", m, m, m, &m); strings.Contains(shown, "AGE-SECRET") || strings.Contains(shown, "[") {
		t.Errorf("a key prints as %s", shown)
	}
	if _, err := WriteMaster(path); err == nil || !strings.Contains(err.Error(), "never replaced") {
		t.Errorf("a second key over the first: %v", err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"format", "format: 1", "format: 2", `its format is "2" and this program reads 1`},
		{"identity", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-2", "the line identity: holds no age identity"},
		{"secret", "landing-hmac: ", "landing-hmac: zz", "the line landing-hmac: does not hold 64 hexadecimal digits"},
		{"id", "id: mk-", "id: mk-0", "a character was changed"},
		{"line", "format: 1", "format 1", `line 3 is not a new "name: value"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseMaster(bytes.Replace(text, []byte(c.old), []byte(c.new), 1))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want ...%s...", err, c.want)
			}
		})
	}
	check(t, os.Chmod(path, 0o644))
	if _, err := LoadMaster(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that everybody can read: %v", err)
	}
	if _, err := LoadMaster(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no key: %v", err)
	}
	if _, err := Open(t.TempDir(), Master{}); err == nil {
		t.Error("a lake was opened without a key")
	}
}

func TestALakeIsReadWithItsOwnMasterOnly(t *testing.T) {
	dir := t.TempDir()
	o := land(t, openLake(t, dir, nil), "2024-01", "text")
	check(t, os.Remove(filepath.Join(dir, "keys", "master.key")))
	if _, err := readObject(openLake(t, dir, nil), "2024-01", o.ID); err == nil || !strings.Contains(err.Error(), "load the master key that it was made with") {
		t.Errorf("got %v", err)
	}
}

func FuzzParseMaster(f *testing.F) {
	path := filepath.Join(f.TempDir(), "master.key")
	_, err := WriteMaster(path)
	check(f, err)
	text, err := os.ReadFile(path)
	check(f, err)
	f.Add(text)
	f.Add([]byte("format: 1\nid: x\nidentity: \nlanding-hmac: 00\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if m, err := parseMaster(text); err == nil && m.identity == nil {
			t.Error("an empty key was accepted")
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// noTmp checks that no temporary file is left in a project.
func noTmp(t testing.TB, l *Lake) {
	t.Helper()
	check(t, filepath.WalkDir(filepath.Dir(l.dir), func(path string, d os.DirEntry, err error) error {
		if err == nil && isTmp(d.Name()) {
			t.Errorf("left behind: %s", path)
		}
		return err
	}))
}
