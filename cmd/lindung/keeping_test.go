package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Every command of docs/operations/keeping.md does what it says, in the order in which it stands there.
func TestKeeping(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations", "keeping.md"))
	if err != nil {
		t.Fatal(err)
	}
	root := projectDir(t)
	for _, place := range []string{"srv", "mnt", "media/kunci", "media/brankas"} {
		if err := os.MkdirAll(filepath.Join(root, place), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	project := filepath.Join(root, "srv", "lindung")
	moneyProject(t, project, "1GiB")
	at := time.Date(2024, 1, 15, 9, 0, 0, 0, time.UTC)
	deliverMoney(t, project, "one.csv", 8, at.Add(-time.Hour))
	lindung(t, nil, "run", "--dir", project, "--now", at.Format(time.RFC3339), "--quiet")

	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 6 {
		t.Fatalf("%d blocks of commands", len(blocks))
	}
	place := regexp.MustCompile(`/(srv|mnt|media)/`)
	for _, block := range blocks {
		script := place.ReplaceAllString(block[1], root+"/$1/")
		c := exec.Command("bash", "-euo", "pipefail", "-c", script)
		c.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"))
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s\n%s", err, block[1], out)
		}
	}
	figures, err := os.ReadFile(filepath.Join(root, "srv", "asli.csv"))
	if err != nil || strings.Count(string(figures), "\n") < 8 {
		t.Errorf("the figures that the drill compared: %d lines, %v", strings.Count(string(figures), "\n"), err)
	}
}
