package connectors

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/crypto/ssh"
)

func init() {
	Register(Kind{
		Name:    "sftp",
		Summary: "files in a folder of an SFTP server",
		New: func() Settings {
			return &SFTP{
				Port: 22, Path: ".", Match: []string{"**"}, StableFor: time.Minute, After: "leave",
				Retry:       Retry{Attempts: 5, MaxWait: 2 * time.Minute},
				IdleTimeout: 30 * time.Second, TotalTimeout: time.Hour, MaxBytes: 2 * GiB,
			}
		},
	})
}

// SFTP pulls the files of a folder on an SFTP server that are new or changed since
// the last pull, by the rules of [Files]: hidden, *.part and *.tmp files are passed
// over, links are not followed, and a file is left alone until it is stable.
//
// The server's key is pinned: no password or signature leaves before the server
// has shown the key that host_key names. A transfer that breaks goes on where it
// was, as long as the file still has the size and time that it was listed with.
//
// With `after: move` a file moves once its delivery is committed. That is known
// from the position, so it happens at the beginning of the next pull: what the
// position knows, and what is still the same there, moves. A file of that name that
// was moved before is never written over; the later one gets a number. Its own
// marker, if it has one, goes with it. Data come
// first: a file that cannot be moved is a warning in the log and stays where it is.
// A backfill moves nothing, and reads what lies in the folder still.
type SFTP struct {
	Host         string        `yaml:"host" doc:"name or address of the server"`
	Port         Port          `yaml:"port" doc:"default 22"`
	User         string        `yaml:"user" doc:"whom to log in as"`
	Password     Secret        `yaml:"password" doc:"the user's password"`
	PrivateKey   Secret        `yaml:"private_key" doc:"the user's private key, as ssh-keygen writes it; name its file as ${file:PATH}"`
	Passphrase   Secret        `yaml:"passphrase" doc:"what the private key is encrypted with"`
	HostKey      string        `yaml:"host_key" doc:"the server's public key (ssh-ed25519 AAAA…) or its fingerprint (SHA256:…); without it the server is refused with a message that says what it showed"`
	Path         string        `yaml:"path" doc:"folder on the server, absolute or relative to where the user arrives; default there"`
	Match        []string      `yaml:"match" doc:"patterns of names to take, relative to path; * within a folder, ** across folders; default all"`
	StableFor    time.Duration `yaml:"stable_for" doc:"leave a file alone until it was last modified this long ago (it may still be uploading); default 1m, 0 turns the rule off"`
	Marker       string        `yaml:"marker" doc:"take a file only when its marker lies beside it, such as {name}.ok (jatim.csv.ok), {stem}.done (jatim.done) or _SUCCESS (one for the folder), and is not older; markers are never data; default none"`
	Snapshot     string        `yaml:"snapshot" doc:"for deletes: absent_from_snapshot, what makes a snapshot: folder (all files that lie there, of which each holds a part; when one is new, changed or gone, all are taken) or delivered (the files that came since the last pull, for deliveries whose older files stay there); default folder, and delivered with after: move"`
	After        string        `yaml:"after" doc:"what becomes of a file that was taken: leave, or move (at the next pull, when its delivery is committed); default leave"`
	MoveTo       string        `yaml:"move_to" doc:"after: move: folder on the server that taken files move to, absolute or relative to path; made when it is not there"`
	Retry        Retry         `yaml:"retry" doc:"what to do after broken connections"`
	IdleTimeout  time.Duration `yaml:"idle_timeout" doc:"give up a connection on which nothing came for this long; default 30s"`
	TotalTimeout time.Duration `yaml:"total_timeout" doc:"give up a file after this long; default 1h"`
	MaxBytes     Size          `yaml:"max_bytes" doc:"a larger file is an error; default 2GiB"`
}

// Whole says that a folder can be read whole.
func (s *SFTP) Whole() error { return nil }

// snapshot is what makes a snapshot: files that move away once they were taken are no whole
// together.
func (s *SFTP) snapshot() string {
	switch {
	case s.Snapshot != "":
		return s.Snapshot
	case s.After == "move":
		return snapshotDelivered
	}
	return snapshotFolder
}

// Connect checks the settings.
func (s *SFTP) Connect(env Env) (Connector, error) {
	c := &sftpConnector{settings: *s, env: env, folder: path.Clean(s.Path)}
	c.address = net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port)))
	c.rules = fileRules{match: s.Match, stableFor: s.StableFor, marker: s.Marker, snapshot: s.snapshot(), maxBytes: s.MaxBytes, place: c.place, log: env.logger()}
	problems := append(s.check(), c.rules.check()...)
	problems = append(problems, s.Retry.check()...)
	var err error
	if c.pin, err = parsePin(s.HostKey); err != nil {
		problems = append(problems, err)
	}
	if c.signer, err = s.signer(); err != nil {
		problems = append(problems, err)
	}
	if s.After == "move" {
		if c.moveTo, err = s.moveTo(c.folder); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("checking sftp settings: %w", errors.Join(problems...))
	}
	return c, nil
}

func (s *SFTP) check() (problems []error) {
	report := func(text string) { problems = append(problems, errors.New(text)) }
	if s.Host == "" || strings.ContainsAny(s.Host, "/@ ") || strings.ContainsFunc(s.Host, unicode.IsControl) {
		report("host: give the name or address of the server alone, without sftp://, user or path")
	}
	if s.Port < 1 || s.Port > 65535 {
		report("port: must be between 1 and 65535")
	}
	if s.User == "" {
		report("user: name the user to log in as")
	}
	if s.Password == "" && s.PrivateKey == "" {
		report("password, private_key: give one of them (is the variable set?)")
	}
	if s.Path == "" || strings.ContainsFunc(s.Path+s.MoveTo, unicode.IsControl) {
		report("path, move_to: must be names of folders, without control characters")
	}
	if s.IdleTimeout <= 0 || s.TotalTimeout <= 0 {
		report("idle_timeout and total_timeout: must be more than 0")
	}
	if s.After != "leave" && s.After != "move" {
		report("after: must be leave or move")
	}
	if (s.After == "move") != (s.MoveTo != "") {
		report("after: move and move_to go together")
	}
	if s.After == "move" && s.Snapshot == snapshotFolder {
		report("snapshot: with after: move the folder does not keep what it is made of: write delivered, or after: leave")
	}
	return problems
}

// moveTo is the folder that taken files move to. It must not be a way back into
// what is read.
func (s *SFTP) moveTo(folder string) (string, error) {
	to := path.Clean(s.MoveTo)
	if !path.IsAbs(to) {
		to = path.Join(folder, to)
	} else if !path.IsAbs(folder) {
		return "", errors.New("move_to: is absolute and path is not, so nobody can tell whether one lies in the other: write both in the same way")
	}
	if to == folder || strings.HasPrefix(folder+"/", strings.TrimSuffix(to, "/")+"/") || to == "." {
		return "", errors.New("move_to: path lies in it, so what was moved would be taken again: name another folder")
	}
	return to, nil
}

// signer reads the private key. The library's errors are not passed on: they may
// quote what they could not read.
func (s *SFTP) signer() (ssh.Signer, error) {
	if s.PrivateKey == "" {
		return nil, nil
	}
	key := []byte(s.PrivateKey.Reveal())
	if s.Passphrase == "" {
		signer, err := ssh.ParsePrivateKey(key)
		if missing := (*ssh.PassphraseMissingError)(nil); errors.As(err, &missing) {
			return nil, errors.New("private_key: it is encrypted: set passphrase")
		} else if err != nil {
			return nil, errors.New("private_key: it is not a private key as ssh-keygen writes it (-----BEGIN OPENSSH PRIVATE KEY-----): name its file as ${file:PATH}")
		}
		return signer, nil
	}
	signer, err := ssh.ParsePrivateKeyWithPassphrase(key, []byte(s.Passphrase.Reveal()))
	if err != nil {
		return nil, errors.New("private_key, passphrase: the passphrase does not open the key, or the key is not encrypted")
	}
	return signer, nil
}

type sftpConnector struct {
	settings SFTP
	env      Env
	rules    fileRules
	address  string
	folder   string
	moveTo   string // "" leaves files where they are
	pin      hostKeyPin
	signer   ssh.Signer
}

// Pull yields new and changed files in the order of their names, or a folder that is a
// snapshot whole.
func (c *sftpConnector) Pull(ctx context.Context, req Request) iter.Seq2[*Object, error] {
	return objectsOf(func(yield func(*Object) bool) error { return c.pull(ctx, req, yield) })
}

func (c *sftpConnector) pull(ctx context.Context, req Request, yield func(*Object) bool) error {
	s := &sftpSession{c: c, now: req.Now}
	defer s.drop()
	found, err := s.list(ctx)
	if err != nil {
		return err
	}
	plan, err := c.rules.plan(found, req)
	if err != nil {
		return err
	}
	if c.moveTo != "" && plan.seen != nil {
		if err := s.moveTaken(ctx, plan); err != nil {
			return err
		}
	}
	return plan.run(ctx, func(name string, listed fileMark) (*Object, error) { return s.object(ctx, name, listed) }, yield)
}

// place is a file as scp would name it.
func (c *sftpConnector) place(name string) string {
	return c.settings.Host + ":" + path.Join(c.folder, name)
}

// at is a file's path on the server.
func (c *sftpConnector) at(name string) string { return path.Join(c.folder, name) }
