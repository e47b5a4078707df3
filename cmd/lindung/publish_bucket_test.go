package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kp2mi/lindung/connectors/connectortest"
	"github.com/kp2mi/lindung/pipelines"
)

// publishesToABucket is the way of an operator to a store: secrets come from the environment, what is wrong is
// said without them, and a release that is there is not brought again.
func publishesToABucket(t *testing.T, project string) {
	server := connectortest.StartS3(t, false)
	connectortest.MakeBucket(t, server, "lindung")
	config := filepath.Join(project, "lindung.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	text = fmt.Appendf(text, `  bucket:
    s3: {endpoint: "http://%s", bucket: lindung, prefix: rilis, region: %s, access_key: "${env:S3_KEY}", secret_key: "${env:S3_SECRET}", retry: {attempts: 1}}
`, server.Address, connectortest.S3Region)
	if err := os.WriteFile(config, text, 0o644); err != nil {
		t.Fatal(err)
	}
	publish := func(env ...string) (report pipelines.TargetReport, stderr string, code int) {
		t.Helper()
		c := exec.Command(program, "publish", "--dir", project, "--target", "bucket", "--output", "json")
		c.Env = append(os.Environ(), env...)
		var said strings.Builder
		c.Stderr = &said
		out, err := c.Output()
		var ended *exec.ExitError
		if errors.As(err, &ended) {
			code = ended.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		var reports []pipelines.TargetReport
		if err := json.Unmarshal(out, &reports); err != nil || len(reports) != 1 {
			t.Fatalf("%v: %s\n%s", err, out, said.String())
		}
		if strings.Contains(string(out)+said.String(), "kenari") {
			t.Errorf("the secret is told:\n%s\n%s", out, said.String())
		}
		return reports[0], said.String(), code
	}
	if _, stderr, code := publish("S3_KEY=" + connectortest.S3AccessKey); code != pipelines.ExitUsage || !strings.Contains(stderr, `target "bucket" needs ${env:S3_SECRET}`) {
		t.Errorf("without the secret: %d, %s", code, stderr)
	}
	if _, stderr, code := publish("S3_KEY="+connectortest.S3AccessKey, "S3_SECRET=kenari-salah"); code != pipelines.ExitUnavailable || !strings.Contains(stderr, "refuses the key") {
		t.Errorf("with a wrong one: %d, %s", code, stderr)
	}
	secrets := []string{"S3_KEY=" + connectortest.S3AccessKey, "S3_SECRET=" + connectortest.S3SecretKey}
	report, stderr, code := publish(secrets...)
	if code != 0 || report.Outcome != pipelines.OutcomeCopied || report.What != "open" || report.Place != "s3://lindung/rilis" || report.Bytes == 0 {
		t.Errorf("%d, %+v\n%s", code, report, stderr)
	}
	if report, _, code := publish(secrets...); code != 0 || report.Outcome != pipelines.OutcomeUpToDate || report.Bytes != 0 {
		t.Errorf("again: %d, %+v", code, report)
	}
}
