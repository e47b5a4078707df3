package connectors

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

func init() {
	Register(Kind{
		Name:    "s3",
		Summary: "objects in a bucket of an S3-compatible store",
		New:     func() Settings { return newS3Settings() },
	})
}

func newS3Settings() *S3 {
	return &S3{
		Region: "us-east-1", PathStyle: true, Match: []string{"**"}, Snapshot: snapshotFolder, ETag: "md5",
		Retry:       Retry{Attempts: 5, MaxWait: 2 * time.Minute},
		IdleTimeout: 30 * time.Second, TotalTimeout: time.Hour, MaxBytes: 2 * GiB,
	}
}

// S3 pulls the objects of a bucket, or of a folder in it, that are new or changed
// since the last pull. Only the newest version of an object is seen.
//
// An object in a store is whole as soon as it is there, so there is no stable_for;
// else the rules are those of [Files], and names are relative to the prefix. What
// is read is the object that was listed, or an error: it is asked for by its entity
// tag, and its bytes must give the checksum that the store keeps (x-amz-checksum-*,
// or the MD5 in the tag of an object that was uploaded in one piece). An object
// uploaded in parts and without a checksum of the whole has only its size and tag.
type S3 struct {
	Endpoint     string        `yaml:"endpoint" doc:"address of the store: https://s3.example.go.id"`
	Bucket       string        `yaml:"bucket" doc:"the bucket"`
	Prefix       string        `yaml:"prefix" doc:"folder in the bucket; default all of it"`
	Region       string        `yaml:"region" doc:"region of the bucket; default us-east-1, which most stores that are not Amazon's take"`
	AccessKey    string        `yaml:"access_key" doc:"name of the key; without it the bucket is read as the public may read it"`
	SecretKey    Secret        `yaml:"secret_key" doc:"the key's secret"`
	SessionToken Secret        `yaml:"session_token" doc:"for keys that were lent for some hours"`
	PathStyle    bool          `yaml:"path_style" doc:"the bucket is in the path of addresses, not in their host; default true"`
	CA           string        `yaml:"ca" doc:"certificates to trust instead of the system's, in PEM; name their file as ${file:PATH}"`
	AllowHTTP    bool          `yaml:"allow_plain_http" doc:"read over http:// from a host that is not this machine"`
	Match        []string      `yaml:"match" doc:"patterns of names to take, relative to prefix; * within a folder, ** across folders; default all"`
	Marker       string        `yaml:"marker" doc:"take a file only when its marker lies beside it, such as {name}.ok (jatim.csv.ok), {stem}.done (jatim.done) or _SUCCESS (one for the folder), and is not older; markers are never data; default none"`
	Snapshot     string        `yaml:"snapshot" doc:"for deletes: absent_from_snapshot, what makes a snapshot: folder (all files that lie there, of which each holds a part; when one is new, changed or gone, all are taken) or delivered (the files that came since the last pull, for deliveries whose older files stay there); default folder"`
	ETag         string        `yaml:"etag" doc:"what the store's entity tags are: md5, or opaque where they are no checksums; default md5"`
	Retry        Retry         `yaml:"retry" doc:"what to do after 429, 5xx and broken connections"`
	IdleTimeout  time.Duration `yaml:"idle_timeout" doc:"give up a request when no byte came for this long; default 30s"`
	TotalTimeout time.Duration `yaml:"total_timeout" doc:"give up an object after this long; default 1h"`
	MaxBytes     Size          `yaml:"max_bytes" doc:"a larger object is an error; default 2GiB"`
}

// Whole says that a bucket can be read whole.
func (s *S3) Whole() error { return nil }

// Connect checks the settings.
func (s *S3) Connect(env Env) (Connector, error) {
	c := &s3Connector{settings: *s, env: env}
	c.rules = fileRules{match: s.Match, marker: s.Marker, snapshot: s.Snapshot, maxBytes: s.MaxBytes, place: c.place, log: env.logger()}
	problems := append(s.check(), c.rules.check()...)
	problems = append(problems, s.Retry.check()...)
	var err error
	if c.endpoint, err = s.checkEndpoint(); err != nil {
		problems = append(problems, err)
	}
	if c.prefix = s.Prefix; c.prefix != "" {
		c.prefix = strings.TrimSuffix(c.prefix, "/") + "/"
	}
	if c.transport, err = s.transport(env); err != nil {
		problems = append(problems, err)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("checking s3 settings: %w", errors.Join(problems...))
	}
	return c, nil
}

func (s *S3) check() (problems []error) {
	report := func(text string) { problems = append(problems, errors.New(text)) }
	if s3utils.CheckValidBucketName(s.Bucket) != nil {
		report("bucket: must be the name of a bucket: 3 to 63 letters, digits, dots and hyphens")
	}
	if s.Prefix != "" && !fs.ValidPath(strings.TrimSuffix(s.Prefix, "/")) {
		report("prefix: must be a folder in the bucket, such as outgoing/placements, without a leading / and without . or .. parts")
	}
	if s.Region == "" {
		report("region: must not be empty")
	}
	if (s.AccessKey == "") != (s.SecretKey == "") {
		report("access_key and secret_key go together (are both variables set?)")
	}
	if s.ETag != "md5" && s.ETag != "opaque" {
		report("etag: must be md5 or opaque")
	}
	if s.IdleTimeout <= 0 || s.TotalTimeout <= 0 {
		report("idle_timeout and total_timeout: must be more than 0")
	}
	return problems
}

// checkEndpoint parses the address without ever quoting it: it may hold what should
// have been a secret.
func (s *S3) checkEndpoint() (*url.URL, error) {
	u, err := url.Parse(s.Endpoint)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("endpoint: must be a whole address that begins with https:// (is the variable in it set?)")
	case u.User != nil || u.RawQuery != "" || u.Path != "" && u.Path != "/":
		return nil, errors.New("endpoint: must be the store's address alone: the bucket goes into bucket, the folder into prefix, the key into access_key and secret_key")
	case u.Scheme == "http" && !s.AllowHTTP && !isThisMachine(u.Hostname()):
		return nil, errors.New("endpoint: everything would travel in clear over http://: use https://, or set allow_plain_http")
	}
	return u, nil
}

// transport is what carries the requests when the environment brings nothing.
func (s *S3) transport(env Env) (http.RoundTripper, error) {
	pool, err := certificatesOf(s.CA)
	if err != nil || env.HTTP != nil {
		return env.HTTP, err
	}
	t := newTransport().(*http.Transport)
	if pool != nil {
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	return t, nil
}

type s3Connector struct {
	settings  S3
	env       Env
	rules     fileRules
	endpoint  *url.URL
	prefix    string // "" or with a slash at its end
	transport http.RoundTripper
}

// Pull yields new and changed objects in the order of their names, or a bucket that is a
// snapshot whole.
func (c *s3Connector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error { return c.pull(ctx, req, yield) })
}

func (c *s3Connector) pull(ctx context.Context, req Request, yield func(*Object) bool) error {
	s, err := c.newSession(ctx, req.Now)
	if err != nil {
		return err
	}
	found, err := s.list(ctx)
	if err != nil {
		return err
	}
	plan, err := c.rules.plan(found, req)
	if err != nil {
		return err
	}
	return plan.run(ctx, func(name string, listed fileMark) (*Object, error) { return s.object(ctx, name, listed) }, yield)
}

// place is an object as people name it.
func (c *s3Connector) place(name string) string {
	return "s3://" + c.settings.Bucket + "/" + c.prefix + name
}

// An s3Session is the work of one pull.
type s3Session struct {
	c       *s3Connector
	now     time.Time
	carrier *s3Carrier
	core    minio.Core
}

func (c *s3Connector) newSession(ctx context.Context, now time.Time) (*s3Session, error) {
	s := &s3Session{c: c, now: now, carrier: &s3Carrier{ctx: ctx, c: c}}
	lookup := minio.BucketLookupDNS
	if c.settings.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(c.endpoint.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(c.settings.AccessKey, c.settings.SecretKey.Reveal(), c.settings.SessionToken.Reveal()),
		Secure: c.endpoint.Scheme == "https", Transport: s.carrier, Region: c.settings.Region, BucketLookup: lookup,
		MaxRetries: 1, // tried again here: with waits that a test can name, and where it broke off
	})
	if err != nil {
		return nil, fmt.Errorf("pulling %s: the endpoint is not one that can be asked", c.place(""))
	}
	client.SetAppInfo("lindung", "1")
	s.core = minio.Core{Client: client}
	return s, nil
}

// list asks for the listing, page after page, and returns what a pattern matches.
func (s *s3Session) list(ctx context.Context) (map[string]fileMark, error) {
	rules, found, entries := s.c.rules, map[string]fileMark{}, 0
	tokens := map[string]bool{}
	for token := ""; ; {
		var page minio.ListBucketV2Result
		err := s.c.settings.Retry.do(ctx, s.c.env, s.now, rules.place(""), func() (err error) {
			page, err = s.core.ListObjectsV2(s.c.settings.Bucket, s.c.prefix, "", token, "", 1000)
			return s.sort(err)
		})
		if err != nil {
			return nil, rules.unavailable("listing", "", err)
		}
		if entries += len(page.Contents); entries > maxListed {
			return nil, fmt.Errorf("listing %s: there are more than %d objects: name a narrower prefix", rules.place(""), maxListed)
		}
		for _, object := range page.Contents {
			name, inside := strings.CutPrefix(object.Key, s.c.prefix)
			if name == "" || strings.HasSuffix(name, "/") || inside && !rules.wants(name) {
				continue // a folder's own marker, or not asked for
			}
			if !inside {
				return nil, fmt.Errorf("listing %s: the store lists %q, which does not lie there: tell the store's owner", rules.place(""), object.Key)
			}
			tag := strings.Trim(object.ETag, `"`)
			if tag == "" {
				return nil, fmt.Errorf("listing %s: the store gives no entity tag, without which nobody can tell a changed object: tell the store's owner", rules.place(name))
			}
			if err := rules.add(found, name, fileMark{Size: object.Size, ETag: tag, Mtime: object.LastModified.UTC()}); err != nil {
				return nil, err
			}
		}
		if !page.IsTruncated {
			return found, nil
		}
		if token = page.NextContinuationToken; tokens[token] {
			return nil, fmt.Errorf("listing %s: the store gives the same page of the listing again and again: tell the store's owner", rules.place(""))
		}
		tokens[token] = true
	}
}

// object opens a listed object.
func (s *s3Session) object(ctx context.Context, name string, listed fileMark) (*Object, error) {
	var sum *s3Sum
	object := &Object{
		Name: name, MediaType: mediaTypeOf(name), ModifiedAt: listed.Mtime,
		Meta: map[string]string{"etag": listed.ETag, "url": s.c.endpoint.JoinPath(s.c.settings.Bucket, s.c.prefix+name).String()},
	}
	body := &resumedBody{
		rules: s.c.rules, env: s.c.env, retry: s.c.settings.Retry, now: s.now, name: name, listed: listed,
		open: func(ctx context.Context, offset int64) (io.ReadCloser, error) {
			body, header, err := s.openAt(ctx, name, listed, offset)
			if err == nil && sum == nil {
				sum = newS3Sum(header, listed.ETag, s.c.settings.ETag)
				if t := header.Get("Content-Type"); object.MediaType == mediaTypeOf("") && t != "" {
					object.MediaType = t
				}
				if version := header.Get("X-Amz-Version-Id"); version != "" && version != "null" {
					object.Meta["version"] = version
				}
			}
			return body, err
		},
		passed: func(p []byte) { sum.write(p) },
		finish: func(context.Context) error { return sum.check() },
	}
	if err := body.start(ctx, s.c.settings.TotalTimeout); err != nil {
		return nil, err
	}
	object.Body = body
	return object, nil
}

func (s *s3Session) openAt(ctx context.Context, name string, listed fileMark, offset int64) (io.ReadCloser, http.Header, error) {
	var options minio.GetObjectOptions
	options.Set("If-Match", `"`+listed.ETag+`"`)
	options.Set("x-amz-checksum-mode", "ENABLED")
	if offset > 0 {
		options.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	body, info, header, err := s.core.GetObject(ctx, s.c.settings.Bucket, s.c.prefix+name, options)
	if err = s.sort(err); err != nil {
		return nil, nil, err
	}
	switch rest := listed.Size - offset; {
	case strings.Trim(info.ETag, `"`) != listed.ETag || info.Size != rest && offset == 0:
		err = errReplaced
	case offset > 0 && (!strings.HasPrefix(header.Get("Content-Range"), fmt.Sprintf("bytes %d-", offset)) || info.Size != rest):
		err = errors.New("the connection broke, and the store cannot go on in the middle of an object: pull again")
	}
	if err != nil {
		_ = body.Close()
		return nil, nil, err
	}
	return body, header, nil
}
