package alerts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wneessen/go-mail"

	"github.com/kp2mi/lindung/configs"
)

// A mailer hands messages to a mail server.
type mailer struct {
	settings configs.Email
	dataDir  string
}

// Send signs in, hands over one message, and signs out. A server that does not offer encryption gets nothing.
func (m *mailer) Send(ctx context.Context, message Message) error {
	letter, err := m.letter(message)
	if err != nil {
		return err
	}
	client, err := m.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, m.settings.Timeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		return m.problem(err)
	}
	return nil
}

func (m *mailer) client() (*mail.Client, error) {
	s := m.settings
	secure := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.CA != "" {
		secure.RootCAs = x509.NewCertPool()
		secure.RootCAs.AppendCertsFromPEM([]byte(s.CA)) // the configuration was checked
	}
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(s.Timeout), mail.WithTLSConfig(secure)}
	switch s.TLS {
	case "tls":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password.Reveal()))
	}
	return mail.NewClient(s.Host, options...)
}

func (m *mailer) letter(message Message) (*mail.Msg, error) {
	letter := mail.NewMsg()
	to := m.settings.To
	if message.Recipient != "" {
		to = []string{message.Recipient}
	}
	if err := letter.From(m.settings.From); err != nil {
		return nil, fmt.Errorf("%w: from: is no address of e-mail", ErrRefused)
	}
	if err := letter.To(to...); err != nil {
		return nil, fmt.Errorf("%w: the recipient is no address of e-mail", ErrRefused)
	}
	letter.Subject(strings.Join(strings.Fields(message.Subject), " "))
	letter.SetDateWithValue(message.Made)
	_, domain, _ := strings.Cut(strings.TrimSuffix(m.settings.From, ">"), "@")
	letter.SetMessageIDWithValue(message.ID + "@" + domain)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // so that nobody's absence note answers it
	letter.SetBodyString(mail.TypeTextPlain, message.Text)
	for _, name := range message.Attachments {
		if err := m.attach(letter, name); err != nil {
			return nil, err
		}
	}
	return letter, nil
}

func (m *mailer) attach(letter *mail.Msg, name string) error {
	path := filepath.Join(m.dataDir, filepath.FromSlash(name))
	content, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: attaching: %w", ErrRefused, err)
	}
	defer content.Close()
	if err := letter.AttachReader(filepath.Base(path), content); err != nil {
		return fmt.Errorf("attaching %s: %w", path, err)
	}
	return nil
}

// problem says what the mail server found wrong, in one line and without the password.
func (m *mailer) problem(err error) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if p := m.settings.Password.Reveal(); p != "" {
		text = strings.ReplaceAll(text, p, "***")
	}
	var sending *mail.SendError
	if errors.As(err, &sending) && sending.ErrorCode() >= 500 {
		return fmt.Errorf("%w: the mail server %s does not take the message: %s", ErrRefused, m.settings.Host, text)
	}
	return fmt.Errorf("handing mail to %s: %s", m.settings.Host, text)
}
