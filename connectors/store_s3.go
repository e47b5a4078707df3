package connectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// An S3Store keeps copies of releases in a bucket of an S3-compatible store.
//
// An object is whole as soon as it is there. Its SHA-256 is signed into the request
// that brings it, kept with it, and compared once more with what the store gives back.
// A store cannot replace a folder in one step, so current/ is copied object by object
// and its manifest last; the one small object that says which release counts is
// replaced only if it still is what its writer has read (If-Match), so that a slower
// writer never undoes what a faster one did.
type S3Store struct {
	Endpoint     string        `yaml:"endpoint" doc:"address of the store: https://s3.example.go.id"`
	Bucket       string        `yaml:"bucket" doc:"the bucket, which exists"`
	Prefix       string        `yaml:"prefix" doc:"folder in the bucket that is this target's alone; default all of it"`
	Region       string        `yaml:"region" doc:"region of the bucket; default us-east-1, which most stores that are not Amazon's take"`
	AccessKey    string        `yaml:"access_key" doc:"name of the key"`
	SecretKey    Secret        `yaml:"secret_key" doc:"the key's secret"`
	SessionToken Secret        `yaml:"session_token" doc:"for keys that were lent for some hours"`
	PathStyle    bool          `yaml:"path_style" doc:"the bucket is in the path of addresses, not in their host; default true"`
	CA           string        `yaml:"ca" doc:"certificates to trust instead of the system's, in PEM; name their file as ${file:PATH}"`
	AllowHTTP    bool          `yaml:"allow_plain_http" doc:"write over http:// to a host that is not this machine"`
	Retry        Retry         `yaml:"retry" doc:"what to do after 429, 5xx and broken connections"`
	Timeout      time.Duration `yaml:"timeout" doc:"give up a request, which carries at most 64 MiB, after this long; default 15m"`

	Env     Env `yaml:"-"`
	session *s3Session
}

// partSize is how much one request carries.
const partSize = 64 << 20

// shaMeta is where an object's SHA-256 is kept.
const shaMeta = "Sha256"

// NewS3Store is a store with its defaults.
func NewS3Store() *S3Store {
	return &S3Store{Region: "us-east-1", PathStyle: true, Retry: Retry{Attempts: 5, MaxWait: 2 * time.Minute}, Timeout: 15 * time.Minute}
}

// Check checks the settings and touches no network.
func (s *S3Store) Check(env Env) error {
	_, err := s.connector(env)
	return err
}

func (s *S3Store) connector(env Env) (*s3Connector, error) {
	settings := newS3Settings()
	settings.Endpoint, settings.Bucket, settings.Prefix, settings.Region = s.Endpoint, s.Bucket, s.Prefix, s.Region
	settings.AccessKey, settings.SecretKey, settings.SessionToken = s.AccessKey, s.SecretKey, s.SessionToken
	settings.PathStyle, settings.CA, settings.AllowHTTP, settings.Retry = s.PathStyle, s.CA, s.AllowHTTP, s.Retry
	settings.IdleTimeout, settings.TotalTimeout, settings.MaxBytes = s.Timeout, s.Timeout, 1<<50
	switch {
	case s.Timeout <= 0:
		return nil, errors.New("checking s3 settings: timeout: must be more than 0")
	case s.AccessKey == "" && s.SecretKey == "":
		return nil, errors.New("checking s3 settings: access_key and secret_key are missing: nobody writes to a store without a key")
	}
	c, err := settings.Connect(env)
	if err != nil {
		return nil, err
	}
	return c.(*s3Connector), nil
}

// Place is the folder in the bucket as people name it.
func (s *S3Store) Place() string { return "s3://" + path.Join(s.Bucket, s.Prefix) }

// Open prepares the store for use; a bucket needs no lock.
func (s *S3Store) Open(ctx context.Context) (close func(), err error) {
	c, err := s.connector(s.Env)
	if err != nil {
		return nil, err
	}
	if s.session, err = c.newSession(ctx, time.Time{}); err != nil {
		return nil, err
	}
	return func() {}, nil
}

// Read reads a small object. One that is not there is [fs.ErrNotExist].
func (s *S3Store) Read(ctx context.Context, name string) ([]byte, error) {
	content, _, err := s.read(ctx, name)
	return content, err
}

func (s *S3Store) read(ctx context.Context, name string) (content []byte, tag string, err error) {
	err = s.do(ctx, "reading", name, func() error {
		body, info, _, err := s.session.core.GetObject(ctx, s.Bucket, s.key(name), minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer body.Close()
		tag = info.ETag
		content, err = io.ReadAll(io.LimitReader(body, int64(maxSmall)))
		return err
	})
	return content, tag, err
}

// Has says whether an object is there with the size and the sum that f names.
func (s *S3Store) Has(ctx context.Context, f StoredFile) (bool, error) {
	var info minio.ObjectInfo
	err := s.do(ctx, "asking for", f.Name, func() (err error) {
		info, err = s.session.core.StatObject(ctx, s.Bucket, s.key(f.Name), minio.StatObjectOptions{})
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Size == f.Bytes && info.UserMetadata[shaMeta] == f.SHA256, err
}

// Put stores an object, whole and as f names it, and reads it back.
func (s *S3Store) Put(ctx context.Context, f StoredFile, content io.ReadSeeker) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	got, err := sumOf(ctx, content)
	if err != nil {
		return fmt.Errorf("writing %s: %w", s.place(f.Name), err)
	}
	if err := f.sameContent(got); err != nil {
		return fmt.Errorf("writing %s: %w", s.place(f.Name), err)
	}
	if f.Bytes <= partSize {
		err = s.putWhole(ctx, f, content, s.options(f))
	} else {
		err = s.putParts(ctx, f, content)
	}
	if err != nil {
		return err
	}
	return s.do(ctx, "reading back", f.Name, func() error {
		body, _, _, err := s.session.core.GetObject(ctx, s.Bucket, s.key(f.Name), minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer body.Close()
		got, err := sumOf(ctx, body)
		if err != nil {
			return err
		}
		if err := f.sameContent(got); err != nil {
			return contentError{err}
		}
		return nil
	})
}

func (s *S3Store) options(f StoredFile) minio.PutObjectOptions {
	return minio.PutObjectOptions{ContentType: mediaTypeOf(f.Name), UserMetadata: map[string]string{shaMeta: f.SHA256}}
}

func (s *S3Store) putWhole(ctx context.Context, f StoredFile, content io.ReadSeeker, options minio.PutObjectOptions) error {
	return s.do(ctx, "writing", f.Name, func() error {
		if _, err := content.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := s.session.core.PutObject(ctx, s.Bucket, s.key(f.Name), io.LimitReader(content, f.Bytes), f.Bytes, "", f.SHA256, options)
		return err
	})
}

// putParts brings a large object in pieces, each of which is tried again by itself.
func (s *S3Store) putParts(ctx context.Context, f StoredFile, content io.ReadSeeker) error {
	var upload string
	err := s.do(ctx, "writing", f.Name, func() (err error) {
		upload, err = s.session.core.NewMultipartUpload(ctx, s.Bucket, s.key(f.Name), s.options(f))
		return err
	})
	if err != nil {
		return err
	}
	var parts []minio.CompletePart
	for at := int64(0); at < f.Bytes && err == nil; at += partSize {
		var part minio.ObjectPart
		if part, err = s.putPart(ctx, f, content, upload, at); err == nil {
			parts = append(parts, minio.CompletePart{PartNumber: part.PartNumber, ETag: part.ETag})
		}
	}
	if err == nil {
		err = s.do(ctx, "writing", f.Name, func() error {
			_, err := s.session.core.CompleteMultipartUpload(ctx, s.Bucket, s.key(f.Name), upload, parts, minio.PutObjectOptions{})
			return err
		})
	}
	if err != nil { // what was brought would be paid for until somebody clears it
		_ = s.session.core.AbortMultipartUpload(context.WithoutCancel(ctx), s.Bucket, s.key(f.Name), upload)
	}
	return err
}

func (s *S3Store) putPart(ctx context.Context, f StoredFile, content io.ReadSeeker, upload string, at int64) (part minio.ObjectPart, err error) {
	if _, err := content.Seek(at, io.SeekStart); err != nil {
		return part, err
	}
	piece := io.LimitReader(content, partSize)
	sum, err := sumOf(ctx, piece)
	if err != nil {
		return part, fmt.Errorf("writing %s: %w", s.place(f.Name), err)
	}
	err = s.do(ctx, "writing", f.Name, func() error {
		if _, err := content.Seek(at, io.SeekStart); err != nil {
			return err
		}
		part, err = s.session.core.PutObjectPart(ctx, s.Bucket, s.key(f.Name), upload, int(at/partSize)+1,
			io.LimitReader(content, sum.Bytes), sum.Bytes, minio.PutObjectPartOptions{Sha256Hex: sum.SHA256})
		return err
	})
	return part, err
}

// Swap replaces a small object that holds old (nil: that is not there) by another
// content. The store itself compares, so of two writers one is told.
func (s *S3Store) Swap(ctx context.Context, name string, old, content []byte) error {
	have, tag, err := s.read(ctx, name)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case (err == nil) != (old != nil) || !bytes.Equal(have, old):
		return fmt.Errorf("writing %s: %w", s.place(name), ErrSuperseded)
	}
	f := nameOf(name, describe(content))
	options := s.options(f)
	if options.SetMatchETag(tag); old == nil {
		options = s.options(f)
		options.SetMatchETagExcept("*")
	}
	err = s.putWhole(ctx, f, bytes.NewReader(content), options)
	if !errors.Is(err, ErrSuperseded) {
		return err
	}
	// An attempt whose answer was lost may have had its effect.
	if have, _, readErr := s.read(ctx, name); readErr == nil && bytes.Equal(have, content) {
		return nil
	}
	return err
}

// Show makes current/ be the files that lie under from. The store copies them by
// itself; the last of them, the manifest, comes when all the others are there.
func (s *S3Store) Show(ctx context.Context, from string, files []StoredFile) error {
	for _, f := range files {
		to := nameOf(path.Join(currentFolder, f.Name), f)
		if there, err := s.Has(ctx, to); err != nil || there {
			if err != nil {
				return err
			}
			continue
		}
		err := s.do(ctx, "copying to", to.Name, func() error {
			_, err := s.session.core.ComposeObject(ctx,
				minio.CopyDestOptions{Bucket: s.Bucket, Object: s.key(to.Name), UserMetadata: map[string]string{shaMeta: f.SHA256}, ReplaceMetadata: true},
				minio.CopySrcOptions{Bucket: s.Bucket, Object: s.key(path.Join(from, f.Name))})
			return err
		})
		if err != nil {
			return err
		}
		if there, err := s.Has(ctx, to); err != nil || !there {
			return errors.Join(err, fmt.Errorf("copying to %s: %w: the store's copy is not what was copied", s.place(to.Name), ErrUnavailable))
		}
	}
	return s.removeOthers(ctx, currentFolder, files)
}

// removeOthers removes what an earlier release had in current/ and this one has not.
func (s *S3Store) removeOthers(ctx context.Context, folder string, files []StoredFile) error {
	names, err := s.list(ctx, folder)
	for _, name := range names {
		if !slices.ContainsFunc(files, func(f StoredFile) bool { return path.Join(folder, f.Name) == name }) && err == nil {
			err = s.remove(ctx, name)
		}
	}
	return err
}

// Folders lists the folders in a folder, in the order of their names.
func (s *S3Store) Folders(ctx context.Context, name string) ([]string, error) {
	names, err := s.list(ctx, name)
	var found []string
	for _, n := range names {
		if folder, _, inside := strings.Cut(strings.TrimPrefix(n, name+"/"), "/"); inside && !slices.Contains(found, folder) {
			found = append(found, folder)
		}
	}
	slices.Sort(found)
	return found, err
}

// Remove removes a folder, the object that vouches for the others first.
func (s *S3Store) Remove(ctx context.Context, folder, first string) error {
	names, err := s.list(ctx, folder)
	if err != nil {
		return err
	}
	for _, name := range append([]string{path.Join(folder, first)}, names...) {
		if err := s.remove(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *S3Store) remove(ctx context.Context, name string) error {
	err := s.do(ctx, "removing", name, func() error {
		return s.session.core.RemoveObject(ctx, s.Bucket, s.key(name), minio.RemoveObjectOptions{})
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// list names the objects below a folder, as the other methods take them.
func (s *S3Store) list(ctx context.Context, folder string) (names []string, err error) {
	prefix := s.key(folder) + "/"
	for token := ""; ; {
		var page minio.ListBucketV2Result
		err := s.do(ctx, "listing", folder, func() (err error) {
			page, err = s.session.core.ListObjectsV2(s.Bucket, prefix, "", token, "", 1000)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, object := range page.Contents {
			if rest, inside := strings.CutPrefix(object.Key, prefix); inside && rest != "" && !strings.HasSuffix(rest, "/") {
				names = append(names, folder+"/"+rest)
			}
		}
		if token = page.NextContinuationToken; !page.IsTruncated || token == "" {
			return names, nil
		}
	}
}

// do tries something, again where that may help, and words what went wrong.
func (s *S3Store) do(ctx context.Context, doing, name string, try func() error) error {
	err := s.Retry.do(ctx, s.Env, time.Time{}, s.place(name), func() error {
		err := try()
		if err == nil {
			return nil
		}
		if s.session.carrier.failed == nil {
			switch answer := minio.ToErrorResponse(err); {
			case answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket:
				return fs.ErrNotExist
			case answer.StatusCode == http.StatusPreconditionFailed, answer.StatusCode == http.StatusConflict:
				return ErrSuperseded
			case answer.StatusCode == http.StatusNotImplemented:
				return errors.New("the store does not know what was asked of it (501); it needs conditional writes (If-Match) and copies within the bucket")
			case answer.Code == minio.AccessDenied:
				return errors.New("the store refuses access: check access_key, and ask the bucket's owner for permission to list, read, write and delete")
			case answer.StatusCode == 0:
				return err // ours: a file that cannot be read, a sum that differs
			}
		}
		return s.session.sort(err)
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, ErrSuperseded):
		return fmt.Errorf("%s %s: %w", doing, s.place(name), err)
	}
	return s.session.c.rules.unavailable(doing, name, err)
}

func (s *S3Store) key(name string) string   { return path.Join(s.Prefix, name) }
func (s *S3Store) place(name string) string { return "s3://" + path.Join(s.Bucket, s.key(name)) }
