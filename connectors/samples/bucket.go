package samples

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"sync"
	"time"
)

// Buckets of an S3-compatible store that anybody may read, each with files of one kind: just the two
// requests that reading them takes.

// The sample buckets.
const (
	BucketName         = "contoh-kandidat"
	TrainingBucketName = "contoh-pelatihan"
)

type openBucket struct {
	sync.Mutex
	name  string
	files func(now time.Time) []handover
	now   func() time.Time
}

type bucketListing struct {
	XMLName     xml.Name       `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name        string         `xml:"Name"`
	KeyCount    int            `xml:"KeyCount"`
	MaxKeys     int            `xml:"MaxKeys"`
	IsTruncated bool           `xml:"IsTruncated"`
	Contents    []bucketObject `xml:"Contents"`
}

type bucketObject struct {
	Key          string `xml:"Key"`
	LastModified string `xml:"LastModified"`
	ETag         string `xml:"ETag"`
	Size         int    `xml:"Size"`
	StorageClass string `xml:"StorageClass"`
}

func (f *handover) tag() string {
	sum := md5.Sum(f.text) // what an entity tag of S3 is; it protects nothing
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func (b *openBucket) list(rw http.ResponseWriter, r *http.Request) {
	b.Lock()
	defer b.Unlock()
	listing := bucketListing{Name: b.name, MaxKeys: 1000}
	for _, f := range b.files(b.now()) {
		listing.Contents = append(listing.Contents, bucketObject{f.name, f.at.UTC().Format("2006-01-02T15:04:05.000Z"), f.tag(), len(f.text), "STANDARD"})
	}
	listing.KeyCount = len(listing.Contents)
	rw.Header().Set("Content-Type", "application/xml")
	_, _ = rw.Write([]byte(xml.Header))
	_ = xml.NewEncoder(rw).Encode(listing)
}

func (b *openBucket) get(rw http.ResponseWriter, r *http.Request) {
	b.Lock()
	defer b.Unlock()
	for _, f := range b.files(b.now()) {
		if f.name == r.PathValue("key") {
			rw.Header().Set("ETag", f.tag())
			rw.Header().Set("Content-Type", "text/csv")
			http.ServeContent(rw, r, f.name, f.at, bytes.NewReader(f.text))
			return
		}
	}
	rw.Header().Set("Content-Type", "application/xml")
	rw.WriteHeader(http.StatusNotFound)
	_, _ = rw.Write([]byte(xml.Header + `<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>`))
}
