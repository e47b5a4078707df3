package configs

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// storeSettings is what a store might declare.
type storeSettings struct {
	Endpoint  string     `yaml:"endpoint"`
	Bucket    string     `yaml:"bucket"`
	AccessKey string     `yaml:"access_key"`
	SecretKey testSecret `yaml:"secret_key"`
}

func TestTargetsAreRead(t *testing.T) {
	dir := newProject(t, "project_publish.good.yaml")
	p, err := Load(dir, testOptions(map[string]string{"S3_KEY": "kunci", "S3_SECRET": "kenari"}))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Publish) != 3 {
		t.Fatalf("%d targets", len(p.Publish))
	}
	safe, whole, store := p.Publish[0], p.Publish[1], p.Publish[2]
	if safe.Name != "dashboard" || safe.Folder != filepath.Join(filepath.Dir(dir), "share") || safe.What != PublishOpen || safe.Keep != 3 || safe.Current != "link" {
		t.Errorf("what is left out must be the safe thing: %+v", safe)
	}
	if whole.What != PublishRelease || whole.Keep != 6 || whole.Current != "copy" || whole.Folder != "/mnt/analis" {
		t.Errorf("got %+v", whole)
	}
	var s storeSettings
	if err := store.S3.Decode(&s); err != nil || s.Bucket != "lindung" || s.AccessKey != "kunci" || s.SecretKey.Reveal() != "kenari" {
		t.Errorf("got %v, %v", s.Bucket, err)
	}
	// A secret that is written out is refused unless all data are invented.
	write(t, filepath.Join(dir, ProjectFile), "project: {name: Salinan}\npublish:\n  archive: {s3: {endpoint: x, bucket: y, access_key: a, secret_key: kenari}}\n")
	if p, err = Load(dir, testOptions(nil)); err != nil {
		t.Fatal(err)
	}
	err = p.Publish[0].S3.Decode(&s)
	var all Errors
	if !errors.As(err, &all) || !strings.Contains(err.Error(), `lindung.yaml:3:69: "secret_key" is a secret and must not stand in the file`) || strings.Contains(err.Error(), "kenari") {
		t.Errorf("got %v", err)
	}
}

// Without the secrets a project can still be looked at.
func TestTargetsNameWhatTheyLack(t *testing.T) {
	opt := testOptions(nil)
	opt.AllowMissingSecrets = true
	p, err := Load(newProject(t, "project_publish.good.yaml"), opt)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(p.Publish[2].S3.Missing(), " "); got != "${env:S3_KEY} ${env:S3_SECRET}" {
		t.Errorf("missing: %s", got)
	}
	if err := p.Publish[2].S3.Check(&storeSettings{}); err != nil {
		t.Error(err)
	}
}
