package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"path"
	"strings"

	"github.com/pkg/sftp"
)

// maxDepth bounds how deep folders are walked; deeper ones are a circle.
const maxDepth = 64

func markOf(info fs.FileInfo) fileMark {
	return fileMark{Size: info.Size(), Mtime: info.ModTime().UTC()}
}

// list walks the folder and returns what a pattern matches.
func (s *sftpSession) list(ctx context.Context) (map[string]fileMark, error) {
	rules, found, entries := s.c.rules, map[string]fileMark{}, 0
	for folders := []string{""}; len(folders) > 0; {
		folder := folders[0]
		folders = folders[1:]
		var infos []fs.FileInfo
		err := s.c.settings.Retry.do(ctx, s.c.env, s.now, rules.place(folder), func() error {
			return s.run(ctx, func(client *sftp.Client) (err error) {
				infos, err = client.ReadDirContext(ctx, s.c.at(folder))
				return err
			})
		})
		if errors.Is(err, fs.ErrNotExist) && folder != "" {
			continue // taken away meanwhile
		}
		if err != nil {
			return nil, rules.unavailable("listing", folder, s.word(err))
		}
		if entries += len(infos); entries > maxListed {
			return nil, fmt.Errorf("listing %s: there are more than %d files: name a narrower path", rules.place(""), maxListed)
		}
		for _, info := range infos {
			name := path.Join(folder, info.Name())
			if info.IsDir() {
				if s.enters(name) {
					folders = append(folders, name)
				}
				continue
			}
			if !rules.wants(name) {
				continue
			}
			if !info.Mode().IsRegular() {
				return nil, fmt.Errorf("listing %s: it is a link or a device, not a file: ask for the file itself", rules.place(name))
			}
			if err := rules.add(found, name, markOf(info)); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// enters reports whether a folder is walked into: not where taken files go to, and
// never up.
func (s *sftpSession) enters(folder string) bool {
	return fs.ValidPath(folder) && strings.Count(folder, "/") < maxDepth &&
		(s.c.moveTo == "" || s.c.at(folder) != s.c.moveTo) && s.c.rules.enters(folder)
}

// object opens a listed file.
func (s *sftpSession) object(ctx context.Context, name string, listed fileMark) (*Object, error) {
	body := &resumedBody{
		rules: s.c.rules, env: s.c.env, retry: s.c.settings.Retry, now: s.now, name: name, listed: listed,
		open: func(ctx context.Context, offset int64) (io.ReadCloser, error) {
			return s.openAt(ctx, name, listed, offset)
		},
		finish: func(ctx context.Context) error {
			if err := s.compare(ctx, name, listed); errors.Is(err, errReplaced) {
				return errChanged
			} else if err != nil {
				return s.word(err)
			}
			return nil
		},
	}
	if err := body.start(ctx, s.c.settings.TotalTimeout); err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "sftp", Host: s.c.address, Path: path.Join("/", s.c.at(name))}
	return &Object{
		Name: name, MediaType: mediaTypeOf(name), ModifiedAt: listed.Mtime,
		Meta: map[string]string{"url": address.String()}, Body: body,
	}, nil
}

// compare makes sure that a file is the one that was listed.
func (s *sftpSession) compare(ctx context.Context, name string, listed fileMark) error {
	return s.run(ctx, func(client *sftp.Client) error { return s.sameAs(client, s.c.at(name), listed) })
}

func (s *sftpSession) sameAs(client *sftp.Client, at string, listed fileMark) error {
	info, err := client.Lstat(at)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || !markOf(info).equal(listed) {
		return errReplaced
	}
	return nil
}

func (s *sftpSession) openAt(ctx context.Context, name string, listed fileMark, offset int64) (io.ReadCloser, error) {
	var file *sftp.File
	err := s.run(ctx, func(client *sftp.Client) (err error) {
		if err = s.sameAs(client, s.c.at(name), listed); err == nil {
			file, err = client.Open(s.c.at(name))
		}
		return err
	})
	if errors.Is(err, errReplaced) && offset > 0 {
		return nil, errChanged
	}
	if err != nil {
		return nil, s.word(err)
	}
	// One byte more than the file has shows a file that has grown.
	buffer := make([]byte, min(int64(MiB), listed.Size+1))
	return &sftpReader{ctx: ctx, session: s, link: s.link, file: file, offset: offset, size: listed.Size, buffer: buffer}, nil
}

// An sftpReader reads a file in large pieces: the library asks for the packets of
// one piece all at once, instead of waiting for each.
type sftpReader struct {
	ctx     context.Context
	session *sftpSession
	link    *sftpLink
	file    *sftp.File
	offset  int64 // of the next piece
	size    int64
	buffer  []byte
	rest    []byte // of the piece at hand
	ended   bool
}

func (r *sftpReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.ended {
			return 0, io.EOF
		}
		n := 0
		err := r.session.wait(r.ctx, r.link, func(*sftp.Client) (err error) {
			n, err = r.file.ReadAt(r.buffer, r.offset)
			return err
		})
		r.rest, r.offset = r.buffer[:n], r.offset+int64(n)
		// The library calls every short answer the end; only the size tells.
		r.ended = err == io.EOF && r.offset == r.size
		if n == 0 && !r.ended {
			return 0, r.session.word(err)
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close tells the server, if it is still there.
func (r *sftpReader) Close() error {
	if r.session.link == r.link {
		_ = r.session.wait(r.ctx, r.link, func(*sftp.Client) error { return r.file.Close() })
	}
	return nil
}

// moveTaken moves the files whose delivery is committed.
func (s *sftpSession) moveTaken(ctx context.Context, plan *filePlan) error {
	var stuck error
	count := 0
	for _, name := range plan.taken {
		err := s.c.settings.Retry.do(ctx, s.c.env, s.now, s.c.rules.place(name), func() error {
			return s.run(ctx, func(client *sftp.Client) error {
				if err := s.move(client, name, plan.found[name]); err != nil {
					return err
				}
				if marker, ok := plan.ownMarker(name); ok {
					return s.move(client, marker, plan.marks[marker])
				}
				return nil
			})
		})
		switch {
		case err == nil:
			delete(plan.seen, name)
		case isAnswer(err):
			stuck, count = err, count+1
		default:
			return s.c.rules.unavailable("moving", name, err)
		}
	}
	if stuck != nil {
		s.c.env.logger().Warn("files that were taken could not be moved: check that the user may write to move_to",
			slog.Int("files", count), slog.String("move_to", s.c.moveTo), slog.String("problem", s.word(stuck).Error()))
	}
	return nil
}

var errNoPlace = errors.New("every name for it in move_to is taken")

// move moves one file, unless it is gone or another one by now.
func (s *sftpSession) move(client *sftp.Client, name string, listed fileMark) error {
	from := s.c.at(name)
	if err := s.sameAs(client, from, listed); errors.Is(err, fs.ErrNotExist) || errors.Is(err, errReplaced) {
		return nil
	} else if err != nil {
		return err
	}
	to := path.Join(s.c.moveTo, name)
	if err := client.MkdirAll(path.Dir(to)); err != nil {
		return err
	}
	to, err := freeName(client, to)
	if err != nil {
		return err
	}
	if err := client.Rename(from, to); err != nil {
		return err
	}
	// Replaced in the last instant: then the new file moved, which nobody has read.
	if err := s.sameAs(client, to, listed); errors.Is(err, errReplaced) {
		return client.Rename(to, from)
	}
	return nil
}

// freeName is to, or to with a number when there is such a file already.
func freeName(client *sftp.Client, to string) (string, error) {
	ext := path.Ext(to)
	for i := 1; i < 1000; i++ {
		name := to
		if i > 1 {
			name = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(to, ext), i, ext)
		}
		if _, err := client.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", errNoPlace
}
