package connectors_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// newS3 is settings that read a bucket of a server, reached at an address.
func newS3(address, bucket string, change func(*connectors.S3)) *connectors.S3 {
	kind, _ := connectors.Lookup("s3")
	s := kind.New().(*connectors.S3)
	s.Endpoint, s.Bucket, s.Region = "http://"+address, bucket, connectortest.S3Region
	s.AccessKey, s.SecretKey = connectortest.S3AccessKey, connectortest.S3SecretKey
	if change != nil {
		change(s)
	}
	return s
}

// A bucket is a bucket of a real server, and what puts objects there.
type bucket struct {
	t      testing.TB
	client *minio.Client
	name   string
}

func newBucket(t testing.TB, server *connectortest.S3Server, name string) bucket {
	t.Helper()
	options := &minio.Options{
		Creds:  credentials.NewStaticV4(connectortest.S3AccessKey, connectortest.S3SecretKey, ""),
		Region: connectortest.S3Region, BucketLookup: minio.BucketLookupPath,
	}
	if server.CA != "" {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(server.CA))
		options.Secure, options.TrailingHeaders = true, true
		options.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	}
	client, err := minio.New(server.Address, options)
	if err == nil {
		err = client.MakeBucket(context.Background(), name, minio.MakeBucketOptions{Region: connectortest.S3Region})
	}
	if err != nil {
		t.Fatal(err)
	}
	return bucket{t, client, name}
}

func (b bucket) put(key, text string) {
	b.t.Helper()
	b.putWith(key, text, minio.PutObjectOptions{})
}

func (b bucket) putWith(key, text string, options minio.PutObjectOptions) {
	b.t.Helper()
	if _, err := b.client.PutObject(context.Background(), b.name, key, strings.NewReader(text), int64(len(text)), options); err != nil {
		b.t.Fatalf("putting %s: %v", key, err)
	}
}

func TestS3Conforms(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	sources := 0
	connectortest.Run(t, connectortest.Harness{
		Kind: "s3",
		Start: func(t *testing.T) *connectortest.Source {
			sources++
			name := fmt.Sprintf("sumber-%d", sources)
			bucket, added, proxy := newBucket(t, server, name), 0, connectortest.StartProxy(t, server.Address)
			return &connectortest.Source{
				Settings: newS3(proxy.Address, name, nil),
				Env:      connectors.Env{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }},
				Add: func(n int) {
					for range n {
						added++
						bucket.put(fmt.Sprintf("2025/unit_%03d.csv", added), fmt.Sprintf("id\n%d\n", added))
					}
				},
				Break: proxy.Close,
			}
		},
		Secrets: []string{connectortest.S3SecretKey},
	})
}

func TestS3TakesWhatPatternsMatchBelowThePrefix(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	bucket := newBucket(t, server, "kiriman")
	for _, key := range []string{"keluar/b.csv", "keluar/a.csv", "keluar/sub/c.csv", "keluar/e.xlsx", "keluar/.hidden.csv", "keluar/sub/.git/x.csv",
		"keluar/f.csv.part", "keluar2/g.csv", "h.csv", "keluar/spasi + persen%20 & é.csv"} {
		bucket.put(key, "1")
	}
	bucket.putWith("keluar/folder/", "", minio.PutObjectOptions{SendContentMd5: true})
	s := newS3(server.Address, "kiriman", func(s *connectors.S3) { s.Prefix, s.Match = "keluar", []string{"**/*.csv"} })
	p := pullRemote(s, connectors.Request{}, nil)
	if want := []string{"a.csv=1", "b.csv=1", "spasi + persen%20 & é.csv=1", "sub/c.csv=1"}; p.err != nil || !slices.Equal(p.got, want) {
		t.Fatalf("got %v, %v, want %v", p.got, p.err, want)
	}
	if !bytes.Contains(p.position, []byte(`"a.csv":{"size":1,"etag":"`)) {
		t.Errorf("the position is not by size and tag: %s", p.position)
	}
	bucket.put("keluar/b.csv", "2") // same size, other bytes
	bucket.put("keluar/a.csv", "1") // put again as it was
	bucket.put("keluar/z.csv", "1")
	p = pullRemote(s, connectors.Request{Position: p.position}, nil)
	if want := []string{"b.csv=2", "z.csv=1"}; p.err != nil || !slices.Equal(p.got, want) {
		t.Fatalf("got %v, %v, want %v", p.got, p.err, want)
	}
	// A folder that is not there is an empty one: a store has no folders.
	if p := pullRemote(newS3(server.Address, "kiriman", func(s *connectors.S3) { s.Prefix = "lain" }), connectors.Request{}, nil); p.err != nil || len(p.got) != 0 {
		t.Errorf("got %v, %v", p.got, p.err)
	}
	p = pullRemote(newS3(server.Address, "kiriman", func(s *connectors.S3) { s.Match, s.MaxBytes = []string{"h.csv"}, 0+1 }), connectors.Request{}, nil)
	if p.err != nil {
		t.Error(p.err)
	}
	bucket.put("h.csv", "12345")
	p = pullRemote(newS3(server.Address, "kiriman", func(s *connectors.S3) { s.Match, s.MaxBytes = []string{"h.csv"}, 4 }), connectors.Request{}, nil)
	if p.err == nil || !strings.Contains(p.err.Error(), "s3://kiriman/h.csv: it has 5 bytes, more than max_bytes") {
		t.Errorf("got %v", p.err)
	}
}

func TestS3ListsTenThousandObjects(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	bucket := newBucket(t, server, "banyak")
	const n = 10_000
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := worker; i < n; i += 8 {
				bucket.putWith(fmt.Sprintf("%02d/%05d.csv", i%20, i), fmt.Sprintf("id\n%d\n", i), minio.PutObjectOptions{DisableContentSha256: true})
			}
		})
	}
	wg.Wait()
	begun := time.Now()
	p := pullRemote(newS3(server.Address, "banyak", nil), connectors.Request{}, nil)
	if p.err != nil || len(p.got) != n || !slices.IsSorted(p.got) || p.got[1] != "00/00020.csv=id\n20\n" {
		t.Fatalf("%d objects, %v", len(p.got), p.err)
	}
	pulled := time.Since(begun)
	begun = time.Now()
	if p = pullRemote(newS3(server.Address, "banyak", nil), connectors.Request{Position: p.position}, nil); p.err != nil || len(p.got) != 0 {
		t.Errorf("%d objects come again, %v", len(p.got), p.err)
	}
	t.Logf("pulled in %s, found unchanged in %s", pulled, time.Since(begun))
}

func TestS3ReadsObjectsUploadedInParts(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, true)
	bucket := newBucket(t, server, "besar")
	text := numbered(12 << 20)
	parts := minio.PutObjectOptions{PartSize: 5 << 20}
	bucket.putWith("a-plain.csv", text, parts)
	for kind, checksum := range map[string]minio.ChecksumType{"b-whole": minio.ChecksumFullObjectCRC32C, "c-parts": minio.ChecksumSHA256, "d-nvme": minio.ChecksumCRC64NVME} {
		options := parts
		options.Checksum = checksum
		bucket.putWith(kind+".csv", text, options)
	}
	for i, checksum := range []minio.ChecksumType{minio.ChecksumCRC32, minio.ChecksumCRC32C, minio.ChecksumSHA1, minio.ChecksumSHA256, minio.ChecksumCRC64NVME} {
		bucket.putWith(fmt.Sprintf("one-%d.csv", i), text[:100_000], minio.PutObjectOptions{Checksum: checksum})
	}
	for key, want := range map[string]string{"b-whole.csv": "FULL_OBJECT", "c-parts.csv": "COMPOSITE", "d-nvme.csv": "FULL_OBJECT"} {
		info, err := bucket.client.StatObject(context.Background(), "besar", key, minio.StatObjectOptions{Checksum: true})
		if err != nil || info.ChecksumMode != want {
			t.Errorf("%s: the server keeps a checksum of mode %q, want %s: %v", key, info.ChecksumMode, want, err)
		}
	}
	p := pullRemote(newS3("", "besar", func(s *connectors.S3) { s.Endpoint, s.CA = "https://"+server.Address, server.CA }), connectors.Request{}, nil)
	if p.err != nil || len(p.got) != 9 {
		t.Fatalf("%d objects, %v", len(p.got), p.err)
	}
	for i, got := range p.got {
		_, got, _ = strings.Cut(got, "=")
		if want := text[:map[bool]int{true: len(text), false: 100_000}[i < 4]]; got != want {
			t.Errorf("object %d differs", i)
		}
	}
	if !bytes.Contains(p.position, []byte(`-3"`)) {
		t.Errorf("nothing was uploaded in parts: %s", p.position)
	}
}

func TestS3GoesOnWhereAConnectionBroke(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	bucket := newBucket(t, server, "putus")
	text := numbered(3_000_000)
	bucket.put("a.csv", text)
	bucket.put("b.csv", "b")
	for _, at := range []int64{0, 100, 800, 2_000, 500_000, 2_990_000} {
		proxy := connectortest.StartProxy(t, server.Address)
		proxy.CutAfter(at)
		p := pullRemote(newS3(proxy.Address, "putus", nil), connectors.Request{}, nil)
		if p.err != nil || !slices.Equal(p.got, []string{"a.csv=" + text, "b.csv=b"}) {
			t.Fatalf("cut after %d bytes: %d objects, %v", at, len(p.got), p.err)
		}
		if proxy.Connections() < 2 || len(p.waits) != 1 {
			t.Errorf("cut after %d bytes: %d connections, waits %v", at, proxy.Connections(), p.waits)
		}
	}
	proxy := connectortest.StartProxy(t, server.Address)
	proxy.StallAfter(300)
	p := pullRemote(newS3(proxy.Address, "putus", func(s *connectors.S3) { s.IdleTimeout, s.Retry.Attempts = 300*time.Millisecond, 2 }), connectors.Request{}, nil)
	p.says(t, "listing s3://putus/", "no byte came within idle_timeout (2 attempts)")
	p = pullRemote(newS3(server.Address, "putus", func(s *connectors.S3) { s.TotalTimeout = time.Nanosecond }), connectors.Request{}, nil)
	p.says(t, "total_timeout")
}

func TestS3ReadsTheObjectThatItListedOrNone(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	bucket := newBucket(t, server, "ganti")
	pull := func(address string, between func(int)) remotePull {
		bucket.put("a.csv", numbered(3_000_000))
		bucket.put("b.csv", "first")
		return pullRemote(newS3(address, "ganti", nil), connectors.Request{}, between)
	}
	// Replaced between listing and reading.
	p := pull(server.Address, func(int) { bucket.put("b.csv", "other") })
	p.says(t, "opening s3://ganti/b.csv", "replaced meanwhile: pull again")
	// Deleted between listing and reading.
	p = pull(server.Address, func(i int) {
		if i == 0 {
			if err := bucket.client.RemoveObject(context.Background(), "ganti", "b.csv", minio.RemoveObjectOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	})
	p.says(t, "opening s3://ganti/b.csv", "deleted meanwhile: pull again")
	// Replaced while the connection was broken.
	proxy := connectortest.StartProxy(t, server.Address)
	proxy.CutAfter(1_500_000)
	p = pull(proxy.Address, func(i int) {
		if i == 0 {
			bucket.put("a.csv", strings.Repeat("x", 3_000_000))
		}
	})
	p.says(t, "reading s3://ganti/a.csv", "replaced meanwhile: pull again")
}

func TestS3NoticesBytesThatAreNotTheObjects(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	bucket := newBucket(t, server, "rusak")
	bucket.put("a.csv", numbered(1_000_000))
	proxy := connectortest.StartProxy(t, server.Address)
	proxy.Flip(500_000)
	p := pullRemote(newS3(proxy.Address, "rusak", nil), connectors.Request{}, nil)
	p.says(t, "reading s3://rusak/a.csv", "the bytes that came are not the object's: its crc64nvme is", "pull again")
}

func TestS3SaysWhyItIsRefused(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, false)
	newBucket(t, server, "ada").put("a.csv", "1")
	for want, change := range map[string]func(*connectors.S3){
		"refuses the key (SignatureDoesNotMatch)": func(s *connectors.S3) { s.SecretKey = "kenari-salah" },
		"check endpoint, bucket and access_key":   func(s *connectors.S3) { s.AccessKey, s.SecretKey = "siapa", "kenari-salah" },
		"refuses access":                          func(s *connectors.S3) { s.AccessKey, s.SecretKey = "", "" },
		"there is no bucket tiada":                func(s *connectors.S3) { s.Bucket = "tiada" },
		"another region than eu-west-1":           func(s *connectors.S3) { s.Region = "eu-west-1" },
	} {
		p := pullRemote(newS3(server.Address, "ada", change), connectors.Request{}, nil)
		p.says(t, "listing s3://", want)
		p.keepsSecrets(t)
		if len(p.waits) > 0 {
			t.Errorf("%s: tried again", want)
		}
	}
}

func TestS3TrustsTheAuthorityThatItIsTold(t *testing.T) {
	t.Parallel()
	server := connectortest.StartS3(t, true)
	pull := func(change func(*connectors.S3)) remotePull {
		return pullRemote(newS3(server.Address, "tiada", func(s *connectors.S3) { s.Endpoint = "https://" + server.Address; change(s) }), connectors.Request{}, nil)
	}
	pull(func(s *connectors.S3) { s.CA = server.CA }).says(t, "there is no bucket tiada")
	p := pull(func(*connectors.S3) {})
	if p.says(t, "set ca"); len(p.waits) > 0 {
		t.Error("asked again")
	}
	if p := pull(func(s *connectors.S3) { s.CA = "kenari" }); p.err == nil || errors.Is(p.err, connectors.ErrUnavailable) || !strings.Contains(p.err.Error(), "ca: it holds no PEM certificate") {
		t.Errorf("got %v", p.err)
	}
}

func TestS3ChecksItsSettings(t *testing.T) {
	for want, change := range map[string]func(*connectors.S3){
		"endpoint: must be a whole": func(s *connectors.S3) { s.Endpoint = "s3.example.go.id" },
		"in clear over http":        func(s *connectors.S3) { s.Endpoint = "http://s3.example.go.id" },
		"the store's address alone": func(s *connectors.S3) { s.Endpoint = "https://user:kenari@s3.example.go.id" },
		"goes into bucket":          func(s *connectors.S3) { s.Endpoint = "https://s3.example.go.id/kenari" },
		"bucket: must":              func(s *connectors.S3) { s.Bucket = "Huruf Besar/" },
		"prefix: must":              func(s *connectors.S3) { s.Prefix = "/a/../b" },
		"region: must":              func(s *connectors.S3) { s.Region = "" },
		"go together":               func(s *connectors.S3) { s.SecretKey = "" },
		"etag: must":                func(s *connectors.S3) { s.ETag = "sha256" },
		"idle_timeout":              func(s *connectors.S3) { s.IdleTimeout = 0 },
		"attempts must be":          func(s *connectors.S3) { s.Retry.Attempts = 0 },
		"match: give":               func(s *connectors.S3) { s.Match = nil },
		"max_bytes: must":           func(s *connectors.S3) { s.MaxBytes = 0 },
	} {
		p := pullRemote(newS3("127.0.0.1:1", "ember", change), connectors.Request{}, nil)
		p.keepsSecrets(t)
		if p.err == nil || !strings.Contains(p.err.Error(), want) || errors.Is(p.err, connectors.ErrUnavailable) {
			t.Errorf("settings that should say %q: %v", want, p.err)
		}
	}
}
