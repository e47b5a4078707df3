package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"

	"github.com/pkg/sftp"
)

// An SFTPStore brings files to a folder of an SFTP server.
//
// A file is there whole or not at all: it is written under another name, read back, and
// renamed. The server's key is pinned, as for pulls: nothing leaves before the server has
// shown it.
type SFTPStore struct {
	Host       string        `yaml:"host" doc:"name or address of the server"`
	Port       Port          `yaml:"port" doc:"default 22"`
	User       string        `yaml:"user" doc:"whom to log in as"`
	Password   Secret        `yaml:"password" doc:"the user's password"`
	PrivateKey Secret        `yaml:"private_key" doc:"the user's private key, as ssh-keygen writes it; name its file as ${file:PATH}"`
	Passphrase Secret        `yaml:"passphrase" doc:"what the private key is encrypted with"`
	HostKey    string        `yaml:"host_key" doc:"the server's public key (ssh-ed25519 AAAA…) or its fingerprint (SHA256:…); without it the server is refused with a message that says what it showed"`
	Path       string        `yaml:"path" doc:"folder on the server, absolute or relative to where the user arrives; default there"`
	Retry      Retry         `yaml:"retry" doc:"what to do after broken connections"`
	Timeout    time.Duration `yaml:"timeout" doc:"give up a connection on which nothing came for this long; default 30s"`

	Env     Env `yaml:"-"`
	session *sftpSession
}

// NewSFTPStore is a store with its defaults.
func NewSFTPStore() *SFTPStore {
	return &SFTPStore{Port: 22, Path: ".", Retry: Retry{Attempts: 5, MaxWait: 2 * time.Minute}, Timeout: 30 * time.Second}
}

// Check checks the settings and touches no network.
func (s *SFTPStore) Check(env Env) error {
	_, err := s.connector(env)
	return err
}

func (s *SFTPStore) connector(env Env) (*sftpConnector, error) {
	kind, _ := Lookup("sftp")
	settings := kind.New().(*SFTP)
	settings.Host, settings.Port, settings.User, settings.Password = s.Host, s.Port, s.User, s.Password
	settings.PrivateKey, settings.Passphrase, settings.HostKey = s.PrivateKey, s.Passphrase, s.HostKey
	settings.Path, settings.Retry, settings.IdleTimeout = s.Path, s.Retry, s.Timeout
	c, err := settings.Connect(env)
	if err != nil {
		return nil, err
	}
	return c.(*sftpConnector), nil
}

// Place is the folder on the server as people name it.
func (s *SFTPStore) Place() string { return "sftp://" + s.Host + path.Join("/", s.Path) }

// Open connects, until close is called.
func (s *SFTPStore) Open(ctx context.Context) (close func(), err error) {
	c, err := s.connector(s.Env)
	if err != nil {
		return nil, err
	}
	s.session = &sftpSession{c: c}
	if err := s.do(ctx, "opening", "", func(*sftp.Client) error { return nil }); err != nil {
		return nil, err
	}
	return s.session.drop, nil
}

// Has says whether a file is there with the content that f names.
func (s *SFTPStore) Has(ctx context.Context, f StoredFile) (bool, error) {
	has := false
	err := s.do(ctx, "asking for", f.Name, func(client *sftp.Client) error {
		got, err := s.sum(ctx, client, s.session.c.at(f.Name))
		has = err == nil && f.sameContent(got) == nil
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	return has, err
}

// Put stores a file, whole and as f names it, or not at all.
func (s *SFTPStore) Put(ctx context.Context, f StoredFile, content io.ReadSeeker) error {
	to := s.session.c.at(f.Name)
	part := path.Join(path.Dir(to), partPrefix+path.Base(to))
	return s.do(ctx, "writing", f.Name, func(client *sftp.Client) error {
		if _, err := content.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := client.MkdirAll(path.Dir(to)); err != nil {
			return err
		}
		out, err := client.Create(part)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, whileAlive{ctx, content})
		if err = errors.Join(err, out.Close()); err != nil {
			return err
		}
		got, err := s.sum(ctx, client, part)
		if err != nil {
			return err
		}
		if err := f.sameContent(got); err != nil {
			return errors.Join(err, client.Remove(part))
		}
		return client.PosixRename(part, to)
	})
}

func (s *SFTPStore) sum(ctx context.Context, client *sftp.Client, at string) (StoredFile, error) {
	in, err := client.Open(at)
	if err != nil {
		return StoredFile{}, err
	}
	defer in.Close()
	return sumOf(ctx, in)
}

// do tries something, again where that may help, and words what went wrong.
func (s *SFTPStore) do(ctx context.Context, doing, name string, try func(*sftp.Client) error) error {
	c := s.session.c
	var other error // a file that is not what it should be is no trouble of the connection
	err := c.settings.Retry.do(ctx, s.Env, time.Time{}, c.place(name), func() error {
		other = nil
		return s.session.run(ctx, func(client *sftp.Client) error {
			err := try(client)
			if errors.Is(err, errOtherContent) {
				other, err = err, nil
			}
			return err
		})
	})
	if other != nil {
		return fmt.Errorf("%s %s: %w", doing, c.place(name), other)
	}
	if err == nil {
		return nil
	}
	return c.rules.unavailable(doing, name, s.session.word(err))
}
