package connectors

import (
	"fmt"
	"path"
	"strings"
)

// CheckGlob reports a pattern that could never be meant: path.Match finds bad
// syntax only when it gets that far into a name, a settings check must find it
// always.
func CheckGlob(pattern string) error {
	if pattern == "" || strings.HasPrefix(pattern, "/") || strings.Contains(pattern, `\`) {
		return fmt.Errorf("the pattern %q must be a relative path with / between folders, such as **/*.csv", pattern)
	}
	for segment := range strings.SplitSeq(pattern, "/") {
		if segment == ".." || segment == "." || segment == "" {
			return fmt.Errorf("the pattern %q must not hold empty, . or .. parts", pattern)
		}
		if segment != "**" && strings.Contains(segment, "**") {
			return fmt.Errorf("the pattern %q: ** stands alone between slashes, as in **/*.csv", pattern)
		}
		if _, err := path.Match(segment, ""); err != nil {
			return fmt.Errorf("the pattern %q: an opening [ has no closing ]", pattern)
		}
	}
	return nil
}

// MatchGlob reports whether a slash-separated name fits a pattern. `*` and `?`
// stay within one part of the path; `**` spans any number of parts, also none.
func MatchGlob(pattern, name string) bool {
	return matchParts(strings.Split(pattern, "/"), strings.Split(name, "/"))
}

// matchParts walks both lists at once. After a failed try only the last ** is
// tried again one part further on, so the work is at most len(pattern)*len(name).
func matchParts(pattern, name []string) bool {
	p, n, starP, starN := 0, 0, -1, 0
	for n < len(name) {
		if p < len(pattern) && pattern[p] == "**" {
			starP, starN = p, n
			p++
			continue
		}
		if p < len(pattern) {
			if ok, err := path.Match(pattern[p], name[n]); ok && err == nil {
				p, n = p+1, n+1
				continue
			}
		}
		if starP < 0 {
			return false
		}
		starN++
		p, n = starP+1, starN
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

// matchesBelow reports whether a name inside a folder can fit a pattern.
func matchesBelow(pattern, folder string) bool {
	parts := strings.Split(pattern, "/")
	for i, name := range strings.Split(folder, "/") {
		if i >= len(parts)-1 {
			return parts[len(parts)-1] == "**"
		}
		if parts[i] == "**" {
			return true
		}
		if ok, err := path.Match(parts[i], name); !ok || err != nil {
			return false
		}
	}
	return true
}
