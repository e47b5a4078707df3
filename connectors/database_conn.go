package connectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// The ways to use TLS, as PostgreSQL names them. The two that may fall back to
// plain text without a word (allow, prefer) are not offered.
const (
	tlsDisable    = "disable"
	tlsRequire    = "require"
	tlsVerifyCA   = "verify-ca"
	tlsVerifyFull = "verify-full"
)

var tlsModes = []string{tlsDisable, tlsRequire, tlsVerifyCA, tlsVerifyFull}

// tlsConfig is nil where TLS is off.
func (c *databaseConnector) tlsConfig() *tls.Config {
	if c.target.tls == tlsDisable {
		return nil
	}
	config := &tls.Config{ServerName: c.target.host, RootCAs: c.target.roots, MinVersion: tls.VersionTLS12}
	switch c.target.tls {
	case tlsRequire:
		config.InsecureSkipVerify = true
	case tlsVerifyCA:
		// The library verifies all or nothing: the chain is verified here, the name is not.
		config.InsecureSkipVerify = true
		config.VerifyConnection = func(state tls.ConnectionState) error {
			options := x509.VerifyOptions{Roots: config.RootCAs, Intermediates: x509.NewCertPool()}
			for _, certificate := range state.PeerCertificates[1:] {
				options.Intermediates.AddCert(certificate)
			}
			_, err := state.PeerCertificates[0].Verify(options)
			return err
		}
	}
	return config
}

// dial opens the connections of a pull. They end when the pull does, and when no
// byte comes for idle_timeout. Connections that are opened after it was cancelled,
// to tell the server so, do not.
func (p *databasePull) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var plain net.Dialer
	conn, err := plain.DialContext(ctx, network, address)
	if err != nil || p.ctx.Err() != nil {
		return conn, err
	}
	w := &watchedConn{Conn: conn, idle: p.c.settings.IdleTimeout}
	w.timer = time.AfterFunc(w.idle, func() { p.stalled.Store(true); w.interrupt() })
	w.timer.Stop()
	w.stop = context.AfterFunc(p.ctx, w.interrupt)
	return w, nil
}

// watchedConn interrupts reading when a pull ends or the server falls silent.
type watchedConn struct {
	net.Conn
	idle  time.Duration
	timer *time.Timer
	stop  func() bool
}

func (w *watchedConn) interrupt() { _ = w.SetReadDeadline(time.Unix(1, 0)) }

// Read reads what the server sent. The timer runs while we wait for the server,
// not while our reader is busy.
func (w *watchedConn) Read(p []byte) (int, error) {
	w.timer.Reset(w.idle)
	n, err := w.Conn.Read(p)
	w.timer.Stop()
	return n, err
}

// Close closes the connection.
func (w *watchedConn) Close() error {
	w.timer.Stop()
	w.stop()
	return w.Conn.Close()
}

// SyscallConn lets drivers look whether the connection is alive.
func (w *watchedConn) SyscallConn() (syscall.RawConn, error) {
	if inner, ok := w.Conn.(syscall.Conn); ok {
		return inner.SyscallConn()
	}
	return nil, errors.ErrUnsupported
}

// word says what an error of a connection means. What the driver adds (user,
// address, query) is left away: the place is named already.
func (c *databaseConnector) word(err error) *meaning {
	if answer := c.dialect.word(err); answer != nil {
		return answer
	}
	var (
		unknownHost *net.DNSError
		authority   x509.UnknownAuthorityError
		otherName   x509.HostnameError
		invalid     x509.CertificateInvalidError
		timeout     net.Error
	)
	switch {
	case errors.As(err, &unknownHost) && unknownHost.IsNotFound:
		return &meaning{fmt.Errorf("the host %s is not known: check host", c.target.host), true}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &meaning{errors.New("nothing answers there: check host and port, and whether the server runs"), true}
	case errors.As(err, &authority):
		return &meaning{errors.New("the server's certificate is of an authority that is not known: name its PEM file in ca"), true}
	case errors.As(err, &otherName):
		return &meaning{fmt.Errorf("the server's certificate is not for %s: correct host, or use tls: verify-ca", c.target.host), true}
	case errors.As(err, &invalid):
		return &meaning{fmt.Errorf("the server's certificate is not valid: %w", invalid), true}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return &meaning{fmt.Errorf("no connection within connect_timeout (%s): check host, port and firewall", c.settings.ConnectTimeout), true}
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return &meaning{fmt.Errorf("the connection broke: %w", err), true}
}
