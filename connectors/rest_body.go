package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A bodyTemplate is a JSON question with placeholders for the parameters of a pull.
// It computes nothing: a parameter is put where its name stands, and what has no
// value (no window, no cursor yet) leaves with the member or element it stands in.
type bodyTemplate struct {
	tree  any
	names []string
}

// A bareValue is a placeholder outside quotes: its value goes in as a number.
type bareValue string

const bareMark = "\x00"

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

var placeholder = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_.\-]*)\}`)

// parseBody reads a template. Placeholders outside quotes are no JSON, so they are
// first written as texts that no JSON in a YAML file can hold.
func parseBody(text string, known []string) (*bodyTemplate, error) {
	decoder := json.NewDecoder(strings.NewReader(quoteBare(text)))
	decoder.UseNumber()
	t := &bodyTemplate{}
	if err := decoder.Decode(&t.tree); err != nil || decoder.More() {
		return nil, errors.New(`body: must be one JSON document, with placeholders such as "{from}" for texts and {page} for numbers`)
	}
	t.tree = t.markBare(t.tree)
	for _, name := range t.names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("body: {%s} is no parameter of this feed (there are: %s): name it under paging, since_param, window or query", name, strings.Join(known, ", "))
		}
	}
	return t, nil
}

func quoteBare(text string) string {
	var out bytes.Buffer
	inText := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"':
			inText = !inText
		case inText && c == '\\' && i+1 < len(text):
			out.WriteByte(c)
			i++
			c = text[i]
		case !inText && c == '{':
			if m := placeholder.FindStringSubmatch(text[i:]); m != nil && strings.HasPrefix(text[i:], m[0]) {
				fmt.Fprintf(&out, `"\u0000%s"`, m[1])
				i += len(m[0]) - 1
				continue
			}
		}
		out.WriteByte(c)
	}
	return out.String()
}

// markBare turns the stand-ins into what they stand for, and notes all names.
func (t *bodyTemplate) markBare(node any) any {
	switch node := node.(type) {
	case map[string]any:
		for name, value := range node {
			node[name] = t.markBare(value)
		}
	case []any:
		for i, value := range node {
			node[i] = t.markBare(value)
		}
	case string:
		if name, ok := strings.CutPrefix(node, bareMark); ok {
			t.names = append(t.names, name)
			return bareValue(name)
		}
		for _, m := range placeholder.FindAllStringSubmatch(node, -1) {
			t.names = append(t.names, m[1])
		}
	}
	return node
}

// fill writes the question. Parameters that the template names leave the query.
func (t *bodyTemplate) fill(query url.Values) (text string, err error) {
	tree, whole, err := fillNode(t.tree, query)
	if err != nil {
		return "", err
	}
	if !whole {
		tree = nil
	}
	body, err := json.Marshal(tree)
	for _, name := range t.names {
		query.Del(name)
	}
	return string(body), err
}

// fillNode fills in a part; whole is false when a value is missing in it.
func fillNode(node any, query url.Values) (filled any, whole bool, err error) {
	switch node := node.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range node {
			value, whole, err := fillNode(value, query)
			if err != nil {
				return nil, false, err
			}
			if whole {
				out[name] = value
			}
		}
		return out, true, nil
	case []any:
		out := []any{}
		for _, value := range node {
			value, whole, err := fillNode(value, query)
			if err != nil {
				return nil, false, err
			}
			if whole {
				out = append(out, value)
			}
		}
		return out, true, nil
	case bareValue:
		value := query.Get(string(node))
		if value != "" && !jsonNumber.MatchString(value) {
			return nil, false, fmt.Errorf("body: {%s} stands outside quotes and its value is no number: put it in quotes", string(node))
		}
		return json.Number(value), value != "", nil
	case string:
		whole = true
		text := placeholder.ReplaceAllStringFunc(node, func(m string) string {
			value := query.Get(m[1 : len(m)-1])
			whole = whole && value != ""
			return value
		})
		return text, whole, nil
	}
	return node, true, nil
}

// params are the names of all parameters that a pull may send.
func (s *REST) params() []string {
	names := []string{s.sinceParam(), s.Window.FromParam, s.Window.ToParam, s.Paging.Param, s.Paging.SizeParam, s.Paging.AfterKeyParam}
	for name := range s.Query {
		names = append(names, name)
	}
	if base, err := url.Parse(s.URL); err == nil {
		for name := range base.Query() {
			names = append(names, name)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	slices.Sort(names)
	return slices.Compact(names)
}

// checkBody reads the template of the settings.
func (s *REST) checkBody() (*bodyTemplate, error) {
	if s.Body == "" {
		return nil, nil
	}
	if s.Method != http.MethodPost {
		return nil, errors.New("body: goes with method: POST")
	}
	return parseBody(s.Body, s.params())
}
