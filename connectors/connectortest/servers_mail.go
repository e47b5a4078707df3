package connectortest

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Who may sign in at a MailServer.
const (
	MailUser     = "lindung"
	MailPassword = "kenari"
)

// A MailServer speaks SMTP on a port of 127.0.0.1, asks for a name and a password, and keeps what it is given.
type MailServer struct {
	Port int
	CA   string // its certificate, in PEM

	mu      sync.Mutex
	letters []Letter
	refuse  map[string]*smtp.SMTPError
}

// A Letter is what a MailServer was given.
type Letter struct {
	Encrypted bool // after STARTTLS
	From      string
	To        []string
	Raw       []byte
}

// StartMail starts a mail server that encrypts by "starttls", "tls" (from the beginning), or "none".
func StartMail(t testing.TB, encryption string) *MailServer {
	t.Helper()
	certified := httptest.NewUnstartedServer(nil) // for its certificate
	certified.StartTLS()
	defer certified.Close()
	m := &MailServer{refuse: map[string]*smtp.SMTPError{},
		CA: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certified.Certificate().Raw}))}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &mailSession{server: m, conn: c}, nil }))
	server.Domain, server.ErrorLog = "mail.contoh.example", quietLog{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.Port = listener.Addr().(*net.TCPAddr).Port
	secure := &tls.Config{Certificates: certified.TLS.Certificates}
	switch encryption {
	case "starttls":
		server.TLSConfig = secure
	case "tls":
		listener = tls.NewListener(listener, secure)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close() })
	return m
}

// Letters are those that came so far.
func (m *MailServer) Letters() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Letter(nil), m.letters...)
}

// Refuse makes the server answer a recipient's address with a code from now on; with 0 it takes it again.
func (m *MailServer) Refuse(recipient string, code int, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.refuse, recipient)
	if code != 0 {
		m.refuse[recipient] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
	}
}

type quietLog struct{}

// Printf keeps nothing.
func (quietLog) Printf(string, ...any) {}

// Println keeps nothing.
func (quietLog) Println(...any) {}

type mailSession struct {
	server *MailServer
	conn   *smtp.Conn
	signed bool
	letter Letter
}

// AuthMechanisms are the ways to sign in.
func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth quotes a wrong password, as careless servers do.
func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != MailUser || password != MailPassword {
			return errors.New("wrong password " + password)
		}
		s.signed = true
		return nil
	}), nil
}

// Mail begins a letter.
func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if !s.signed {
		return smtp.ErrAuthRequired
	}
	_, s.letter.Encrypted = s.conn.TLSConnectionState()
	s.letter.From = from
	return nil
}

// Rcpt adds a recipient.
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if e := s.server.refuse[to]; e != nil {
		return e
	}
	s.letter.To = append(s.letter.To, to)
	return nil
}

// Data takes the letter.
func (s *mailSession) Data(r io.Reader) (err error) {
	if s.letter.Raw, err = io.ReadAll(r); err == nil {
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		s.server.letters = append(s.server.letters, s.letter)
	}
	return err
}

// Reset forgets the letter.
func (s *mailSession) Reset() { s.letter = Letter{} }

// Logout ends the session.
func (s *mailSession) Logout() error { return nil }

// Open reads a letter as a mail program does: its header, its text, and what is attached by name.
func (l Letter) Open(t testing.TB) (header mail.Header, text string, attached map[string]string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(l.Raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	attached = map[string]string{}
	if kind == "text/plain" {
		return m.Header, decodedPart(t, m.Header.Get("Content-Transfer-Encoding"), m.Body), attached
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m.Header, text, attached
		}
		if err != nil {
			t.Fatal(err)
		}
		content := decodedPart(t, part.Header.Get("Content-Transfer-Encoding"), part)
		if name := part.FileName(); name != "" {
			attached[name] = content
		} else {
			text = content
		}
	}
}

func decodedPart(t testing.TB, encoding string, r io.Reader) string {
	t.Helper()
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(content), "\r\n", "\n")
}
