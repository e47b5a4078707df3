package lint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

var htmlMark = regexp.MustCompile(`(?i)<(?:!doctype html|html|table|p|div|body|h[1-6])[\s>]`)

func looksLikeHTML(text string) bool {
	return strings.HasPrefix(strings.TrimSpace(text), "<") && htmlMark.MatchString(text)
}

// Tags that end a paragraph, and tags whose text is not read: programs, and a raised digit,
// which marks a footnote and is none of the number before it.
var (
	blockTags  = strings.Fields("p div li ul ol h1 h2 h3 h4 h5 h6 section article header footer main td th tr table caption figcaption figure dt dd dl blockquote br hr body details summary nav aside")
	unreadTags = strings.Fields("script style template noscript svg head title sup pre code")
)

// mostSpan bounds colspan and rowspan, which are whatever a page says.
const mostSpan = 60

// mostColumns bounds a row; no table that people read has more.
const mostColumns = 500

// An htmlReader walks the tags in order, which keeps the line of each.
type htmlReader struct {
	doc   *Document
	line  int
	text  strings.Builder
	start int // line where the text began
	title string
	langs []tagLang
	skip  string // the unread tag we are in
	depth int    // how many of it
	heads bool   // inside a heading or caption
	table *Table
	row   *Row
	span  []int // per column of the open table: rows that a cell above still covers
	held  []string
	cell  *htmlCell
}

type tagLang struct{ tag, lang string }

type htmlCell struct {
	head               bool
	columns, rowsBelow int
}

func (d *Document) readHTML(text string) {
	r := &htmlReader{doc: d, line: 1}
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		lines := strings.Count(string(z.Raw()), "\n")
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			r.open(token, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			r.close(token.Data)
		case html.TextToken:
			r.say(token.Data)
		}
		r.line += lines
	}
	r.endTable()
	r.flush()
}

func (r *htmlReader) say(text string) {
	if r.skip != "" {
		return
	}
	if r.text.Len() == 0 && strings.TrimSpace(text) != "" {
		trimmed := strings.TrimLeft(text, " \t\n")
		r.start = r.line + strings.Count(text[:len(text)-len(trimmed)], "\n")
		text = trimmed
	}
	if r.text.Len() > 0 || strings.TrimSpace(text) != "" {
		r.text.WriteString(text)
	}
}

func (r *htmlReader) lang() string {
	if len(r.langs) == 0 {
		return ""
	}
	return r.langs[len(r.langs)-1].lang
}

func (r *htmlReader) open(t html.Token, selfClosing bool) {
	tag := t.Data
	if r.skip != "" || slices.Contains(unreadTags, tag) {
		if (r.skip == "" || r.skip == tag) && !selfClosing {
			r.skip = tag
			r.depth++
		}
		return
	}
	if slices.Contains(blockTags, tag) && r.cell == nil {
		r.flush()
	}
	for _, a := range t.Attr {
		if a.Key == "lang" && !selfClosing && tag != "td" && tag != "th" && tag != "tr" {
			r.langs = append(r.langs, tagLang{tag, strings.ToLower(a.Val)})
		}
	}
	switch tag {
	case "table":
		r.endTable()
		r.table = &Table{Title: r.title, Lang: r.lang()}
		r.span, r.held = nil, nil
	case "tr":
		r.endRow()
		if r.table != nil {
			r.row = &Row{Line: r.line, Head: true}
		}
	case "td", "th":
		r.endCell()
		if r.row != nil {
			r.cell = &htmlCell{head: tag == "th", columns: spanOf(t, "colspan"), rowsBelow: spanOf(t, "rowspan") - 1}
		}
	}
	r.heads = r.heads || tag == "caption" || tag == "figcaption" || len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'
	if r.cell != nil && tag == "br" {
		r.say(" ")
	}
}

func spanOf(t html.Token, name string) int {
	for _, a := range t.Attr {
		if n, err := strconv.Atoi(strings.TrimSpace(a.Val)); a.Key == name && err == nil {
			return min(max(n, 1), mostSpan)
		}
	}
	return 1
}

func (r *htmlReader) close(tag string) {
	if r.skip != "" {
		if tag == r.skip {
			if r.depth--; r.depth == 0 {
				r.skip = ""
			}
		}
		return
	}
	if n := len(r.langs); n > 0 && r.langs[n-1].tag == tag {
		defer func() { r.langs = r.langs[:n-1] }()
	}
	switch tag {
	case "td", "th":
		r.endCell()
	case "tr":
		r.endRow()
	case "table":
		r.endTable()
	default:
		if slices.Contains(blockTags, tag) && r.cell == nil {
			r.flush()
		}
	}
}

// flush ends a paragraph, a heading or a caption.
func (r *htmlReader) flush() {
	text := strings.TrimSpace(r.text.String())
	r.text.Reset()
	heading := r.heads
	r.heads = false
	if text == "" {
		return
	}
	if heading || tableCaption.MatchString(text) {
		r.title = strings.Join(strings.Fields(text), " ")
		if r.table != nil && len(r.table.Rows) == 0 {
			r.table.Title = r.title
		}
	}
	r.doc.Texts = append(r.doc.Texts, Text{Line: r.start, Lang: r.lang(), Heading: r.title, Text: headingNumber.ReplaceAllString(text, "")})
}

// endCell puts the open cell into the row: once for each column that it spans, and
// below for each row.
func (r *htmlReader) endCell() {
	if r.cell == nil || r.row == nil {
		r.cell = nil
		return
	}
	text := strings.Join(strings.Fields(r.text.String()), " ")
	r.text.Reset()
	r.fillHeld()
	for i := range r.cell.columns {
		if i > 0 && isCount(text) {
			text = "" // a number that spans columns is one number
		}
		at := len(r.row.Cells)
		if at >= mostColumns {
			break
		}
		for len(r.span) <= at {
			r.span, r.held = append(r.span, 0), append(r.held, "")
		}
		r.row.Cells = append(r.row.Cells, text)
		r.span[at], r.held[at] = r.cell.rowsBelow, text
		if isCount(text) {
			r.held[at] = ""
		}
		if r.cell.rowsBelow > 0 {
			r.span[at]++ // this row's own end takes one
		}
	}
	r.row.Head = r.row.Head && r.cell.head
	r.cell = nil
}

// fillHeld takes over what cells of rows above reach down to here.
func (r *htmlReader) fillHeld() {
	for at := len(r.row.Cells); at < len(r.span) && r.span[at] > 0; at = len(r.row.Cells) {
		r.row.Cells = append(r.row.Cells, r.held[at])
	}
}

func (r *htmlReader) endRow() {
	r.endCell()
	if r.row == nil || r.table == nil {
		return
	}
	r.fillHeld()
	for i := range r.span {
		r.span[i] = max(r.span[i]-1, 0)
	}
	if len(r.row.Cells) > 0 {
		r.table.Rows = append(r.table.Rows, *r.row)
	}
	r.row = nil
}

func (r *htmlReader) endTable() {
	r.endRow()
	if r.table != nil && len(r.table.Rows) > 0 {
		r.doc.Tables = append(r.doc.Tables, *r.table)
	}
	r.table = nil
	r.text.Reset()
}
