package configs

import (
	"path/filepath"
	"strings"
	"testing"
)

// Metrics and health are for this machine, unless somebody says otherwise.
func TestWhereServeListens(t *testing.T) {
	for _, c := range []struct{ written, listen, complaint string }{
		{"", "127.0.0.1:9464", ""},
		{`serve: {listen: ""}`, "", ""},
		{`serve: {listen: "localhost:80"}`, "localhost:80", ""},
		{`serve: {listen: "[::1]:0"}`, "[::1]:0", ""},
		{`serve: {listen: "127.8.0.1:9464"}`, "127.8.0.1:9464", ""},
		{`serve: {listen: "0.0.0.0:9464"}`, "", `lindung.yaml:2:9: other machines reach "0.0.0.0:9464"`},
		{`serve: {listen: ":9464"}`, "", `other machines reach ":9464"`},
		{`serve: {listen: "10.1.2.3:9464", allow_remote: false}`, "", `other machines reach "10.1.2.3:9464"`},
		{`serve: {listen: "metrics.example.go.id:9464"}`, "", "write allow_remote: true"},
		{`serve: {listen: "0.0.0.0:9464", allow_remote: true}`, "0.0.0.0:9464", ""},
		{`serve: {listen: "127.0.0.1"}`, "", "must be an address and a port"},
		{`serve: {listen: "127.0.0.1:70000"}`, "", "must be an address and a port"},
		{`serve: {listen: "127.0.0.1:http"}`, "", "must be an address and a port"},
		{`serve: {listne: ""}`, "", `did you mean "listen"?`},
	} {
		t.Run(c.written, func(t *testing.T) {
			dir := newProject(t, "project.good.yaml")
			write(t, filepath.Join(dir, ProjectFile), "project: {name: Layanan}\n"+c.written+"\n")
			p, err := Load(dir, testOptions(nil))
			switch {
			case c.complaint == "" && err != nil:
				t.Error(err)
			case c.complaint == "" && p.Serve.Listen != c.listen:
				t.Errorf("it listens on %q, want %q", p.Serve.Listen, c.listen)
			case c.complaint != "" && (err == nil || !strings.Contains(err.Error(), c.complaint)):
				t.Errorf("got %v, want %q", err, c.complaint)
			}
		})
	}
}
