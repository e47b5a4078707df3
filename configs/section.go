package configs

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Section is the part of a file whose keys somebody else declares: the settings of a connector or
// of a format. It is kept as it was written until Decode is told the declaration.
type Section struct {
	Kind string // which connector or format
	Line int    // where the section begins

	node *node
	skip []string // keys that are not the kind's own
	from *origins
}

// origins is what a section needs to know about the file and the project it came from.
type origins struct {
	file   string
	dir    string
	env    func(string) (string, bool)
	lax    bool // a missing reference is no mistake and is left as it is written
	sealed bool // secrets must be references
}

func (s *Section) decodeNode(d *decoder, n *node, label string) {
	s.keep(d, n, label, "kind")
}

func (s *Section) keep(d *decoder, n *node, label string, skip ...string) {
	if !d.want(n, label, mapping) {
		return
	}
	s.node, s.Line, s.skip, s.from = n, n.at.line, skip, d.origins
	kind := n.get("kind")
	switch {
	case kind == nil:
		d.fail(n.at, "%s lacks the key \"kind\"; add it first: it says how the other keys are read", label)
	case kind.shape != text || kind.text == "":
		d.fail(n.keyPlace("kind"), `"kind" must be a name, not %s`, kind.shape)
	default:
		s.Kind = kind.text
	}
	checkReferences(d, n, skip)
}

// checkReferences complains about what only looks like a reference, before anybody resolves it.
func checkReferences(d *decoder, n *node, skip []string) {
	for _, e := range n.entries {
		if e.key == "unpack" && slices.Contains(skip, e.key) {
			continue // sections of their own, which complain themselves
		}
		walkTexts(e.value, func(t *node) {
			for _, complaint := range badReferences(t.text) {
				d.fail(t.at, "%s", complaint)
			}
		})
	}
}

func walkTexts(n *node, visit func(*node)) {
	if n.shape == text {
		visit(n)
	}
	for _, e := range n.entries {
		walkTexts(e.value, visit)
	}
	for _, item := range n.items {
		walkTexts(item, visit)
	}
}

// Decode fills the struct that into points to, strictly: an unknown key is a mistake with its
// place and the key that was probably meant. Keys that are absent keep the value they have.
// References are resolved here, into texts only; what they stand for is in no error and in no
// hash. All mistakes are returned together, as Errors.
func (s Section) Decode(into any) error {
	return s.decodeWith(into, s.reference)
}

// Check is Decode without the secrets: it finds every mistake in the keys and the types of the
// values, and looks at no variable and no file.
func (s Section) Check(into any) error {
	return s.decodeWith(into, func(d *decoder) func(string, place, string) (string, bool) {
		return func(string, place, string) (string, bool) { return "", false }
	})
}

func (s Section) decodeWith(into any, references func(*decoder) func(string, place, string) (string, bool)) error {
	to := reflect.ValueOf(into)
	if to.Kind() != reflect.Pointer || to.IsNil() || to.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("decoding section %q: the settings must be a pointer to a struct, not %T", s.Kind, into)
	}
	if s.node == nil {
		return fmt.Errorf("decoding section %q: it was not read from a file", s.Kind)
	}
	d := &decoder{file: s.from.file, sealed: s.from.sealed}
	d.references = references(d)
	d.decodeStruct(s.node, to.Elem(), s.node.at, fmt.Sprintf("%q", s.Kind), s.skip)
	return d.errs.ordered()
}

// Errorf is a mistake at the place of the section's kind, for a check that is made elsewhere.
func (s Section) Errorf(format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	if s.node == nil {
		return Errors{{File: "configuration", Message: message}}
	}
	at := s.node.at
	if kind := s.node.get("kind"); kind != nil {
		at = kind.at
	}
	return Errors{{File: s.from.file, Line: at.line, Column: at.column, Message: message}}
}

// Missing lists the references of the section that cannot be resolved now, as written. A caller
// that may do without secrets uses it to know that the settings are not complete.
func (s Section) Missing() []string {
	var missing []string
	if s.node == nil {
		return nil
	}
	walkTexts(s.node, func(n *node) {
		for _, m := range referenceRE.FindAllStringSubmatch(n.text, -1) {
			if _, complaint := s.from.lookup(m[1], m[2]); complaint != "" && !slices.Contains(missing, m[0]) {
				missing = append(missing, m[0])
			}
		}
	})
	return missing
}

// referenceRE finds ${env:NAME} and ${file:PATH}.
var referenceRE = regexp.MustCompile(`\$\{(env|file):([^}]*)\}`)

var envNameRE = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// badReferences complains about every ${ that is not a well-formed reference.
func badReferences(s string) (complaints []string) {
	rest := referenceRE.ReplaceAllStringFunc(s, func(ref string) string {
		m := referenceRE.FindStringSubmatch(ref)
		switch {
		case m[1] == "env" && !envNameRE.MatchString(m[2]):
			complaints = append(complaints, fmt.Sprintf("%s does not name an environment variable; write ${env:NAME} with letters, digits and _", ref))
		case m[1] == "file" && strings.TrimSpace(m[2]) == "":
			complaints = append(complaints, "${file:} names no file; write ${file:PATH}, relative to the project folder")
		}
		return ""
	})
	if strings.Contains(rest, "${") {
		complaints = append(complaints, "${ begins a reference that is not known; write ${env:NAME} or ${file:PATH}")
	}
	return complaints
}

// reference makes the function that resolves the references of one text.
func (s Section) reference(d *decoder) func(string, place, string) (string, bool) {
	return func(raw string, at place, label string) (string, bool) {
		ok, missing := true, false
		resolved := referenceRE.ReplaceAllStringFunc(raw, func(ref string) string {
			m := referenceRE.FindStringSubmatch(ref)
			found, complaint := s.from.lookup(m[1], m[2])
			if complaint == "" {
				return found
			}
			missing = true
			if !s.from.lax {
				d.fail(at, "%s needs %s", label, complaint)
				ok = false
			}
			return ref
		})
		if missing {
			return raw, ok
		}
		return resolved, ok
	}
}

const maxSecretBytes = 64 << 10

// lookup returns what a reference stands for, or why it stands for nothing. The complaint never
// holds a value.
func (o *origins) lookup(kind, name string) (found, complaint string) {
	if kind == "env" {
		found, set := o.env(name)
		switch {
		case !set:
			return "", fmt.Sprintf("the environment variable %s, which is not set; set it before starting lindung", name)
		case found == "":
			return "", fmt.Sprintf("the environment variable %s, which is empty; give it a value", name)
		}
		return found, ""
	}
	file := filepath.FromSlash(name)
	if !filepath.IsAbs(file) {
		file = filepath.Join(o.dir, file)
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return "", fmt.Sprintf("the file %s, which is not there or may not be read; create it, with the value as its only content", name)
	case !info.Mode().IsRegular() || info.Size() > maxSecretBytes:
		return "", fmt.Sprintf("the file %s, which is not a small plain file; put the value alone into it", name)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Sprintf("the file %s, which may not be read; give the account that runs lindung the right to", name)
	}
	found = strings.TrimRight(string(raw), "\r\n")
	if found == "" {
		return "", fmt.Sprintf("the file %s, which is empty; put the value into it", name)
	}
	return found, ""
}

// FormatRule says how the objects whose name matches are decoded. The first rule that matches wins.
type FormatRule struct {
	Match  string    // file pattern; empty matches everything
	Unpack []Section // what an object is packed in, the outermost layer first
	Section
}

func (r *FormatRule) decodeNode(d *decoder, n *node, label string) {
	r.keep(d, n, label, "kind", "match", "unpack")
	if m := n.get("match"); m != nil {
		d.decode(m, value{to: reflect.ValueOf(&r.Match).Elem(), field: field{like: "glob"}, label: `"match"`})
	}
	if u := n.get("unpack"); u != nil {
		d.decode(u, value{to: reflect.ValueOf(&r.Unpack).Elem(), field: field{need: true}, label: `"unpack"`})
	}
}

// Matches says whether the rule is for an object of this name. Capitals do not matter, because
// people name files. A pattern without / looks at the last part of the name only; in a pattern with
// it, ** stands for any number of folders, also none.
func (r FormatRule) Matches(name string) bool {
	if r.Match == "" {
		return true
	}
	pattern, name := strings.ToLower(r.Match), strings.ToLower(name)
	if !strings.Contains(pattern, "/") {
		name = path.Base(name)
	}
	return matchParts(strings.Split(pattern, "/"), strings.Split(name, "/"))
}

// matchParts holds a pattern against a name, folder by folder. reach[i] says that what was read of
// the pattern so far can stand for the first i parts of the name.
func matchParts(pattern, name []string) bool {
	reach := make([]bool, len(name)+1)
	reach[0] = true
	for _, p := range pattern {
		next := make([]bool, len(name)+1)
		for i := range reach {
			switch {
			case p == "**":
				next[i] = reach[i] || (i > 0 && next[i-1])
			case i > 0 && reach[i-1]:
				next[i], _ = path.Match(p, name[i-1])
			}
		}
		reach = next
	}
	return reach[len(name)]
}
