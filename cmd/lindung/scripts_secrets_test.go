package main

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// secretSetting is a line of a script that gives a secret to the program: a variable that is called so,
// or an address with a password.
var secretSetting = regexp.MustCompile(`(?m)^env ([A-Z_]*(?:TOKEN|PASSWORD|SECRET|KEY)[A-Z_]*)=(\S+)$|^env ([A-Z_]+)=(\S+://\S+)$|^postgres ([A-Z_]+) `)

// saysNoSecret holds every output of every script to that it tells none of the secrets that the script
// uses, and what was written into its folders too.
func saysNoSecret(ts *testscript.TestScript) {
	secrets := secretsOf(ts)
	if len(secrets) == 0 {
		return
	}
	for _, secret := range secrets {
		for _, stream := range []string{"stdout", "stderr"} {
			if strings.Contains(ts.ReadFile(stream), secret) {
				ts.Fatalf("%s tells a secret of the script", stream)
			}
		}
	}
	work := ts.Getenv("WORK")
	err := filepath.WalkDir(work, func(path string, d os.DirEntry, err error) error {
		rel, _ := filepath.Rel(work, path)
		if err != nil || !d.Type().IsRegular() || !strings.Contains(filepath.ToSlash(rel), "/data/") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, secret := range secrets {
			if strings.Contains(string(raw), secret) {
				ts.Fatalf("%s holds a secret of the script", rel)
			}
		}
		return err
	})
	ts.Check(err)
}

// secretsOf are the secrets that a script has set so far.
func secretsOf(ts *testscript.TestScript) (secrets []string) {
	text, err := os.ReadFile(filepath.Join("testdata", ts.Name()+".txtar"))
	ts.Check(err)
	for _, m := range secretSetting.FindAllStringSubmatch(string(text), -1) {
		name := m[1] + m[3] + m[5]
		for _, value := range []string{m[2] + m[4], ts.Getenv(name)} {
			if u, err := url.Parse(value); err == nil && u.User != nil {
				value, _ = u.User.Password()
			} else if strings.Contains(value, "://") {
				value = ""
			}
			if len(value) >= 6 && !strings.HasPrefix(value, "$") { // shorter ones are words
				secrets = append(secrets, value)
			}
		}
	}
	return secrets
}
