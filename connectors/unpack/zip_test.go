package unpack_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/formats"
	"github.com/kp2mi/lindung/connectors/unpack"
)

// zipWith writes one member whose header a test has changed.
func zipWith(t testing.TB, text string, change func(*zip.FileHeader)) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	h := &zip.FileHeader{Name: "a.csv", Method: zip.Deflate}
	change(h)
	w, err := z.CreateHeader(h)
	must(t, err)
	_, err = io.WriteString(w, text)
	must(t, err, z.Close())
	return out.Bytes()
}

func opened(t testing.TB, object []byte, change func(*unpack.Zip)) ([]string, error) {
	return read(t, unpack.Around(format("csv"), []unpack.Settings{zipLayer(t, change)}, t.TempDir()), object)
}

// directoryAt is where the directory entry of the last member begins.
func directoryAt(object []byte) int { return bytes.LastIndex(object, []byte("PK\x01\x02")) }

func TestNamesInAnArchiveAreNeverPaths(t *testing.T) {
	for name, c := range map[string]struct {
		object []byte
		want   string
	}{
		"a way out":                {zipped(t, "a.csv", "id\n1\n", "../../etc/cron.d/a.csv", "id\n2\n"), "leads out"},
		"an absolute name":         {zipped(t, "/etc/a.csv", "id\n1\n"), "leads out"},
		"a drive":                  {zipped(t, `C:\a.csv`, "id\n1\n"), "leads out"},
		"a way out with \\":        {zipped(t, `a\..\..\b.csv`, "id\n1\n"), "leads out"},
		"a control character":      {zipped(t, "a\x1b[2J.csv", "id\n1\n"), "control characters"},
		"an endless name":          {zipped(t, strings.Repeat("a/", 400)+"a.csv", "id\n1\n"), "too long"},
		"no name":                  {zipped(t, "", "id\n1\n"), "leads out"},
		"one name twice":           {zipped(t, "a.csv", "id\n1\n", "a.csv", "id\n2\n"), "two members are called a.csv"},
		"one name in two writings": {zipped(t, "x/a.csv", "id\n1\n", `x\a.csv`, "id\n2\n"), "two members are called x/a.csv"},
		"a file and a folder":      {zipped(t, "a.csv", "id\n1\n", "a.csv/", ""), "two members are called a.csv"},
		"a link":                   {zipWith(t, "/etc/passwd", func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), "a.csv is a link"},
		"nothing that fits":        {zipped(t, "BACA.txt", "x"), "there are: BACA.txt"},
		"nothing at all":           {zipped(t), "there are: none"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := opened(t, c.object, func(s *unpack.Zip) { s.Members = []string{"*.csv"} })
			if err == nil || !strings.Contains(err.Error(), c.want) || len(got) > 0 {
				t.Errorf("got %v, %v, want %q", got, err, c.want)
			}
		})
	}
	// Names that are not marked as UTF-8 are in the code page of the first PCs.
	got, err := opened(t, zipWith(t, "id\n1\n", func(h *zip.FileHeader) { h.Name, h.NonUTF8 = "M\x81nchen.csv", true }), nil)
	if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "München.csv: line 2") {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAnArchiveThatLies(t *testing.T) {
	text := "id\n" + strings.Repeat("12345\n", 1000)
	patched := func(at int, value uint32) []byte {
		object := zipped(t, "a.csv", text)
		binary.LittleEndian.PutUint32(object[directoryAt(object)+at:], value)
		return object
	}
	stored := zipWith(t, text, func(h *zip.FileHeader) { h.Method = zip.Store })
	stored[bytes.Index(stored, []byte("12345"))] = '9'
	two := zipped(t, "a.csv", text, "b.csv", text)
	// The second member says that it begins where the first does.
	binary.LittleEndian.PutUint32(two[directoryAt(two)+42:], 0)
	for name, c := range map[string]struct {
		object []byte
		want   string
	}{
		"a checksum that does not fit": {patched(16, 7), "checksum"},
		"more bytes than it has":       {patched(24, 1<<20), "cut short"},
		"fewer bytes than it has":      {patched(24, 10), "damaged"},
		"members that share bytes":     {two, "share the same bytes"},
		"packed bytes beyond the file": {patched(20, 1<<30), "damaged"},
		"a changed byte":               {stored, "checksum"},
		"cut short":                    {zipped(t, "a.csv", text)[:60], "no whole ZIP"},
		"Deflate64":                    {packedWith(t, 9), "Deflate64"},
		"something new":                {packedWith(t, 77), "method 77"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := opened(t, c.object, nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// packedWith says that a member is packed in another way.
func packedWith(t testing.TB, method uint16) []byte {
	object := zipped(t, "a.csv", "id\n1\n")
	binary.LittleEndian.PutUint16(object[directoryAt(object)+10:], method)
	return object
}

func TestMembersAreLimited(t *testing.T) {
	var members []string
	for i := range 2000 {
		members = append(members, fmt.Sprintf("%04d.csv", i), "id\n")
	}
	if _, err := opened(t, zipped(t, members...), nil); err == nil || !strings.Contains(err.Error(), "max_members (1000)") {
		t.Errorf("got %v", err)
	}
	if _, err := opened(t, zipped(t, members...), func(s *unpack.Zip) { s.MaxMembers = 2000 }); err != nil {
		t.Error(err)
	}
	// The directory itself is bounded too, since all of it is held in memory.
	var fat bytes.Buffer
	z := zip.NewWriter(&fat)
	for i := range 40 {
		_, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint(i), Comment: strings.Repeat("x", 60_000)})
		must(t, err)
	}
	must(t, z.Close())
	if _, err := opened(t, fat.Bytes(), func(s *unpack.Zip) { s.MaxMembers = 100 }); err == nil || !strings.Contains(err.Error(), "max_members (100)") {
		t.Errorf("got %v", err)
	}
}

// Nothing of an archive stays behind, also when its reader stops.
func TestNoArchiveStaysInTheTemporaryFolder(t *testing.T) {
	dir := t.TempDir()
	s := unpack.Around(format("csv"), []unpack.Settings{zipLayer(t, nil)}, dir)
	for range s.Decode(t.Context(), "kiriman", bytes.NewReader(zipped(t, "a.csv", "id\n1\n", "b.csv", "id\n2\n"))) {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%v lies there while it is read, %v", left, err)
		}
		break
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// program makes an archive with a program that others use; without it the test is
// skipped, and fails where everything must be there.
func program(t testing.TB, text string, command ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", command[0])
		}
		t.Skipf("%s is not installed", command[0])
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "jatim.csv"), []byte(text), 0o600))
	cmd := exec.Command(command[0], append(command[1:], "berkas.zip", "jatim.csv")...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
	object, err := os.ReadFile(filepath.Join(dir, "berkas.zip"))
	must(t, err)
	return object
}

func TestPasswordsOfOtherPrograms(t *testing.T) {
	text := "id\n" + strings.Repeat("12345\n", 40_000)
	for name, command := range map[string][]string{
		"7-Zip, AES-256":           {"7z", "a", "-tzip", "-mem=AES256", "-pkata sandi"},
		"7-Zip, AES-128":           {"7z", "a", "-tzip", "-mem=AES128", "-pkata sandi"},
		"7-Zip, AES-192, stored":   {"7z", "a", "-tzip", "-mem=AES192", "-mx=0", "-pkata sandi"},
		"7-Zip, ZipCrypto":         {"7z", "a", "-tzip", "-mem=ZipCrypto", "-pkata sandi"},
		"Info-ZIP":                 {"zip", "-q", "-P", "kata sandi"},
		"Info-ZIP, stored":         {"zip", "-q", "-0", "-P", "kata sandi"},
		"Info-ZIP, as it comes in": {"zip", "-q", "-fd", "-P", "kata sandi"},
	} {
		t.Run(name, func(t *testing.T) {
			object := program(t, text, command...)
			with := func(password connectors.Secret) func(*unpack.Zip) {
				return func(s *unpack.Zip) { s.Password = password }
			}
			got, err := opened(t, object, with("kata sandi"))
			if err != nil || len(got) != 40_000 || got[0] != "jatim.csv: line 2 1: 12345" {
				t.Fatalf("%d records, %v", len(got), err)
			}
			if _, err := opened(t, object, with("kata sandi lain")); err == nil || !strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "sandi") {
				t.Errorf("another password: %v", err)
			}
			if _, err := opened(t, object, nil); err == nil || !strings.Contains(err.Error(), "it is encrypted: set password") {
				t.Errorf("no password: %v", err)
			}
			changed := slices.Clone(object)
			changed[len(changed)/2] ^= 1
			if _, err := opened(t, changed, with("kata sandi")); err == nil {
				t.Error("a changed byte passes")
			}
		})
	}
}

// What opens is what was written, whatever the bytes; and whatever the bytes, an
// error is an error and nothing hangs, grows or falls over.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(zipped(f, "a.csv", "id\n1\n", "b/c.csv", "id\n2\n")))
	f.Add(zipWith(f, "id\n1\n", func(h *zip.FileHeader) { h.Method = zip.Store }))
	f.Add(gzipped(f, []byte("id\n1\n")))
	f.Add(zstandard(f, []byte("id\n1\n")))
	f.Add(sealed(f, []byte("id\n1\n"), key.Recipient()))
	for _, command := range [][]string{{"7z", "a", "-tzip", "-mem=AES256", "-pkata sandi"}, {"zip", "-q", "-P", "kata sandi"}} {
		if _, err := exec.LookPath(command[0]); err == nil {
			f.Add(program(f, "id\n12345\n", command...))
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, object []byte) {
		for _, l := range []unpack.Settings{
			zipLayer(t, func(s *unpack.Zip) { s.MaxUnpacked, s.Password = 1<<20, "kata sandi" }),
			layer(t, "gzip", func(s *unpack.Gzip) { s.MaxUnpacked = 1 << 20 }),
			layer(t, "zstd", func(s *unpack.Zstd) { s.MaxUnpacked = 1 << 20 }),
			ageLayer(t),
		} {
			s := unpack.Around(format("csv"), []unpack.Settings{l}, dir)
			var failed error
			for b, err := range s.Decode(t.Context(), "kiriman", bytes.NewReader(object)) {
				if failed != nil {
					t.Fatal("something came after an error")
				}
				if failed = err; err == nil && b.Len() > formats.BatchRows {
					t.Fatal("a batch that is too long")
				}
			}
		}
	})
}
