package connectors

import "strings"

// nextLink finds the target of the link with the relation "next" in the values
// of Link headers (RFC 8288), "" when there is none.
func nextLink(headers []string) string {
	for _, rest := range headers {
		for {
			open := strings.IndexByte(rest, '<')
			if open < 0 {
				break
			}
			target, after, ok := strings.Cut(rest[open+1:], ">")
			if !ok {
				break
			}
			var rel string
			rel, rest = linkRelation(after)
			for word := range strings.FieldsSeq(rel) {
				if strings.EqualFold(word, "next") {
					return strings.TrimSpace(target)
				}
			}
		}
	}
	return ""
}

// linkRelation reads the parameters of one link up to the comma that ends it and
// returns the value of the first rel among them.
func linkRelation(s string) (rel, rest string) {
	found := false
	for {
		s = strings.TrimLeft(s, " \t;")
		if s == "" || s[0] == ',' {
			return rel, s
		}
		end := strings.IndexAny(s, "=;,")
		if end < 0 {
			return rel, ""
		}
		name, value := strings.TrimSpace(s[:end]), ""
		if s[end] == '=' {
			value, s = linkValue(strings.TrimLeft(s[end+1:], " \t"))
		} else {
			s = s[end:]
		}
		if !found && strings.EqualFold(name, "rel") {
			rel, found = value, true
		}
	}
}

// linkValue reads a parameter's value, quoted or not.
func linkValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		return strings.TrimSpace(s[:end]), s[end:]
	}
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return out.String(), s[i+1:]
		case '\\':
			if i++; i < len(s) {
				out.WriteByte(s[i])
			}
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String(), ""
}
