package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/kp2mi/lindung/reports/document"
)

// The elements that have no end, in HTML.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

var headings = []string{"h1", "h2", "h3", "h4"}

// An element is one that is open where the page is being read.
type element struct {
	name, lang string
	number     *Number // being read, where the element is one
	text       *strings.Builder
}

// pageReader reads a page from its beginning to its end, so that it can say in which line a
// number stands.
type pageReader struct {
	report  *Report
	open    []element
	line    int
	heading map[string]string // the newest, by language
	reading int               // open elements whose text is wanted; cells whose end is left out stay open for long
}

func readHTML(content []byte) (*Report, error) {
	content, err := document.UnpackReferences(content)
	if err != nil {
		return nil, err
	}
	p := &pageReader{report: &Report{Meta: map[string]string{}}, line: 1, heading: map[string]string{}}
	z := html.NewTokenizer(bytes.NewReader(content))
	for {
		kind := z.Next()
		lines := bytes.Count(z.Raw(), []byte("\n"))
		switch kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("line %d: %w", p.line, err)
			}
			return p.report, nil
		case html.TextToken:
			p.say(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			p.begin(token)
			if kind == html.SelfClosingTagToken || slices.Contains(void, token.Data) {
				p.end(token.Data)
			}
		case html.EndTagToken:
			p.end(z.Token().Data)
		}
		p.line += lines
	}
}

// say adds text to every open element that is being read. A mark beside a number is no part of it.
func (p *pageReader) say(text string) {
	if p.reading == 0 {
		return
	}
	marked := slices.ContainsFunc(p.open, func(e element) bool { return e.name == "i" })
	for _, e := range p.open {
		if e.text != nil && (e.number == nil || !marked) {
			e.text.WriteString(text)
		}
	}
}

// ended are the elements that the beginning of another ends where their own ends are left out.
var ended = map[string][]string{"td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}}

func (p *pageReader) begin(t html.Token) {
	for _, name := range ended[t.Data] {
		p.end(name)
	}
	e := element{name: t.Data}
	if n := len(p.open); n > 0 {
		e.lang = p.open[n-1].lang
	}
	at := map[string]string{}
	for _, a := range t.Attr {
		at[a.Key] = a.Val
	}
	if lang := at["lang"]; lang != "" {
		e.lang = lang
	}
	if t.Data == "meta" && strings.HasPrefix(at["name"], "lindung-") {
		p.report.Meta[at["name"]] = at["content"]
	}
	ref, referenced := referenceOf(at)
	if referenced || slices.Contains(strings.Fields(at["class"]), "n") {
		e.number = &Number{Place: p.place(e.lang), Lang: e.lang, Ref: ref, Bare: !referenced}
	}
	if e.number != nil || slices.Contains(headings, t.Data) {
		e.text = &strings.Builder{}
		p.reading++
	}
	p.open = append(p.open, e)
}

// end closes the innermost element of a name, and what was left open within it.
func (p *pageReader) end(name string) {
	at := -1
	for i, e := range p.open {
		if e.name == name {
			at = i
		}
	}
	if at < 0 {
		return // an end without a beginning
	}
	for _, e := range p.open[at:] {
		if e.text != nil {
			p.reading--
		}
		switch {
		case e.number != nil:
			e.number.Text = strings.TrimSpace(e.text.String())
			if e.number.Bare && (e.number.Text == "" || slices.Contains(marks, e.number.Text)) {
				break // a mark alone says that there is no number
			}
			p.report.Numbers = append(p.report.Numbers, *e.number)
		case e.text != nil:
			p.heading[e.lang] = strings.Join(strings.Fields(e.text.String()), " ")
		}
	}
	p.open = p.open[:at]
}

func (p *pageReader) place(lang string) string {
	text := fmt.Sprintf("line %d (%s", p.line, lang)
	if h := p.heading[lang]; h != "" {
		text += ", " + h
	}
	return text + ")"
}

// referenceOf reads the attributes that [document.Reference.Attributes] writes.
func referenceOf(at map[string]string) (ref document.Reference, referenced bool) {
	ref = document.Reference{Op: at["data-op"], Figure: at["data-figure"], Target: at["data-target"]}
	if count, counted := at["data-count"]; counted {
		ref.Figure = count
		if ref.Op == "" {
			ref.Op = document.OpCount
		}
	}
	if ref.Op == "" {
		ref.Op = document.OpValue
	}
	if bases := strings.Fields(at["data-base"]); len(bases) > 0 {
		ref.Bases = bases
	}
	if against := strings.Fields(at["data-against"]); len(against) > 0 {
		ref.Against = against
	}
	_, ref.Unsigned = at["data-unsigned"]
	return ref, ref.Figure != "" || len(ref.Bases) > 0 || len(ref.Against) > 0 || ref.Target != ""
}
