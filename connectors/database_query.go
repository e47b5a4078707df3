package connectors

import (
	"errors"
	"fmt"
	"strings"
)

// A dialect is what differs between databases in the text of a query.
type dialect struct {
	kind    string
	schemes []string // of addresses
	port    int

	quote     byte   // around names
	numbered  bool   // parameters are $1, $2, …, and ? is an operator; else ?
	backslash bool   // escapes within texts, "…" is a text, # begins a comment
	earliest  string // :from without a window
	latest    string // :to without a window
	instant   string // Go layout of a window's limits
	list      func(c tableColumn, name string) string
	bound     func(c tableColumn, parameter string) (string, error)
	isTime    func(tableColumn) bool
	word      func(error) *meaning // nil: not an answer of the server
}

// A meaning is what an error means in words for people, and whether it means that
// the source is unavailable.
type meaning struct {
	err         error
	unavailable bool
}

// A tableColumn is a column of a query's result.
type tableColumn struct{ name, kind string }

// name quotes one name.
func (d *dialect) name(name string) string {
	q := string(d.quote)
	return q + strings.ReplaceAll(name, q, q+q) + q
}

// tableName quotes the name of a table with up to two qualifiers.
func (d *dialect) tableName(table string) (string, error) {
	parts := strings.Split(table, ".")
	for i, part := range parts {
		if part == "" || len(parts) > 3 || strings.ContainsAny(part, "\x00\n\"`'();") {
			return "", fmt.Errorf("%q is no name of a table: write name or schema.name, without quotes", table)
		}
		parts[i] = d.name(part)
	}
	return strings.Join(parts, "."), nil
}

// parameterNames are what a query may name.
var parameterNames = map[string]bool{"since": true, "after_key": true, "from": true, "to": true}

// A query is a SELECT, parted at its parameters.
type query struct{ pieces []queryPiece }

type queryPiece struct {
	text  string
	param string // stands after text
}

func (q query) params() map[string]bool {
	used := map[string]bool{}
	for _, piece := range q.pieces {
		used[piece.param] = true
	}
	delete(used, "")
	return used
}

// A statement is a query ready to be sent: its text, and the values of its
// parameters, nil for NULL.
type statement struct {
	text  strings.Builder
	args  []*string
	nums  map[string]string
	cells bool // its reader asks for single values
}

// bind adds a value under a name and returns what stands for it in the text. A
// numbered parameter is sent once, however often it is used.
func (s *statement) bind(d *dialect, name string, value *string) string {
	if !d.numbered {
		s.args = append(s.args, value)
		return "?"
	}
	if s.nums == nil {
		s.nums = map[string]string{}
	}
	if s.nums[name] == "" {
		s.args = append(s.args, value)
		s.nums[name] = fmt.Sprintf("$%d", len(s.args))
	}
	return s.nums[name]
}

func (s *statement) add(d *dialect, q query, values map[string]*string) {
	for _, piece := range q.pieces {
		s.text.WriteString(piece.text)
		if piece.param != "" {
			s.text.WriteString(s.bind(d, piece.param, values[piece.param]))
		}
	}
}

// parse finds the parameters of a query, outside texts, names and comments. It
// refuses what would make the query more than one SELECT once it stands within
// ours: a semicolon, and parentheses that do not pair.
func (d *dialect) parse(text string) (query, error) {
	text = strings.TrimRight(text, "; \t\r\n")
	var q query
	from, depth := 0, 0
	for i := 0; i < len(text); {
		if end, err := d.skip(text, i); err != nil {
			return q, err
		} else if end > i {
			i = end
			continue
		}
		switch c := text[i]; {
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return q, errors.New("a parenthesis is closed that was not opened")
			}
		case c == ';':
			return q, errors.New("it is more than one statement: leave one SELECT")
		case c == '?' && !d.numbered, c == '$' && d.numbered && i+1 < len(text) && isDigit(text[i+1]):
			return q, errors.New("parameters have names: write :since, :after_key, :from or :to")
		case c == ':' && i+1 < len(text) && text[i+1] == ':':
			i++ // a cast
		case c == ':' && i+1 < len(text) && isLetter(text[i+1]):
			end := i + 1
			for end < len(text) && (isLetter(text[end]) || isDigit(text[end])) {
				end++
			}
			name := text[i+1 : end]
			if !parameterNames[name] {
				return q, fmt.Errorf("the parameter :%s is not known (known: :since, :after_key, :from, :to)", name)
			}
			q.pieces = append(q.pieces, queryPiece{text[from:i], name})
			from, i = end, end
			continue
		}
		i++
	}
	if depth > 0 {
		return q, errors.New("a parenthesis is opened and not closed")
	}
	q.pieces = append(q.pieces, queryPiece{text: text[from:]})
	return q, nil
}

// skip returns the end of the text, quoted name or comment that begins at i, or i.
func (d *dialect) skip(s string, i int) (int, error) {
	rest := s[i:]
	switch c := s[i]; {
	case c == '\'' || c == '"' || c == '`' && d.quote == '`':
		escapes := d.backslash && c != '`' || c == '\'' && i > 0 && (s[i-1] == 'E' || s[i-1] == 'e')
		for j := i + 1; j < len(s); j++ {
			if escapes && s[j] == '\\' {
				j++
			} else if s[j] == c {
				return j + 1, nil // a doubled quote begins the next text, with the same effect
			}
		}
		return 0, fmt.Errorf("a %c is opened and not closed", c)
	case strings.HasPrefix(rest, "--") && (!d.backslash || len(rest) == 2 || rest[2] <= ' '), c == '#' && d.backslash:
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			return i + end, nil
		}
		return len(s), nil
	case strings.HasPrefix(rest, "/*"):
		return d.skipComment(s, i)
	case c == '$' && d.numbered && (i == 0 || !isLetter(s[i-1]) && !isDigit(s[i-1])):
		end := 1
		for end < len(rest) && (isLetter(rest[end]) || end > 1 && isDigit(rest[end])) {
			end++
		}
		if end >= len(rest) || rest[end] != '$' {
			return i, nil
		}
		tag := rest[:end+1]
		close := strings.Index(rest[len(tag):], tag)
		if close < 0 {
			return 0, fmt.Errorf("a %s is opened and not closed", tag)
		}
		return i + 2*len(tag) + close, nil
	}
	return i, nil
}

func (d *dialect) skipComment(s string, i int) (int, error) {
	if d.backslash && len(s) > i+2 && (s[i+2] == '!' || s[i+2] == 'M') {
		return 0, errors.New("comments that the server would carry out (/*! and /*M) are refused")
	}
	depth := 1
	for j := i + 2; j+1 < len(s); j++ {
		switch s[j : j+2] {
		case "*/":
			if depth--; depth == 0 {
				return j + 2, nil
			}
			j++
		case "/*":
			if !d.backslash { // they nest in standard SQL only
				depth++
				j++
			}
		}
	}
	return 0, errors.New("a comment is opened and not closed")
}

func isLetter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
