package connectors

import (
	"encoding/base64"
	"net/http"
	"testing"
)

// The sums of "123456789" are the check values that the algorithms' own catalogues
// give.
func TestS3SumsAgreeWithTheirCatalogues(t *testing.T) {
	base64Of := func(b ...byte) string { return base64.StdEncoding.EncodeToString(b) }
	for name, c := range map[string]struct {
		header http.Header
		etag   string
		kind   string
		used   string
	}{
		"crc32":     {header: http.Header{"X-Amz-Checksum-Crc32": {base64Of(0xcb, 0xf4, 0x39, 0x26)}}, used: "crc32"},
		"crc32c":    {header: http.Header{"X-Amz-Checksum-Crc32c": {base64Of(0xe3, 0x06, 0x92, 0x83)}}, used: "crc32c"},
		"crc64nvme": {header: http.Header{"X-Amz-Checksum-Crc64nvme": {base64Of(0xae, 0x8b, 0x14, 0x86, 0x0a, 0x79, 0x98, 0x88)}}, used: "crc64nvme"},
		"sha1":      {header: http.Header{"X-Amz-Checksum-Sha1": {"98O8HYCOBHMq32eZZczDTKeuNEE="}}, used: "sha1"},
		"sha256":    {header: http.Header{"X-Amz-Checksum-Sha256": {"FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="}}, used: "sha256"},
		"md5":       {etag: "25f9e794323b453885f5181f1b624d0b", kind: "md5", used: "MD5"},
		"sums of parts say nothing of the whole": {header: http.Header{"X-Amz-Checksum-Crc32": {"AAAA-2"}, "X-Amz-Checksum-Type": {"COMPOSITE"}},
			etag: "25f9e794323b453885f5181f1b624d0b-2", kind: "md5"},
		"a store's own key": {header: http.Header{"X-Amz-Server-Side-Encryption": {"aws:kms"}}, etag: "00000000000000000000000000000000", kind: "md5"},
		"opaque tags":       {etag: "00000000000000000000000000000000", kind: "opaque"},
	} {
		sum := newS3Sum(c.header, c.etag, c.kind)
		sum.write([]byte("1234"))
		sum.write([]byte("56789"))
		if err := sum.check(); err != nil || sum.name != c.used {
			t.Errorf("%s: used %q, want %q: %v", name, sum.name, c.used, err)
		}
		sum.write([]byte("x"))
		if err := sum.check(); (err == nil) != (c.used == "") {
			t.Errorf("%s: one byte more: %v", name, err)
		}
	}
}
