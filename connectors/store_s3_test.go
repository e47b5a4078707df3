package connectors_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

func newStore(t *testing.T, address, bucket string, change func(*connectors.S3Store)) *connectors.S3Store {
	t.Helper()
	s := connectors.NewS3Store()
	s.Endpoint, s.Bucket, s.Prefix, s.Region = "http://"+address, bucket, "rilis", connectortest.S3Region
	s.AccessKey, s.SecretKey = connectortest.S3AccessKey, connectortest.S3SecretKey
	s.Env.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if change != nil {
		change(s)
	}
	if _, err := s.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

func storedAs(name string, content []byte) connectors.StoredFile {
	sum := sha256.Sum256(content)
	return connectors.StoredFile{Name: name, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

func (b bucket) get(key string) string {
	b.t.Helper()
	object, err := b.client.GetObject(context.Background(), b.name, key, minio.GetObjectOptions{})
	if err != nil {
		b.t.Fatal(err)
	}
	text, err := io.ReadAll(object)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(text)
}

func TestAStoreKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := connectortest.StartS3(t, false)
	b := newBucket(t, server, "simpan")
	s := newStore(t, server.Address, "simpan", nil)

	large := bytes.Repeat([]byte("0123456789abcdef"), (64<<20+1<<20)/16) // more than one request carries
	for name, content := range map[string][]byte{"releases/r000001/a.parquet": []byte("satu"), "releases/r000001/warehouse.duckdb": large, "releases/r000001/empty": {}} {
		f := storedAs(name, content)
		if there, err := s.Has(ctx, f); there || err != nil {
			t.Fatalf("%s before: %v, %v", name, there, err)
		}
		if err := s.Put(ctx, f, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		if there, err := s.Has(ctx, f); !there || err != nil {
			t.Errorf("%s after: %v, %v", name, there, err)
		}
		if got := b.get("rilis/" + name); got != string(content) {
			t.Errorf("%s: %d bytes came back", name, len(got))
		}
	}
	if there, _ := s.Has(ctx, storedAs("releases/r000001/a.parquet", []byte("dua!"))); there {
		t.Error("an object of the same size passes for another")
	}
	if err := s.Put(ctx, storedAs("releases/r000001/b", []byte("promised")), strings.NewReader("came")); err == nil || errors.Is(err, connectors.ErrUnavailable) {
		t.Errorf("another content than promised: %v", err)
	}
	if _, err := s.Read(ctx, "current.json"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}

	files := []connectors.StoredFile{storedAs("warehouse.duckdb", large), storedAs("a.parquet", []byte("satu"))}
	b.put("rilis/current/gone.parquet", "of an earlier release")
	b.put("rilis-lain/current/x", "of somebody else")
	if err := s.Show(ctx, "releases/r000001", files); err != nil {
		t.Fatal(err)
	}
	if b.get("rilis/current/a.parquet") != "satu" || b.get("rilis/current/warehouse.duckdb") != string(large) {
		t.Error("current/ does not show the release")
	}
	if got := b.get("rilis/current/gone.parquet"); !strings.HasPrefix(got, "error") {
		t.Errorf("current/ still has %q", got)
	}
	if got, err := s.Folders(ctx, "releases"); err != nil || !slices.Equal(got, []string{"r000001"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := s.Remove(ctx, "releases/r000001", "a.parquet"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Folders(ctx, "releases"); err != nil || len(got) > 0 {
		t.Errorf("got %v, %v", got, err)
	}
	if b.get("rilis-lain/current/x") != "of somebody else" {
		t.Error("somebody else's object is gone")
	}
}

// The store compares, so of two writers who have read the same pointer one is told.
func TestAStoreReplacesAPointerOnlyForWhoHasReadIt(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := connectortest.StartS3(t, false)
	b := newBucket(t, server, "penunjuk")
	s := newStore(t, server.Address, "penunjuk", nil)
	if err := s.Swap(ctx, "current.json", nil, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := s.Swap(ctx, "current.json", nil, []byte("other")); !errors.Is(err, connectors.ErrSuperseded) {
		t.Errorf("got %v", err)
	}
	if err := s.Swap(ctx, "current.json", []byte("one"), []byte("two")); err != nil {
		t.Fatal(err)
	}
	if err := s.Swap(ctx, "current.json", []byte("one"), []byte("late")); !errors.Is(err, connectors.ErrSuperseded) {
		t.Errorf("got %v", err)
	}
	if got := b.get("rilis/current.json"); got != "two" {
		t.Errorf("got %q", got)
	}
	// A connection that breaks between reading and writing is tried again, and the condition still holds.
	proxy := connectortest.StartProxy(t, server.Address)
	throughProxy := newStore(t, proxy.Address, "penunjuk", nil)
	proxy.CutAfter(300)
	if err := throughProxy.Swap(ctx, "current.json", []byte("two"), []byte("three")); err != nil || b.get("rilis/current.json") != "three" {
		t.Errorf("%v, the pointer is %q", err, b.get("rilis/current.json"))
	}
}

// Two writers race from the same pointer: the store itself must refuse the second, also
// when both have looked before either wrote.
func TestConditionalWritesAreTheStoresOwn(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	b := newBucket(t, server, "lomba")
	b.put("rilis/current.json", "zero")
	const writers = 8
	results := make(chan error, writers)
	start := make(chan struct{})
	for i := range writers {
		s := newStore(t, server.Address, "lomba", nil)
		go func() {
			<-start
			results <- s.Swap(context.Background(), "current.json", []byte("zero"), []byte{byte('a' + i)})
		}()
	}
	close(start)
	won := 0
	for range writers {
		switch err := <-results; {
		case err == nil:
			won++
		case !errors.Is(err, connectors.ErrSuperseded):
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d writers believe that they replaced the pointer", won)
	}
}

func TestAStoreSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, true)
	newBucket(t, server, "ada")
	for want, change := range map[string]func(*connectors.S3Store){
		"there is no bucket tiada":                func(s *connectors.S3Store) { s.Bucket = "tiada" },
		"refuses the key (SignatureDoesNotMatch)": func(s *connectors.S3Store) { s.SecretKey = "kenari-salah" },
		"vouches for the store's certificate":     func(s *connectors.S3Store) { s.CA = "" },
		"another region than eu-west-1":           func(s *connectors.S3Store) { s.Region = "eu-west-1" },
	} {
		s := newStore(t, server.Address, "ada", func(s *connectors.S3Store) {
			s.Endpoint, s.CA, s.Retry.Attempts = "https://"+server.Address, server.CA, 2
			change(s)
		})
		err := s.Put(context.Background(), storedAs("a", []byte("x")), strings.NewReader("x"))
		if err == nil || !errors.Is(err, connectors.ErrUnavailable) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "kenari") {
			t.Errorf("settings that should say %q: %v", want, err)
		}
	}
	s := newStore(t, server.Address, "ada", func(s *connectors.S3Store) { s.Endpoint, s.CA = "https://"+server.Address, server.CA })
	if err := s.Put(context.Background(), storedAs("a", []byte("x")), strings.NewReader("x")); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*connectors.S3Store){
		"in clear over http":                    func(s *connectors.S3Store) { s.Endpoint = "http://s3.example.go.id" },
		"bucket: must":                          func(s *connectors.S3Store) { s.Bucket = "" },
		"access_key and secret_key are missing": func(s *connectors.S3Store) { s.AccessKey, s.SecretKey = "", "" },
		"timeout: must be more than 0":          func(s *connectors.S3Store) { s.Timeout = 0 },
	} {
		s := connectors.NewS3Store()
		s.Endpoint, s.Bucket, s.AccessKey, s.SecretKey = "https://s3.example.go.id", "ada", "a", "b"
		change(s)
		if err := s.Check(connectors.Env{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("settings that should say %q: %v", want, err)
		}
	}
}
