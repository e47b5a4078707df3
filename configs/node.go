package configs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// shape is what a YAML value is before anybody has asked for a type.
type shape int

const (
	null shape = iota
	text
	integer
	number
	boolean
	list
	mapping
)

var shapeNames = [...]string{"nothing", "a text", "a whole number", "a number", "true or false", "a list", "a mapping"}

func (s shape) String() string { return shapeNames[s] }

// place is a position inside one file.
type place struct{ line, column int }

// node is a YAML value with its place. Scalars keep the text they were written with, so that
// 01 stays 01 where a text is wanted.
type node struct {
	shape   shape
	text    string
	items   []*node
	entries []entry
	at      place
	broken  bool // a mistake is reported already; nothing more is said about it
}

// entry is one key of a mapping. at is the place of the key.
type entry struct {
	key   string
	at    place
	value *node
}

// what says in a message what stands where something else was wanted.
func (n *node) what() string {
	switch n.shape {
	case integer, number, boolean:
		return n.text
	}
	return n.shape.String()
}

// get returns the value of a key, or nil.
func (n *node) get(key string) *node {
	for _, e := range n.entries {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// keyPlace returns where a key stands, or where the mapping begins when the key is not there.
func (n *node) keyPlace(key string) place {
	for _, e := range n.entries {
		if e.key == key {
			return e.at
		}
	}
	return n.at
}

const (
	maxFileBytes = 1 << 20 // a source file is a page or two
	maxNesting   = 200     // the parser's cost grows with the square of the nesting
)

// parseYAML reads one file into a node. It returns nil for a file without content. Whatever YAML
// offers beyond mappings, lists and scalars is refused: what stands in a file is what it means.
func parseYAML(file string, data []byte) (root *node, errs Errors) {
	fail := func(p place, format string, args ...any) {
		errs = append(errs, Error{File: file, Line: p.line, Column: p.column, Message: fmt.Sprintf(format, args...)})
	}
	if len(data) > maxFileBytes {
		fail(place{}, "the file has %d bytes, more than %d; split it", len(data), maxFileBytes)
		return nil, errs
	}
	if line := tooDeep(data); line > 0 {
		fail(place{line, 1}, "the nesting is deeper than %d; write it flatter", maxNesting)
		return nil, errs
	}
	// The parser is not ours: whatever it does with a hostile file, the answer is an error.
	defer func() {
		if r := recover(); r != nil {
			root, errs = nil, Errors{{File: file, Message: "this is not YAML that can be read; compare it with the example that lindung init writes"}}
		}
	}()
	parsed, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Errors{syntaxError(file, data, err)}
	}
	c := &converter{file: file}
	for _, doc := range parsed.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if root != nil {
			c.fail((&converter{}).convert(doc.Body, 0).at, "a second document begins here; keep one document per file")
			break
		}
		root = c.convert(doc.Body, 0)
	}
	return root, c.errs
}

// tooDeep returns the line on which the nesting becomes hopeless, or 0. It is a rough count made
// before parsing: brackets that are not closed, and dashes in a row.
func tooDeep(data []byte) int {
	open, number := 0, 0
	for line := range bytes.Lines(data) {
		number++
		if bytes.Count(line, []byte("- ")) > maxNesting && bytes.Contains(line, bytes.Repeat([]byte("- "), maxNesting)) {
			return number
		}
		if trimmed := bytes.TrimSpace(line); len(trimmed) > 0 && trimmed[0] == '#' {
			continue
		}
		open += bytes.Count(line, []byte("[")) + bytes.Count(line, []byte("{"))
		open = max(0, open-bytes.Count(line, []byte("]"))-bytes.Count(line, []byte("}")))
		if open > maxNesting || bytes.Count(line, []byte("[")) > 4*maxNesting || bytes.Count(line, []byte("{")) > 4*maxNesting {
			return number
		}
	}
	return 0
}

func syntaxError(file string, data []byte, err error) Error {
	e := Error{File: file, Message: "YAML: " + strings.TrimSpace(err.Error())}
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		return e
	}
	e.Message = "YAML: " + syntax.GetMessage()
	p := position(syntax.GetToken())
	e.Line, e.Column = p.line, p.column
	lines := bytes.Split(data, []byte("\n"))
	if p.line < 1 || p.line > len(lines) {
		return e
	}
	switch line := lines[p.line-1]; {
	case bytes.Contains(line, []byte("${")):
		e.Message += "; inside { } and [ ] put a reference in quotes: \"${env:NAME}\""
	case bytes.Contains(line, []byte("\t")):
		e.Message += "; indent with spaces, not with tabs"
	default:
		e.Message += "; a text that holds : # { [ @ or a quote goes between quotes"
	}
	return e
}

func position(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, t.Position.Column}
}

// converter turns the parser's tree into ours.
type converter struct {
	file string
	errs Errors
}

func (c *converter) fail(p place, format string, args ...any) {
	c.errs = append(c.errs, Error{File: c.file, Line: p.line, Column: p.column, Message: fmt.Sprintf(format, args...)})
}

func (c *converter) convert(n ast.Node, depth int) *node {
	if n == nil {
		return &node{}
	}
	out := &node{at: position(n.GetToken())}
	if depth > maxNesting {
		c.fail(out.at, "the nesting is deeper than %d; write it flatter", maxNesting)
		return out
	}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.StringNode:
		out.shape, out.text = text, n.Value
	case *ast.LiteralNode:
		out.shape, out.text = text, n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode, *ast.BoolNode:
		out.shape, out.text = scalarShape(n), n.GetToken().Value
	case *ast.SequenceNode:
		out.shape = list
		for _, v := range n.Values {
			out.items = append(out.items, c.convert(v, depth+1))
		}
	case *ast.MappingNode:
		c.mapping(out, n.Values, depth)
		if n.IsFlowStyle {
			out.at = position(n.Start)
		}
	case *ast.MappingValueNode:
		c.mapping(out, []*ast.MappingValueNode{n}, depth)
	case *ast.AnchorNode, *ast.AliasNode:
		out.broken = true
		c.fail(out.at, "anchors and aliases are not used here; write the value out")
	case *ast.TagNode:
		out.broken = true
		c.fail(out.at, "tags are not used here; take %s out", n.Start.Value)
	case *ast.DirectiveNode:
		out.broken = true
		c.fail(out.at, "directives are not used here; take the line out")
	default:
		out.broken = true
		c.fail(out.at, "this kind of YAML is not used here; write mappings, lists, texts and numbers")
	}
	return out
}

func scalarShape(n ast.Node) shape {
	switch n.Type() {
	case ast.IntegerType:
		return integer
	case ast.BoolType:
		return boolean
	default:
		return number
	}
}

func (c *converter) mapping(out *node, values []*ast.MappingValueNode, depth int) {
	out.shape = mapping
	first := map[string]place{}
	for _, v := range values {
		at := position(v.Key.GetToken())
		var key string
		switch k := v.Key.(type) {
		case *ast.StringNode:
			key = k.Value
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
			key = k.GetToken().Value
		default:
			c.fail(at, "a key must be a plain text or number, without anchors, merges or tags; write it out")
			continue
		}
		if p, seen := first[key]; seen {
			c.fail(at, "key %q appears twice, first on line %d; keep one", key, p.line)
			continue
		}
		first[key] = at
		out.entries = append(out.entries, entry{key: key, at: at, value: c.convert(v.Value, depth+1)})
	}
	if len(out.entries) > 0 {
		out.at = out.entries[0].at
	}
}

// canonical writes a value so that two files that mean the same give the same bytes: keys sorted,
// no comments, no layout. A reference to a secret is written as the reference.
func (n *node) canonical(b *bytes.Buffer) {
	switch n.shape {
	case mapping:
		b.WriteByte('{')
		values := map[string]*node{}
		for _, e := range n.entries {
			values[e.key] = e.value
		}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			fmt.Fprintf(b, "%q:", key)
			values[key].canonical(b)
			b.WriteByte(',')
		}
		b.WriteByte('}')
	case list:
		b.WriteByte('[')
		for _, item := range n.items {
			item.canonical(b)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	case text:
		fmt.Fprintf(b, "%q", n.text)
	default:
		b.WriteString(n.shape.String() + " " + n.text)
	}
}

// hash is the SHA-256 of the canonical form.
func (n *node) hash() string {
	var b bytes.Buffer
	n.canonical(&b)
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}
