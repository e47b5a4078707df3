package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// scriptsOf says which script runs the commands that a page of docs/operations shows.
var scriptsOf = map[string]string{"trying-a-change.md": "trying_a_change.txtar", "keys.md": "keys.txtar"}

var (
	scriptOnly = regexp.MustCompile(` --(dir|now) \S+`)
	inScript   = regexp.MustCompile(`(?m)^lindung \d+ (.*)$`)
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
)

// What a page tells operators to type is what its script runs.
func TestShownCommandsAreRun(t *testing.T) {
	for page, script := range scriptsOf {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations", page))
		if err != nil {
			t.Fatal(err)
		}
		story, err := os.ReadFile(filepath.Join("testdata", script))
		if err != nil {
			t.Fatal(err)
		}
		run := map[string]bool{}
		for _, m := range inScript.FindAllStringSubmatch(string(story), -1) {
			run[strings.TrimSpace(scriptOnly.ReplaceAllString(m[1], ""))] = true
		}
		commands := 0
		for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(block[1]) {
				line, _, _ = strings.Cut(line, "  #")
				command, ours := strings.CutPrefix(strings.TrimSpace(line), "lindung ")
				if commands++; !ours || !run[command] {
					t.Errorf("%s shows %q, which %s does not run", page, line, script)
				}
			}
		}
		if commands == 0 {
			t.Errorf("%s shows no command", page)
		}
	}
}
