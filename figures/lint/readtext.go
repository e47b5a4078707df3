package lint

import (
	"regexp"
	"strings"
)

var (
	markdownRule   = regexp.MustCompile(`^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$`)
	markdownHead   = regexp.MustCompile(`^\s{0,3}#{1,6}\s+(.*?)\s*#*$`)
	markdownItem   = regexp.MustCompile(`^\s*(?:[-*+•]|\d{1,2}[.)])\s+`)
	tableCaption   = regexp.MustCompile(`(?i)^\**(?:tabel|table|gambar|figure)\s+[\dIVX]`)
	headingNumber  = regexp.MustCompile(`^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+`)
	escapedBar     = strings.NewReplacer(`\|`, "\x01")
	unescapedBar   = strings.NewReplacer("\x01", "|")
	markdownLinkTo = regexp.MustCompile(`\]\([^)\s]*\)|https?://\S+`)
)

// readMarkdown reads pipe tables and paragraphs; plain text is Markdown without marks.
// The last heading or caption before a table is its title.
func (d *Document) readMarkdown(text string) {
	lines := strings.Split(text, "\n")
	var paragraph []string
	title, heading, start, fenced := "", "", 0, false
	flush := func() {
		if len(paragraph) > 0 {
			d.Texts = append(d.Texts, Text{Line: start, Heading: heading, Text: strings.Join(paragraph, "\n")})
			if whole := strings.Join(paragraph, " "); tableCaption.MatchString(whole) {
				title = strings.Trim(whole, "* ")
			}
		}
		paragraph = nil
	}
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			flush()
			fenced = !fenced
			continue
		}
		if fenced {
			continue
		}
		if i+1 < len(lines) && strings.Contains(line, "|") && strings.Contains(lines[i+1], "|") && markdownRule.MatchString(lines[i+1]) {
			flush()
			end := i + 2
			for end < len(lines) && strings.Contains(lines[end], "|") {
				end++
			}
			d.Tables = append(d.Tables, markdownTable(title, lines[i:end], i+1))
			i, title = end-1, ""
			continue
		}
		if m := markdownHead.FindStringSubmatch(line); m != nil {
			flush()
			title, heading = m[1], m[1]
			d.Texts = append(d.Texts, Text{Line: i + 1, Heading: heading, Text: headingNumber.ReplaceAllString(m[1], "")})
			continue
		}
		if strings.TrimSpace(line) == "" || markdownItem.MatchString(line) {
			flush()
		}
		if strings.TrimSpace(line) != "" {
			if len(paragraph) == 0 {
				start = i + 1
			}
			paragraph = append(paragraph, markdownLinkTo.ReplaceAllString(markdownItem.ReplaceAllString(line, ""), ""))
		}
	}
	flush()
}

func markdownTable(title string, lines []string, first int) Table {
	t := Table{Title: title}
	for i, line := range lines {
		if i == 1 {
			continue
		}
		line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(escapedBar.Replace(line)), "|"), "|")
		cells := strings.Split(line, "|")
		for c := range cells {
			cells[c] = strings.TrimSpace(decoration.Replace(unescapedBar.Replace(cells[c])))
		}
		t.Rows = append(t.Rows, Row{Line: first + i, Head: i == 0, Cells: cells})
	}
	return t
}
