package configs

import (
	"strings"
	"time"
)

// A Lineage says where OpenLineage events go: a file, an address, or both.
type Lineage struct {
	File           string            `yaml:"file" like:"text" doc:"A file that gets a line of JSON for every event; relative to this file."`
	URL            string            `yaml:"url" like:"text" doc:"The address that every event is posted to, such as https://marquez.example.go.id/api/v1/lineage."`
	Headers        map[string]Secret `yaml:"headers" doc:"Request headers, such as Authorization: \"Bearer ${env:NAME}\"."`
	CA             string            `yaml:"ca" doc:"Certificates to trust instead of the system's, in PEM; name their file as ${file:PATH}."`
	Timeout        time.Duration     `yaml:"timeout" doc:"How long one event, and at the end of a run what is left, is waited for."`
	AllowPlainHTTP bool              `yaml:"allow_plain_http" doc:"Post over http://, where everybody on the way can read."`
}

func (s *Lineage) setDefaults() { s.Timeout = 5 * time.Second }

func (s *Lineage) problem() string {
	switch {
	case s.File == "" && s.URL == "":
		return "lineage names no place; give it \"file\" or \"url\", or take it out"
	case s.URL == "" && (len(s.Headers) > 0 || s.CA != ""):
		return "headers and ca need \"url\": a file has none"
	case s.Timeout < 100*time.Millisecond || s.Timeout > time.Minute:
		return "timeout must be between 100ms and 1m: a run waits at its end for so long"
	case s.URL == "":
		return ""
	}
	for name, value := range s.Headers {
		if name == "" || strings.ContainsAny(name, " :\t\r\n") {
			return "headers must have names of headers, such as Authorization"
		}
		if strings.ContainsAny(value.Reveal(), "\r\n") {
			return "each of headers must be one line"
		}
	}
	if p := addressProblem(s.URL, s.AllowPlainHTTP); p != "" {
		return p
	}
	return certificatesProblem(s.CA)
}

func (l *loader) checkLineage(p *Project) {
	if p.Lineage != nil {
		l.errs = append(l.errs, AsErrors(p.Lineage.check(), ProjectFile, p.Lineage.Line)...)
	}
}
