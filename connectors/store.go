package connectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// A StoredFile is a file as a store holds it: named by its path below the store's
// place, with slashes, and known by its content.
type StoredFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ErrSuperseded says that a small file was not replaced, because it no longer held
// what its writer had read: somebody else was there first.
var ErrSuperseded = errors.New("it was replaced meanwhile")

// errOtherContent says that a file is not what its writer said it would be.
var errOtherContent = errors.New("the bytes are not those that were to be stored")

// maxSmall bounds what Read takes into memory: pointers and manifests.
const maxSmall = 64 * MiB

// currentFolder is what readers open.
const currentFolder = "current"

// sumOf reads a content to its end, and says what it was.
func sumOf(ctx context.Context, content io.Reader) (StoredFile, error) {
	h := sha256.New()
	n, err := io.Copy(h, whileAlive{ctx, content})
	return StoredFile{Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

func describe(content []byte) StoredFile {
	sum := sha256.Sum256(content)
	return StoredFile{Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// sameContent says whether got is what f names.
func (f StoredFile) sameContent(got StoredFile) error {
	if got.Bytes == f.Bytes && got.SHA256 == f.SHA256 {
		return nil
	}
	return fmt.Errorf("%w (%d bytes with SHA-256 %.12s…, expected %d bytes with %.12s…)", errOtherContent, got.Bytes, got.SHA256, f.Bytes, f.SHA256)
}

// whileAlive stops reading when the context ends: a copy of a large file takes minutes.
type whileAlive struct {
	ctx  context.Context
	from io.Reader
}

// Read reads on unless the context has ended.
func (r whileAlive) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}
