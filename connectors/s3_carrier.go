package connectors

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/minio/minio-go/v7"
)

// maxListing bounds a page of a listing, which is held in memory: 1000 keys of at
// most 1 KiB, with room for how they are written.
const maxListing = 16 * MiB

// An s3Carrier carries the requests of one pull. The library signs and parses; how
// long to wait, how much to take and what counts as an answer is decided here, as
// for every other source over HTTP.
type s3Carrier struct {
	ctx context.Context // of the pull, for the library's calls that take none
	c   *s3Connector
	// failed is why the last request was given up: the library rewords errors of
	// the connection, and puts the address into them.
	failed error
}

// RoundTrip sends a request once.
func (t *s3Carrier) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.send(request)
	t.failed = err
	return response, err
}

func (t *s3Carrier) send(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	if ctx.Done() == nil {
		ctx = t.ctx
	}
	settings := &t.c.settings
	ctx, idle, end := boundRequest(ctx, settings.IdleTimeout, settings.TotalTimeout)
	response, err := t.c.transport.RoundTrip(request.WithContext(ctx))
	idle.Stop()
	if err != nil {
		if unknown := (x509.UnknownAuthorityError{}); errors.As(err, &unknown) {
			err = errors.New("nobody who is known here vouches for the store's certificate: set ca to its authority's certificate, if the address is right")
		} else {
			err = unanswered(ctx, &url.Error{Err: err})
		}
		end()
		return nil, err
	}
	isListing := request.URL.Query().Has("list-type")
	limit := settings.MaxBytes
	if isListing || response.StatusCode >= 300 {
		limit = maxListing
	}
	response.Body = &idleBody{body: response.Body, idle: idle, timeout: settings.IdleTimeout, limit: int64(limit), end: end,
		fail: func(err error) error { return brokenOff(ctx, err) }}
	if isTemporary(response.StatusCode) {
		_ = response.Body.Close()
		return nil, statusError(response)
	}
	if isListing && response.StatusCode == http.StatusOK {
		if err := wholeListing(response); err != nil {
			return nil, err
		}
	}
	return response, nil
}

// wholeListing reads a page of a listing, so that one that breaks off is an error of
// the connection, and makes sure that it is one: the library reads a sign-in page as
// a listing of nothing.
func wholeListing(response *http.Response) error {
	page, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return err
	}
	decoder := xml.NewDecoder(bytes.NewReader(page))
	for {
		token, err := decoder.Token()
		if err != nil {
			return contentError{errors.New("the answer is no listing of a bucket: check endpoint and bucket")}
		}
		switch token := token.(type) {
		case xml.Directive:
			return contentError{errors.New("the answer is a web page or has a document type, and no listing of a bucket: check endpoint")}
		case xml.StartElement:
			if token.Name.Local != "ListBucketResult" {
				return contentError{errors.New("the answer is no listing of a bucket: check endpoint and bucket (is there a sign-in page in between?)")}
			}
			response.Body = io.NopCloser(bytes.NewReader(page))
			return nil
		}
	}
}

// sort tells what the store answered from what happened on the way, in words that
// are ours: a store's own may hold what was sent to it.
func (s *s3Session) sort(err error) error {
	if err == nil {
		return nil
	}
	if failed := s.carrier.failed; failed != nil {
		s.carrier.failed = nil
		return failed
	}
	settings := &s.c.settings
	answer := minio.ErrorResponse{}
	if !errors.As(err, &answer) {
		return contentError{errors.New("the store's answer cannot be read as S3's: check endpoint")}
	}
	switch answer.Code {
	case minio.NoSuchBucket:
		return fmt.Errorf("there is no bucket %s: check bucket, endpoint and region", settings.Bucket)
	case minio.NoSuchKey:
		return errors.New("the object was deleted meanwhile: pull again")
	case minio.PreconditionFailed:
		return errReplaced
	case minio.AccessDenied, "AllAccessDisabled":
		return errors.New("the store refuses access: check access_key, and ask the bucket's owner for permission to list and to read")
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "InvalidAccessKey":
		return fmt.Errorf("the store refuses the key (%s): check access_key, secret_key and session_token", token(answer.Code))
	case minio.AuthorizationHeaderMalformed, minio.InvalidRegion:
		return fmt.Errorf("the store expects another region than %s (it says %q): correct region", settings.Region, token(answer.Region))
	case "RequestTimeTooSkewed":
		return errors.New("the clock of this machine and the store's differ too much: correct it")
	case "InvalidObjectState":
		return errors.New("the object lies in an archive from which it must be fetched first: ask the bucket's owner, or leave it out with match")
	}
	switch answer.StatusCode {
	case http.StatusPreconditionFailed:
		return errReplaced
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return fmt.Errorf("the store redirects to another address, which is refused: correct endpoint and region (it says %q)", token(answer.Region))
	}
	return fmt.Errorf("the store answered %d %s: check endpoint, bucket and access_key", answer.StatusCode, token(answer.Code))
}

// token is a code as the store gave it, if it looks like one.
func token(text string) string {
	if len(text) > 64 || strings.ContainsFunc(text, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_. ", r)
	}) {
		return "?"
	}
	return text
}
