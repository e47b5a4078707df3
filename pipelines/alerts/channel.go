package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/kp2mi/lindung/configs"
)

// Open makes the channel that a project declares. One that lacks a secret is an error; dataDir is
// where attachments are.
func Open(c *configs.Channel, dataDir string) (Channel, error) {
	lacks := func(missing []string) error {
		return fmt.Errorf("channel %s needs %s; set it before starting lindung", c.Name, strings.Join(missing, ", "))
	}
	switch {
	case c.Webhook != nil:
		if missing := c.Webhook.Missing(); len(missing) > 0 {
			return nil, lacks(missing)
		}
		s, err := c.Webhook.Settings()
		if err != nil {
			return nil, err
		}
		return newWebhook(s), nil
	case c.Email != nil:
		if missing := c.Email.Missing(); len(missing) > 0 {
			return nil, lacks(missing)
		}
		s, err := c.Email.Settings()
		if err != nil {
			return nil, err
		}
		return &mailer{settings: s, dataDir: dataDir}, nil
	}
	return file{path: c.File, text: c.Form == "text"}, nil
}

// Broken is a channel that cannot be opened: its messages wait until it can.
func Broken(why error) Channel { return broken{why} }

type broken struct{ why error }

// Send says why nothing can be sent.
func (b broken) Send(context.Context, Message) error { return b.why }

// file adds messages to a file.
type file struct {
	path string
	text bool
}

const fileMode = 0o640

// Send adds the message in one write, so that two programs do not mix theirs.
func (f file) Send(_ context.Context, m Message) error {
	line := []byte(m.Subject + "\n" + m.Text + "\n")
	if !f.text {
		var err error
		if line, err = json.Marshal(m); err != nil {
			return err
		}
		line = append(line, '\n')
	}
	out, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	if _, err := out.Write(line); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
