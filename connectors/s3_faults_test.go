package connectors_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

// A strange store answers what no real server can be brought to answer.
func strangeStore(t *testing.T, answer http.HandlerFunc, change func(*connectors.S3)) remotePull {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return pullRemote(newS3(server.Listener.Addr().String(), "ember", change), connectors.Request{}, nil)
}

const oneObject = `<Contents><Key>a.csv</Key><Size>5</Size><ETag>"5d41402abc4b2a76b9719d911017c592"</ETag><LastModified>2025-01-01T00:00:00Z</LastModified></Contents>`

func listing(inner string) string {
	return `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` + inner + `</ListBucketResult>`
}

// store lists one object, a.csv, and serves it as told.
func store(list string, object http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("list-type") {
			w.Header().Set("Content-Type", "application/xml")
			_, _ = io.WriteString(w, list)
			return
		}
		object(w, r)
	}
}

func hello(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("ETag", `"5d41402abc4b2a76b9719d911017c592"`)
	w.Header().Set("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")
	w.Header().Set("Content-Length", "5")
	_, _ = io.WriteString(w, "hello")
}

// other is hello with one wrong byte.
func other(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	hello(answer, r)
	maps.Copy(w.Header(), answer.Header())
	_, _ = io.WriteString(w, "hallo")
}

func TestS3TakesTagsForChecksumsUnlessTold(t *testing.T) {
	opaque := func(s *connectors.S3) { s.ETag = "opaque" }
	if p := strangeStore(t, store(listing(oneObject), other), opaque); p.err != nil || !slices.Equal(p.got, []string{"a.csv=hallo"}) {
		t.Errorf("got %v, %v", p.got, p.err)
	}
	strangeStore(t, store(listing(oneObject), other), nil).says(t, "its MD5 is", "set etag: opaque")
}

func TestS3IsNotFooledByStrangeStores(t *testing.T) {
	page := func(text string) http.HandlerFunc { return store(text, hello) }
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"sign-in page":       {page("<html><body>Masuk</body></html>"), "no listing of a bucket"},
		"sign-in page, HTML": {page("<!DOCTYPE html><html></html>"), "web page"},
		"empty answer":       {page(""), "no listing of a bucket"},
		"entities":           {page(`<!DOCTYPE x [<!ENTITY a "b">]>` + listing("")), "document type"},
		"garbage":            {page(listing("<Contents>")), "cannot be read"},
		"the same page for ever": {page(listing("<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>")),
			"again and again"},
		"the same object twice": {page(listing(oneObject + oneObject)), "lists it twice"},
		"an empty part":         {page(listing(strings.Replace(oneObject, "a.csv", "x//a.csv", 1))), "empty, . or .. parts"},
		"a rooted name":         {page(listing(strings.Replace(oneObject, "a.csv", "/etc/a.csv", 1))), "empty, . or .. parts"},
		"no tag":                {page(listing("<Contents><Key>a.csv</Key><Size>5</Size></Contents>")), "no entity tag"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.example/", http.StatusTemporaryRedirect)
		}, "redirects to another address"},
		"an error that quotes what it was sent": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprintf(w, "<Error><Code>%s!</Code><Message>%s</Message></Error>", connectortest.S3SecretKey, connectortest.S3SecretKey)
		}, "the store answered 403 ?"},
		"another object": {store(listing(oneObject), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"00000000000000000000000000000000"`)
			w.Header().Set("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")
			_, _ = io.WriteString(w, "other")
		}), "replaced meanwhile"},
		"a web page for an object": {store(listing(oneObject), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")
			_, _ = io.WriteString(w, "<html>")
		}), "replaced meanwhile"},
		"a size that lies": {store(listing(strings.Replace(oneObject, "<Size>5", "<Size>4", 1)), hello), "replaced meanwhile"},
		"a checksum that is another's": {store(listing(oneObject), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Amz-Checksum-Sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
			hello(w, r)
		}), "the bytes that came are not the object's: its sha256 is"},
		"bytes that are another's": {store(listing(oneObject), other), "the bytes that came are not the object's: its MD5 is"},
		"no ranges": {store(listing(oneObject), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"5d41402abc4b2a76b9719d911017c592"`)
			w.Header().Set("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")
			w.Header().Set("Content-Length", "5")
			_, _ = io.WriteString(w, "hel")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}), "cannot go on in the middle"},
		"an archive": {store(listing(oneObject), func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "<Error><Code>InvalidObjectState</Code></Error>")
		}), "archive"},
	} {
		t.Run(name, func(t *testing.T) {
			p := strangeStore(t, c.answer, nil)
			p.keepsSecrets(t)
			if p.err == nil || !strings.Contains(p.err.Error(), c.want) || len(p.got) > 0 {
				t.Errorf("got %v, %v, want %q", p.got, p.err, c.want)
			}
		})
	}
}

func TestS3PassesOverNamesThatLeadOut(t *testing.T) {
	for _, name := range []string{"../a.csv", "x/../../a.csv", "./a.csv", "x/.."} {
		p := strangeStore(t, store(listing(strings.Replace(oneObject, "a.csv", name, 1)), hello), nil)
		if p.err != nil || len(p.got) > 0 {
			t.Errorf("%s: got %v, %v", name, p.got, p.err)
		}
	}
}

func TestS3WaitsAsLongAsTheStoreAsks(t *testing.T) {
	requests := 0
	p := strangeStore(t, func(w http.ResponseWriter, r *http.Request) {
		switch requests++; requests {
		case 1:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "<Error><Code>SlowDown</Code></Error>")
		case 3:
			w.Header().Set("Date", "Wed, 14 Jan 2026 00:00:00 GMT")
			w.Header().Set("Retry-After", "Wed, 14 Jan 2026 00:00:09 GMT")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			store(listing(oneObject), hello)(w, r)
		}
	}, nil)
	if want := []time.Duration{7 * time.Second, 9 * time.Second}; p.err != nil || !slices.Equal(p.waits, want) || !slices.Equal(p.got, []string{"a.csv=hello"}) {
		t.Errorf("got %v, %v, waits %v, want %v", p.got, p.err, p.waits, want)
	}
	p = strangeStore(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, nil)
	if p.says(t, "500 Internal Server Error (5 attempts)"); len(p.waits) != 4 {
		t.Errorf("waits %v", p.waits)
	}
}

func TestS3HoldsToItsSizeLimit(t *testing.T) {
	p := strangeStore(t, func(w http.ResponseWriter, r *http.Request) {
		for range 17 << 10 {
			_, _ = w.Write(make([]byte, 1024))
		}
	}, nil)
	if p.err == nil || !strings.Contains(p.err.Error(), "more than 16MiB") {
		t.Errorf("got %v", p.err)
	}
}
