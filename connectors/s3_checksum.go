package connectors

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"regexp"
	"strings"
)

// An s3Sum computes what a store says the checksum of an object is.
type s3Sum struct {
	hash hash.Hash
	want string
	name string
	text func([]byte) string
	// remedy is for stores whose tags only look like checksums.
	remedy string
}

// The polynomial of CRC-64/NVME, as package crc64 writes them.
var crc64NVME = crc64.MakeTable(0x9a6c9329ac4bc9b5)

// The checksums that S3 knows, the strong ones first.
var s3Sums = []struct {
	name string
	new  func() hash.Hash
}{
	{"sha256", sha256.New},
	{"sha1", sha1.New},
	{"crc64nvme", func() hash.Hash { return crc64.New(crc64NVME) }},
	{"crc32c", func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }},
	{"crc32", func() hash.Hash { return crc32.NewIEEE() }},
}

var hexMD5 = regexp.MustCompile(`^[0-9a-f]{32}$`)

// newS3Sum chooses the strongest checksum that a store gives of a whole object. Of
// an object uploaded in parts it may give only sums of the parts' sums (they end in
// the number of parts), which say nothing without knowing where the parts begin.
// An object that the store encrypts with a key of its own service, or with ours, has
// a tag that only looks like an MD5.
func newS3Sum(header http.Header, etag, etagKind string) *s3Sum {
	for _, sum := range s3Sums {
		want := header.Get("X-Amz-Checksum-" + sum.name)
		if want != "" && !strings.Contains(want, "-") && header.Get("X-Amz-Checksum-Type") != "COMPOSITE" {
			return &s3Sum{hash: sum.new(), want: want, name: sum.name, text: base64.StdEncoding.EncodeToString}
		}
	}
	isForeign := strings.HasPrefix(header.Get("X-Amz-Server-Side-Encryption"), "aws:kms") ||
		header.Get("X-Amz-Server-Side-Encryption-Customer-Algorithm") != ""
	if etagKind == "md5" && !isForeign && hexMD5.MatchString(etag) {
		return &s3Sum{hash: md5.New(), want: etag, name: "MD5", text: hex.EncodeToString,
			remedy: ", or set etag: opaque if this store's entity tags are not MD5 sums"}
	}
	return &s3Sum{}
}

func (s *s3Sum) write(p []byte) {
	if s.hash != nil {
		_, _ = s.hash.Write(p)
	}
}

func (s *s3Sum) check() error {
	if s.hash == nil {
		return nil
	}
	if got := s.text(s.hash.Sum(nil)); got != s.want {
		return fmt.Errorf("%w: its %s is %s, the store says %s: pull again%s", errSum, s.name, got, s.want, s.remedy)
	}
	return nil
}

var errSum = errors.New("the bytes that came are not the object's")
