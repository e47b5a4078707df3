package configs

import (
	"crypto/x509"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// checkAlerts checks what the declarations cannot say, makes paths absolute, and gives every channel
// a language.
func (l *loader) checkAlerts(p *Project, file *projectFile) {
	for _, c := range p.Alerts.Channels {
		l.checkChannel(c)
		if c.Language == "" {
			c.Language = p.Alerts.Language
		}
	}
	if h := p.Alerts.Heartbeat; h != nil {
		l.errs = append(l.errs, AsErrors(h.check(), ProjectFile, h.Line)...)
	}
	if l.nodes[&file.Alerts.Producers] != nil {
		l.channelOf(p, &file.Alerts.Producers, p.Alerts.Producers.Channel, true)
		if !p.Alerts.Producers.Remind && !p.Alerts.Producers.Notes {
			l.fault(ProjectFile, &file.Alerts.Producers, "channel", "producers are told nothing; add \"remind: true\", \"notes: true\" or both, or take the section out")
		}
	}
	if l.nodes[&file.Alerts.Digest] != nil {
		l.channelOf(p, &file.Alerts.Digest, p.Alerts.Digest.Channel, false)
	}
	if c, ok := p.Alerts.Channel(p.Alerts.Digest.Channel); ok && p.Alerts.Digest.Language == "" {
		p.Alerts.Digest.Language = c.Language
	}
}

// channelOf checks that a section names a channel that is there.
func (l *loader) channelOf(p *Project, section any, name string, mustMail bool) {
	if name == "" {
		return
	}
	c, ok := p.Alerts.Channel(name)
	switch {
	case !ok:
		var known []string
		for _, c := range p.Alerts.Channels {
			known = append(known, c.Name)
		}
		l.fault(ProjectFile, section, "channel", "channel %q is not known%s", name, meant("channels", name, known))
	case mustMail && c.Email == nil:
		l.fault(ProjectFile, section, "channel", "channel %q sends no e-mail, and whom it is for has an address of e-mail; name an e-mail channel", name)
	}
}

func (l *loader) checkChannel(c *Channel) {
	ways := 0
	for _, there := range []bool{c.Webhook != nil, c.Email != nil, c.File != ""} {
		if there {
			ways++
		}
	}
	fault := func(key, format string, args ...any) {
		before := len(l.errs)
		l.fault(ProjectFile, c, key, format, args...)
		if e := &l.errs[before]; e.Line == 0 {
			e.Line = c.Line
		}
	}
	switch {
	case ways == 0:
		fault("", "channel %q has no way to tell anybody; give it \"webhook\", \"email\" or \"file\"", c.Name)
	case ways > 1:
		fault("", "channel %q has several ways; make each a channel of its own", c.Name)
	}
	if c.File == "" && l.nodes[c] != nil && l.nodes[c].get("form") != nil {
		fault("form", "\"form\" is of a file; take it out")
	}
	if c.File != "" {
		c.File = filepath.Clean(l.path(c.File))
	}
	if c.Webhook != nil {
		l.errs = append(l.errs, AsErrors(c.Webhook.check(), ProjectFile, c.Line)...)
	}
	if c.Email != nil {
		l.errs = append(l.errs, AsErrors(c.Email.check(), ProjectFile, c.Line)...)
	}
}

// addressProblem says what is wrong with an address of HTTP. It does not quote it: it may be a secret.
func addressProblem(address string, plain bool) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "url must be a whole address that begins with https://"
	case u.User != nil:
		return "url must be without user and password; put the secret into a header"
	case u.Scheme == "http" && !plain:
		return "url begins with http://, where everybody on the way can read; write https://, or add allow_plain_http: true"
	}
	return ""
}

func certificatesProblem(pem string) string {
	if pem != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(pem)) {
		return "ca holds no PEM certificate (-----BEGIN CERTIFICATE-----); name the file as ${file:PATH}"
	}
	return ""
}

func (w *Webhook) problem() string {
	switch {
	case (w.Header == "") != (w.Secret == ""):
		return "header and secret go together: the one names what the other fills"
	case strings.ContainsAny(w.Header, " :\t\r\n"):
		return "header must be the name of a header, such as Authorization"
	case strings.ContainsAny(w.Secret.Reveal(), "\r\n"):
		return "secret must be one line"
	case w.Timeout < time.Second || w.Timeout > time.Minute:
		return "timeout must be between 1s and 1m"
	}
	if p := addressProblem(w.URL, w.AllowPlainHTTP); p != "" {
		return p
	}
	return certificatesProblem(w.CA)
}

func (e *Email) problem() string {
	switch {
	case strings.ContainsAny(e.Host, "/: \t"):
		return "host must be the name of the mail server alone; its port goes under port"
	case (e.User == "") != (e.Password == ""):
		return "user and password go together (is the variable set?)"
	case e.User != "" && e.TLS == "none":
		return "with tls: none the password would go over the line for everybody to read; write starttls or tls"
	case e.Timeout < time.Second || e.Timeout > 2*time.Minute:
		return "timeout must be between 1s and 2m"
	}
	for _, address := range append([]string{e.From}, e.To...) {
		if _, err := mail.ParseAddress(address); err != nil {
			return "from and to must be addresses such as data@contoh.example, or \"Lindung <data@contoh.example>\""
		}
	}
	return certificatesProblem(e.CA)
}

func (h *Heartbeat) problem() string {
	if h.Every < time.Minute {
		return "every must be 1m or more: the scheduler looks once a minute"
	}
	if p := addressProblem(h.URL, h.AllowPlainHTTP); p != "" {
		return p
	}
	return certificatesProblem(h.CA)
}
