package configs

import (
	"net/mail"
	"path/filepath"
)

// Reports say how reports are written, and what becomes of those that were approved.
type Reports struct {
	Formats []string    `yaml:"formats" one:"html|pdf|xlsx|csv" doc:"What lindung serve writes a report as after a build. Left out: html."`
	Browser string      `yaml:"browser" like:"text" doc:"The browser that prints PDF files, by name or path. Left out: the first of chromium-headless-shell, chromium, google-chrome on PATH."`
	Deliver []*Delivery `yaml:"deliver" named:"yes" doc:"Places that approved editions are brought to when asked, by name: a folder, a bucket, an SFTP server, or people by e-mail."`
}

// A Delivery is one way out of the house for approved editions. Each edition has a folder of its own there.
type Delivery struct {
	Name   string        `yaml:"-"`
	Line   int           `yaml:"-"` // where the way begins in lindung.yaml
	Folder string        `yaml:"folder" like:"folder" doc:"A folder that exists, such as one on a mounted share; relative to this file."`
	S3     *StoreSection `yaml:"s3" doc:"A bucket of an S3-compatible store: endpoint, bucket, prefix, region, access_key, secret_key."`
	SFTP   *StoreSection `yaml:"sftp" doc:"A folder of an SFTP server: host, user, password or private_key, host_key, path."`
	Email  *ReportMail   `yaml:"email" doc:"People who get the report's files in a letter."`
}

// A ReportMail says who gets reports by e-mail, and over which server.
type ReportMail struct {
	Channel string   `yaml:"channel" need:"yes" like:"name" doc:"The e-mail channel of alerts whose server is used."`
	To      []string `yaml:"to" need:"yes" like:"text" doc:"Whom it is sent to: role mailboxes. Each gets a letter of their own."`
}

// Delivery returns the way of a name.
func (r Reports) Delivery(name string) (*Delivery, bool) {
	for _, d := range r.Deliver {
		if d.Name == name {
			return d, true
		}
	}
	return nil, false
}

// Missing says which ways lack secrets now.
func (r Reports) Missing() (lacks []string) {
	for _, d := range r.Deliver {
		for _, section := range []*StoreSection{d.S3, d.SFTP} {
			if section == nil {
				continue
			}
			for _, name := range section.Missing() {
				lacks = append(lacks, "way "+d.Name+" of reports needs "+name)
			}
		}
	}
	return lacks
}

// checkReports checks what the declarations cannot say, and makes folders absolute.
func (l *loader) checkReports(p *Project) {
	for _, d := range p.Reports.Deliver {
		fault := func(key, format string, args ...any) {
			before := len(l.errs)
			l.fault(ProjectFile, d, key, format, args...)
			if e := &l.errs[before]; e.Line == 0 {
				e.Line = d.Line
			}
		}
		ways := 0
		for _, there := range []bool{d.Folder != "", d.S3 != nil, d.SFTP != nil, d.Email != nil} {
			if there {
				ways++
			}
		}
		switch {
		case ways == 0:
			fault("", "way %q names no place; give it \"folder\", \"s3\", \"sftp\" or \"email\"", d.Name)
		case ways > 1:
			fault("", "way %q names several places; make each a way of its own", d.Name)
		}
		if d.Folder != "" {
			if d.Folder = filepath.Clean(l.path(d.Folder)); within(d.Folder, p.DataDir) || within(d.Folder, p.KeysDir) {
				fault("folder", "way %q lies in the project's own data or keys; name a folder elsewhere", d.Name)
			}
		}
		if d.Email == nil {
			continue
		}
		l.channelOf(p, d.Email, d.Email.Channel, true)
		for _, address := range d.Email.To {
			if _, err := mail.ParseAddress(address); err != nil {
				l.fault(ProjectFile, d.Email, "to", "to must be addresses such as pimpinan@contoh.example")
			}
		}
	}
}
