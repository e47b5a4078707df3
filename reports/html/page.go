package html

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// A page is one document being written: an article of the file.
type page struct {
	b                 bytes.Buffer
	doc               *document.Document
	words             *words
	paper             bool
	ids               map[string]bool // anchors that were written
	links             []string        // anchors that were referred to
	figures, drawings int
	section           *document.Section // the one being written
	annex             []annexed         // paper: what goes to its end
	shared            *programTexts     // of all languages; nil: this is the only one
}

// An annexed thing stands in the annex of a printed report.
type annexed struct {
	section, title string
	from           string // anchor of where it was taken from; empty: nowhere
	blocks         []document.Block
}

func (p *page) article() error {
	d := p.doc
	fmt.Fprintf(&p.b, "<article lang=\"%s\" class=\"%s\" aria-labelledby=\"%s\">\n", d.Lang, p.class(), p.anchor("title"))
	p.ids["title"] = true
	p.masthead()
	if !p.paper {
		p.contents()
	}
	p.b.WriteString(`<div class="sections">` + "\n")
	if err := p.sections(); err != nil {
		return err
	}
	if err := p.writeAnnex(); err != nil {
		return err
	}
	p.colophon()
	p.b.WriteString("</div>\n</article>\n")
	for _, link := range p.links {
		if !p.ids[link] {
			return fmt.Errorf("there is a link to %q, and nothing has that ID", link)
		}
	}
	return nil
}

func (p *page) class() string {
	if p.paper {
		return "paper"
	}
	return "screen"
}

// anchor is an ID of the document within the file, where each language has its own.
func (p *page) anchor(id string) string { return p.doc.Lang + "-" + id }

// id gives the attribute for an anchor, and refuses one that is taken or no anchor.
func (p *page) id(id string) (string, error) {
	switch {
	case id == "" || strings.ContainsAny(id, " \t\n\"<>&"):
		return "", fmt.Errorf("%q cannot be an ID; it needs a name without spaces, quotes and angle brackets", id)
	case p.ids[id]:
		return "", fmt.Errorf("two things have the ID %q; it must be unique within a document", id)
	}
	p.ids[id] = true
	return fmt.Sprintf(` id="%s"`, p.anchor(id)), nil
}

// masthead says what this is, of what state, from where.
func (p *page) masthead() {
	d, w := p.doc, p.words
	p.b.WriteString("<header class=\"masthead\">\n")
	if d.Sample != "" && !p.paper { // browsers that print no text in the margins show it here
		fmt.Fprintf(&p.b, "<p class=\"sample print-only\">%s</p>\n", html.EscapeString(d.Sample))
	}
	fmt.Fprintf(&p.b, "<p class=\"publisher\">%s</p>\n<h1 id=\"%s\">%s</h1>\n<ul class=\"state\">\n",
		html.EscapeString(d.Publisher), p.anchor("title"), html.EscapeString(d.Title))
	item := func(name, value string) {
		fmt.Fprintf(&p.b, "<li>%s <b>%s</b></li>\n", name, value)
	}
	if d.Status != "" {
		item(w.status, html.EscapeString(d.Status))
	}
	if !d.Release.AsOf.IsZero() {
		item(w.asOf, w.day(d.Release.AsOf))
	}
	if !d.Release.Published.IsZero() {
		item(w.published, w.day(d.Release.Published))
	}
	item(w.release, html.EscapeString(d.Release.ID))
	p.b.WriteString("</ul>\n</header>\n")
}

// contents lists the parts of the report, and below each what belongs to it.
func (p *page) contents() {
	fmt.Fprintf(&p.b, "<nav class=\"contents\" aria-label=\"%[1]s\">\n<p class=\"contents-title\">%[1]s</p>\n<ul>\n", p.words.contents)
	sections := p.doc.Sections
	for i := 0; i < len(sections); {
		end := i + 1
		for end < len(sections) && sections[end].Level == 2 {
			end++
		}
		p.b.WriteString("<li>")
		p.entry(sections[i])
		if end > i+1 {
			fmt.Fprintf(&p.b, "<details><summary><span class=\"hidden\">%s: </span>%d</summary>\n<ul>\n", html.EscapeString(sections[i].Title.String()), end-i-1)
			for _, s := range sections[i+1 : end] {
				p.b.WriteString("<li>")
				p.entry(s)
				p.b.WriteString("</li>\n")
			}
			p.b.WriteString("</ul></details>")
		}
		p.b.WriteString("</li>\n")
		i = end
	}
	p.b.WriteString("</ul>\n</nav>\n")
}

func (p *page) entry(s document.Section) {
	fmt.Fprintf(&p.b, `<a href="#%s">%s</a>`, html.EscapeString(p.anchor(s.ID)), html.EscapeString(s.Title.String()))
}

func (p *page) sections() error {
	depth := 0
	for i := range p.doc.Sections {
		s := &p.doc.Sections[i]
		if s.Level != 1 && s.Level != 2 || s.Level == 2 && depth == 0 {
			return fmt.Errorf("section %q has the level %d; want 1, or 2 after a section of level 1", s.ID, s.Level)
		}
		for ; depth >= s.Level; depth-- {
			p.b.WriteString("</section>\n")
		}
		depth = s.Level
		class := ""
		if s.NewPage && i > 0 { // the first has the title above it
			class = ` class="new-page"`
		}
		if err := p.open(s, class); err != nil {
			return fmt.Errorf("section %q: %w", s.ID, err)
		}
	}
	for ; depth > 0; depth-- {
		p.b.WriteString("</section>\n")
	}
	return nil
}

// open writes a section but for its end: those that belong to it stand within it.
func (p *page) open(s *document.Section, class string) error {
	p.section = s
	id, err := p.id(s.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(&p.b, "<section%s>\n", class)
	kept := keptTogether(s.Blocks)
	if kept > 0 {
		class := "keep"
		if _, words := s.Blocks[kept-1].(*document.Paragraph); words && kept < len(s.Blocks) {
			class = "keep lead" // words that lead to a table or cards
		}
		fmt.Fprintf(&p.b, "<div class=\"%s\">\n", class)
	}
	fmt.Fprintf(&p.b, "<h%d%s>", s.Level+1, id)
	p.phrase(s.Title)
	fmt.Fprintf(&p.b, "</h%d>\n", s.Level+1)
	for i, block := range s.Blocks {
		if err := p.block(block); err != nil {
			return err
		}
		if i+1 == kept {
			p.b.WriteString("</div>\n")
		}
	}
	return nil
}

// keptTogether is how many of a section's first blocks stand on one sheet with its heading:
// down to its first chart or list, so that no heading is stranded at the foot of a page. Tables
// and cards may be longer than a sheet; their headings are kept by the style sheet.
func keptTogether(blocks []document.Block) int {
	for i, b := range blocks {
		switch b.(type) {
		case *document.Paragraph:
			continue
		case *document.Chart, *document.List:
			return i + 1
		}
		return i
	}
	return len(blocks)
}

// writeAnnex writes what a screen opens on demand, for paper.
func (p *page) writeAnnex() error {
	if len(p.annex) == 0 {
		return nil
	}
	fmt.Fprintf(&p.b, "<section class=\"new-page annex\">\n<h2 id=\"%s\">%s</h2>\n<p class=\"note\">%s</p>\n", p.anchor("annex"), p.words.annex, p.words.annexNote)
	p.ids["annex"] = true
	for i := 0; i < len(p.annex); i++ { // what stands here may put more at its end
		a := p.annex[i]
		if i == 0 || p.annex[i-1].section != a.section {
			if i > 0 {
				p.b.WriteString("</section>\n")
			}
			fmt.Fprintf(&p.b, "<section>\n<h3>%s</h3>\n", html.EscapeString(a.section))
		}
		p.section = &document.Section{Level: 2, Title: document.Say(a.section)}
		title := html.EscapeString(a.title)
		if a.from != "" {
			title = fmt.Sprintf(`<a href="#%s">%s</a>`, html.EscapeString(p.anchor(a.from)), title)
		}
		fmt.Fprintf(&p.b, "<h4>%s</h4>\n", title)
		for _, block := range a.blocks {
			if err := p.block(block); err != nil {
				return fmt.Errorf("annex, %q: %w", a.title, err)
			}
		}
	}
	p.b.WriteString("</section>\n</section>\n")
	return nil
}

// colophon says which release the file was made from, so that it can be found again.
func (p *page) colophon() {
	w, r := p.words, p.doc.Release
	fmt.Fprintf(&p.b, "<footer class=\"colophon\">\n<h2>%s</h2>\n<dl>\n", w.colophon)
	for _, fact := range [][2]string{{w.release, r.ID}, {w.content, r.Hash}, {w.log, strings.TrimSpace(logState(r))}, {w.code, r.CodeHash}, {w.program, r.Program}} {
		if fact[1] != "" {
			fmt.Fprintf(&p.b, "<div><dt>%s</dt><dd><code>%s</code></dd></div>\n", fact[0], html.EscapeString(fact[1]))
		}
	}
	p.b.WriteString("</dl>\n</footer>\n")
}

func logState(r document.Release) string {
	if r.LogHead == 0 {
		return r.LogHash
	}
	return fmt.Sprintf("%d %s", r.LogHead, r.LogHash)
}

// sheet writes the margins of a language's printed pages: what this is, from which release,
// which page of how many, and the mark of sample data.
func (p *page) sheet(b *bytes.Buffer) {
	d, w := p.doc, p.words
	foot := slices.DeleteFunc([]string{d.Title, w.release + " " + d.Release.ID, d.Status}, func(s string) bool { return strings.TrimSpace(s) == "" })
	fmt.Fprintf(b, "article[lang=\"%[1]s\"] { page: %[1]s; }\n@media print { article[lang=\"%[1]s\"] .sideways { page: %[1]s-sideways; } }\n", d.Lang)
	for _, sheet := range [][2]string{{d.Lang, ""}, {d.Lang + "-sideways", "  size: A4 landscape;\n"}} {
		fmt.Fprintf(b, "@page %s {\n%s  @bottom-left { content: %s; }\n  @bottom-right { content: %s counter(page) %s counter(pages); }\n",
			sheet[0], sheet[1], quoted(strings.Join(foot, " · ")), quoted(w.page+" "), quoted(" "+w.of+" "))
		if d.Sample != "" {
			fmt.Fprintf(b, "  @top-center { content: %s; }\n", quoted(d.Sample))
		}
		b.WriteString("}\n")
	}
}

// quoted is a text as a string of a style sheet within a page: nothing in it can end either.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r < ' ' || strings.ContainsRune(`"\<>&`, r) {
			fmt.Fprintf(&b, "\\%X ", r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
