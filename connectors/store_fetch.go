package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/minio/minio-go/v7"
)

// This file is how what a store holds comes back: files of any size, as they are there.

// Sized says whether a file is there with the size that f names, without reading it. A file
// gets its name when it is whole.
func (s *FolderStore) Sized(_ context.Context, f StoredFile) (bool, error) {
	info, err := os.Lstat(s.path(f.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, s.unavailable("reading", f.Name, bare(err))
	}
	return info.Mode().IsRegular() && info.Size() == f.Bytes, nil
}

// Fetch hands on a file. Whoever fetches it judges the content.
func (s *FolderStore) Fetch(ctx context.Context, name string, to io.Writer) error {
	f, err := os.Open(s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading %s: %w", s.path(name), fs.ErrNotExist)
	}
	if err != nil {
		return s.unavailable("reading", name, bare(err))
	}
	defer f.Close()
	from := &fetched{r: whileAlive{ctx, f}}
	if _, err = io.Copy(to, from); from.failed != nil {
		return s.unavailable("reading", name, bare(from.failed))
	}
	return err
}

// Sized says whether an object is there as f names it; a store knows that without reading it.
func (s *S3Store) Sized(ctx context.Context, f StoredFile) (bool, error) { return s.Has(ctx, f) }

// Fetch hands on an object. Whoever fetches it judges the content.
func (s *S3Store) Fetch(ctx context.Context, name string, to io.Writer) error {
	var body io.ReadCloser
	err := s.do(ctx, "reading", name, func() (err error) {
		body, _, _, err = s.session.core.GetObject(ctx, s.Bucket, s.key(name), minio.GetObjectOptions{})
		return err
	})
	if err != nil {
		return err
	}
	defer body.Close()
	from := &fetched{r: body}
	if _, err = io.Copy(to, from); from.failed != nil {
		return s.session.c.rules.unavailable("reading", name, from.failed)
	}
	return err
}

// fetched remembers whether reading failed: else the one that was written to did.
type fetched struct {
	r      io.Reader
	failed error
}

// Read reads on.
func (f *fetched) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.failed = err
	}
	return n, err
}
