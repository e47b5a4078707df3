package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// An sftpSession is the work of one pull, over one connection or, where it breaks,
// over several.
type sftpSession struct {
	c    *sftpConnector
	now  time.Time
	link *sftpLink // nil when there is no connection
}

// An sftpLink is one connection.
type sftpLink struct {
	conn   *guardedConn
	client *sftp.Client
}

// close breaks the connection first: a polite farewell would wait for an answer.
func (l *sftpLink) close() {
	_ = l.conn.Close()
	_ = l.client.Close()
}

func (s *sftpSession) drop() {
	if s.link != nil {
		s.link.close()
		s.link = nil
	}
}

// run does something on the server, connecting first where needed. An error of the
// connection comes back as a temporaryError, one that the server answered as the
// answer's.
func (s *sftpSession) run(ctx context.Context, op func(*sftp.Client) error) error {
	if s.link == nil {
		link, err := s.connect(ctx)
		if err != nil {
			return err
		}
		s.link = link
	}
	return s.wait(ctx, s.link, op)
}

// wait does something over a connection that may have been dropped since.
func (s *sftpSession) wait(ctx context.Context, link *sftpLink, op func(*sftp.Client) error) error {
	err := link.conn.wait(ctx, func() error { return op(link.client) })
	if err == nil || err == io.EOF || isAnswer(err) {
		return err
	}
	if s.link == link {
		s.drop()
	}
	if temporary := (*temporaryError)(nil); errors.As(err, &temporary) {
		return err
	}
	return &temporaryError{err: fmt.Errorf("the connection broke: %s", s.c.harmless(err)), broken: true}
}

// isAnswer tells what the server said from what happened to the connection.
func isAnswer(err error) bool {
	status, local := (*sftp.StatusError)(nil), (*fs.PathError)(nil)
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, errReplaced) ||
		errors.Is(err, errNoPlace) || errors.As(err, &local) ||
		errors.As(err, &status) && status.FxCode() != sftp.ErrSSHFxConnectionLost && status.FxCode() != sftp.ErrSSHFxNoConnection
}

// word turns a server's answer into words for people. The server's own text is left
// out: nobody knows what it holds.
func (s *sftpSession) word(err error) error {
	status := (*sftp.StatusError)(nil)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("it is not there: check path")
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the user %s has no permission there: ask the server's owner for it", s.c.settings.User)
	case errors.As(err, &status):
		return fmt.Errorf("the server answered %q", status.FxCode().Error())
	}
	return err
}

func (s *sftpSession) connect(ctx context.Context) (*sftpLink, error) {
	var shown ssh.PublicKey
	var failed error
	for _, algorithms := range s.c.pin.asks() {
		link, key, err := s.c.shake(ctx, algorithms)
		if err == nil {
			return link, nil
		}
		negotiation := (*ssh.AlgorithmNegotiationError)(nil)
		isKeyless := errors.As(err, &negotiation) && negotiation.What == "host key"
		if !isKeyless && !errors.Is(err, errHostKey) {
			return nil, err
		}
		if key != nil && shown == nil {
			shown = key
		}
		failed = err
	}
	if shown == nil {
		return nil, fmt.Errorf("the server shows no host key of a kind that is known here: %s", s.c.harmless(failed))
	}
	return nil, s.c.pin.refusal(shown)
}

var errHostKey = errors.New("not the pinned key")

// shake connects and logs in, and tells which key the server showed.
func (c *sftpConnector) shake(ctx context.Context, algorithms []string) (link *sftpLink, shown ssh.PublicKey, err error) {
	dialer := net.Dialer{Timeout: c.settings.IdleTimeout}
	raw, err := dialer.DialContext(ctx, "tcp", c.address)
	if err != nil {
		if op := (*net.OpError)(nil); errors.As(err, &op) {
			err = op.Err // the rest says again where to
		}
		return nil, nil, &temporaryError{err: fmt.Errorf("connecting to %s: %w", c.address, err), broken: true}
	}
	conn := newGuardedConn(raw, c.settings.IdleTimeout)
	trusted := false
	config := &ssh.ClientConfig{
		User: c.settings.User, Auth: c.auth(), HostKeyAlgorithms: algorithms, ClientVersion: "SSH-2.0-lindung",
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			shown = key
			if trusted = c.pin.accepts(key); !trusted {
				return errHostKey
			}
			return nil
		},
	}
	err = conn.wait(ctx, func() error {
		sshConn, channels, requests, err := ssh.NewClientConn(conn, c.address, config)
		if err != nil {
			return err
		}
		client, err := sftp.NewClient(ssh.NewClient(sshConn, channels, requests))
		if err != nil {
			return fmt.Errorf("asking for SFTP: %w", err)
		}
		link = &sftpLink{conn: conn, client: client}
		return nil
	})
	if err != nil {
		_ = conn.Close()
		return nil, shown, c.refused(err, trusted)
	}
	return link, shown, nil
}

// refused sorts the errors of a connection that did not come about: a login that was
// refused is not tried again, for servers lock out who does that.
func (c *sftpConnector) refused(err error, trusted bool) error {
	temporary, negotiation := (*temporaryError)(nil), (*ssh.AlgorithmNegotiationError)(nil)
	if errors.As(err, &temporary) || errors.As(err, &negotiation) || errors.Is(err, errHostKey) {
		return err
	}
	text := err.Error()
	if trusted && (strings.Contains(text, "unable to authenticate") || strings.Contains(text, "Too many authentication failures")) {
		return fmt.Errorf("the server refuses the user %s: check user, password and private_key, and ask the server's owner which of them it takes", c.settings.User)
	}
	return &temporaryError{err: fmt.Errorf("connecting to %s: %s", c.address, c.harmless(err)), broken: true}
}

func (c *sftpConnector) auth() (methods []ssh.AuthMethod) {
	if c.signer != nil {
		methods = append(methods, ssh.PublicKeys(c.signer))
	}
	if password := c.settings.Password; password != "" {
		methods = append(methods, ssh.Password(password.Reveal()),
			// The same for servers that ask for the password as a question.
			ssh.KeyboardInteractive(func(_, _ string, questions []string, echos []bool) ([]string, error) {
				answers := make([]string, len(questions))
				for i := range questions {
					if !echos[i] {
						answers[i] = password.Reveal()
					}
				}
				return answers, nil
			}))
	}
	return methods
}

// harmless is an error's text, which the server may have had a hand in, without
// anything that it was told in confidence.
func (c *sftpConnector) harmless(err error) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, err.Error())
	for _, secret := range []Secret{c.settings.Password, c.settings.Passphrase, c.settings.PrivateKey} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret.Reveal(), masked)
		}
	}
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return text
}

// A guardedConn breaks a connection that we wait on in vain.
type guardedConn struct {
	net.Conn
	timeout time.Duration
	timer   *time.Timer // runs while we wait
	waiting atomic.Bool
	stalled atomic.Bool
}

func newGuardedConn(conn net.Conn, timeout time.Duration) *guardedConn {
	g := &guardedConn{Conn: conn, timeout: timeout}
	g.timer = time.AfterFunc(timeout, func() {
		if g.waiting.Load() {
			g.stalled.Store(true)
			_ = g.Conn.Close()
		}
	})
	g.timer.Stop()
	return g
}

// keepAliveSize is more than a server's "are you there?" has. Such questions keep
// coming from a server whose disk hangs, and are no progress.
const keepAliveSize = 256

func (g *guardedConn) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if n > keepAliveSize && g.waiting.Load() {
		g.timer.Reset(g.timeout)
	}
	return n, err
}

// wait does something that waits for the other side, and breaks the connection when
// that stalls or ctx ends.
func (g *guardedConn) wait(ctx context.Context, op func() error) error {
	g.waiting.Store(true)
	g.timer.Reset(g.timeout)
	stop := context.AfterFunc(ctx, func() { _ = g.Conn.Close() })
	err := op()
	stop()
	g.waiting.Store(false)
	g.timer.Stop()
	if err != nil && g.stalled.Load() {
		return &temporaryError{err: errStalled, broken: true}
	}
	return err
}
