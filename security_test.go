package lindung_test

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// SECURITY.md names no test that is not there, and no control without one.
func TestWhatSecurityNamesExists(t *testing.T) {
	tests := map[string]bool{} // "room: name"
	for _, f := range goFiles(t) {
		if !f.test {
			continue
		}
		dir := "root"
		if at := strings.LastIndex(f.path, "/"); at >= 0 {
			dir = f.path[:at]
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				tests[dir+": "+fn.Name.Name] = true
			}
		}
	}
	room := regexp.MustCompile("`?([a-z/]+)`?: ((?:`Test\\w+`(?:, )?)+)")
	controls := 0
	for _, line := range strings.Split(readText(t, "SECURITY.md"), "\n") {
		if !strings.Contains(line, "`Test") {
			continue
		}
		controls++
		named := 0
		for _, m := range room.FindAllStringSubmatch(line, -1) {
			for _, name := range regexp.MustCompile(`Test\w+`).FindAllString(m[2], -1) {
				named++
				if !tests[m[1]+": "+name] {
					t.Errorf("SECURITY.md names %s in %s, which is not there", name, m[1])
				}
			}
		}
		if want := strings.Count(line, "`Test"); named != want {
			t.Errorf("%d of %d tests are named with their room: %s", named, want, line)
		}
	}
	if controls < 15 {
		t.Errorf("only %d controls name a test", controls)
	}
}
