package alerts

import (
	"encoding/base64"
	"errors"
	"mime"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors/connectortest"
)

func mailerTo(p *connectortest.MailServer, dataDir string, change ...func(*configs.Email)) *mailer {
	s := configs.Email{Host: "127.0.0.1", Port: p.Port, TLS: "starttls", User: connectortest.MailUser, Password: connectortest.MailPassword, CA: p.CA,
		From: "Lindung <lindung@contoh.example>", To: []string{"pusdatin@contoh.example", "piket@contoh.example"}, Timeout: 3 * time.Second}
	for _, c := range change {
		c(&s)
	}
	return &mailer{settings: s, dataDir: dataDir}
}

func TestMailArrives(t *testing.T) {
	m := message
	m.Recipient, m.Attachments = "", nil
	m.Subject, m.Text = "Uji: rilis – é\r\nBcc: kenari@contoh.example", "Kiriman ditahan – “semua”.\n.\nBaris sesudah titik.\n"+strings.Repeat("panjang ", 200)+"\n"
	for _, encryption := range []string{"starttls", "tls"} {
		p := connectortest.StartMail(t, encryption)
		if err := mailerTo(p, "", func(s *configs.Email) { s.TLS = encryption }).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		l := p.Letters()[0]
		header, text, _ := l.Open(t)
		if encryption == "starttls" && !l.Encrypted || l.From != "lindung@contoh.example" || strings.Join(l.To, " ") != "pusdatin@contoh.example piket@contoh.example" {
			t.Errorf("%s: %+v", encryption, l)
		}
		if subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject")); err != nil || subject != "Uji: rilis – é Bcc: kenari@contoh.example" || header.Get("Bcc") != "" {
			t.Errorf("subject %q, %v", subject, err)
		}
		if date, err := header.Date(); err != nil || !date.Equal(noon) || header.Get("Message-ID") != "<alerts-1@contoh.example>" || header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("header %v, %v", header, err)
		}
		if text != m.Text {
			t.Errorf("text %q", text)
		}
	}
}

// A letter to a producer goes to him alone, with the page attached as it is.
func TestALetterCarriesItsPage(t *testing.T) {
	p := connectortest.StartMail(t, "starttls")
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "notes", "f"), 0o755); err != nil {
		t.Fatal(err)
	}
	page := "<!doctype html>\n<p>Nota – “pengembalian”</p>\n"
	if err := os.WriteFile(filepath.Join(dir, "notes", "f", "n.html"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := mailerTo(p, dir).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	_, text, attached := p.Letters()[0].Open(t)
	if strings.Join(p.Letters()[0].To, " ") != "b@contoh.example" || text != message.Text || attached["n.html"] != page {
		t.Errorf("to %v: %q, %v", p.Letters()[0].To, text, attached)
	}
	if err := mailerTo(p, t.TempDir()).Send(t.Context(), message); !errors.Is(err, ErrRefused) || len(p.Letters()) != 1 {
		t.Errorf("a page that is not there: %v", err)
	}
}

func TestWhatAMailServerDoes(t *testing.T) {
	plain := message
	plain.Attachments = nil
	p := connectortest.StartMail(t, "starttls")
	p.Refuse("away@contoh.example", 451, "come back later")
	p.Refuse("nobody@contoh.example", 550, "no such mailbox")
	open := connectortest.StartMail(t, "none")
	closed := connectortest.StartMail(t, "none")
	closed.Port = closedPort(t)
	for name, c := range map[string]struct {
		office  *connectortest.MailServer
		change  func(*configs.Email)
		to      string
		problem string
		refused bool
	}{
		"a wrong password":        {office: p, change: func(s *configs.Email) { s.Password = "kutilang" }, problem: "wrong password ***"},
		"a mailbox that is gone":  {office: p, to: "nobody@contoh.example", problem: "no such mailbox", refused: true},
		"a mailbox that is busy":  {office: p, to: "away@contoh.example", problem: "come back later"},
		"nobody vouches for it":   {office: p, change: func(s *configs.Email) { s.CA = "" }, problem: "certificate"},
		"it offers no encryption": {office: open, problem: "STARTTLS"},
		"nobody is there":         {office: closed, problem: "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			m := plain
			if c.to != "" {
				m.Recipient = c.to
			}
			change := c.change
			if change == nil {
				change = func(*configs.Email) {}
			}
			err := mailerTo(c.office, "", change).Send(t.Context(), m)
			if err == nil || !strings.Contains(err.Error(), c.problem) || errors.Is(err, ErrRefused) != c.refused || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
			if encoded := base64.StdEncoding.EncodeToString([]byte("\x00lindung\x00kutilang")); strings.Contains(err.Error(), "kutilang") || strings.Contains(err.Error(), encoded) {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
	if len(p.Letters())+len(open.Letters()) != 0 {
		t.Errorf("letters went out: %+v %+v", p.Letters(), open.Letters())
	}
}

// A mail server that takes the connection and says nothing does not hold anybody up.
func TestAMailServerThatHangs(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	p := &connectortest.MailServer{Port: listener.Addr().(*net.TCPAddr).Port}
	began := time.Now()
	err = mailerTo(p, "", func(s *configs.Email) { s.Timeout = time.Second }).Send(t.Context(), Message{ID: "x", Text: "x"})
	if err == nil || time.Since(began) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

func closedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
