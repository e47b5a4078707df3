package formats

import (
	"fmt"
	"slices"
	"strings"
)

// cells appends to b what a cell of the file says: itself, a code and its label, or
// one text for each language. The problem, if there is one, holds no value.
func (c *sdmxColumn) cells(text string, b *builder) (problem string) {
	switch {
	case len(c.languages) > 0:
		values, ok := c.byLanguage(text)
		for _, value := range values {
			b.cell(value)
		}
		if !ok {
			return fmt.Sprintf("cell %d holds a text in none of its languages (%s), or too many texts", c.from+1, strings.Join(c.languages, ", "))
		}
	case c.labelled:
		values := c.split(text)
		labels := make([]string, len(values))
		for i, value := range values {
			// A code has no spaces: "See below: …" is a text.
			if code, label, ok := strings.Cut(value, ": "); ok && !strings.ContainsAny(code, " \t\n") {
				values[i], labels[i] = code, label
			}
		}
		b.cell([]byte(strings.Join(values, c.between())))
		b.cell([]byte(strings.Join(labels, c.between())))
	default:
		b.cell([]byte(text))
	}
	return ""
}

// sdmxMaxTexts bounds the values of a cell in several languages, each of which is
// written once for every language.
const sdmxMaxTexts = 256

// byLanguage gives the text of each language. A cell of several values has a text of
// each language in each: "en:a;fr:b";"en:c". Their order is kept, with nothing where
// a value is not in a language.
func (c *sdmxColumn) byLanguage(text string) (values [][]byte, ok bool) {
	values = make([][]byte, len(c.languages))
	if text == "" {
		return values, true
	}
	groups := []string{text}
	if strings.HasPrefix(text, `"`) {
		groups = c.split(text)
	}
	ok = len(groups) <= sdmxMaxTexts
	for i, group := range groups[:min(len(groups), sdmxMaxTexts)] {
		for k := range values {
			if i > 0 {
				values[k] = append(values[k], c.separator)
			}
		}
		for _, value := range c.split(group) {
			language, written, found := strings.Cut(value, ":")
			k := slices.Index(c.languages, language)
			if !found || k < 0 {
				ok = false
				continue
			}
			values[k] = append(values[k], written...)
		}
	}
	return values, ok
}

// split parts the values of a cell. A value in double quotes, doubled inside it, may
// hold the separator.
func (c *sdmxColumn) split(text string) (values []string) {
	if c.separator == 0 {
		return []string{text}
	}
	if !strings.Contains(text, `"`) {
		return strings.Split(text, c.between())
	}
	for {
		value, rest, more := c.next(text)
		values = append(values, value)
		if !more {
			return values
		}
		text = rest
	}
}

// next cuts the first value off.
func (c *sdmxColumn) next(text string) (value, rest string, more bool) {
	if strings.HasPrefix(text, `"`) {
		for i := 1; i < len(text); i++ {
			if text[i] != '"' {
				continue
			}
			if i+1 < len(text) && text[i+1] == '"' {
				i++
				continue
			}
			if i+1 < len(text) && text[i+1] != c.separator {
				break // the quotes are part of the text
			}
			value = strings.ReplaceAll(text[1:i], `""`, `"`)
			return value, text[min(i+2, len(text)):], i+1 < len(text)
		}
	}
	return strings.Cut(text, c.between())
}

func (c *sdmxColumn) between() string { return string(rune(c.separator)) }
