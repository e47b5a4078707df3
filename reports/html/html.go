package html

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/kp2mi/lindung/reports/charts"
	"github.com/kp2mi/lindung/reports/document"
)

//go:embed page.css
var pageStyle string

//go:embed print.css
var printStyle string

// policy forbids the browser what the page does not need, so that a defect in it can
// fetch and run nothing.
const policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"

// Write writes the documents, one a language, as one file for screens: all languages in
// it, the first shown at first. The same documents give the same bytes.
func Write(w io.Writer, documents ...*document.Document) error {
	return write(w, false, documents)
}

// WritePaper writes one document as it is printed: light, a page number on each sheet,
// the tables behind charts and what opens on demand collected in an annex.
func WritePaper(w io.Writer, d *document.Document) error {
	return write(w, true, []*document.Document{d})
}

func write(w io.Writer, paper bool, documents []*document.Document) error {
	if len(documents) == 0 {
		return fmt.Errorf("writing HTML: no document was given")
	}
	var pages []*page
	var shared *programTexts
	if len(documents) > 1 {
		shared = &programTexts{at: map[document.Code]int{}}
	}
	for _, d := range documents {
		words, ok := languages[d.Lang]
		if !ok {
			return fmt.Errorf("writing %q as HTML: the language %q is not known, want id or en", d.Title, d.Lang)
		}
		for _, p := range pages {
			if p.doc.Lang == d.Lang {
				return fmt.Errorf("writing %q as HTML: there are two documents in the language %s; a file has one each", d.Title, d.Lang)
			}
		}
		p := &page{doc: d, words: words, paper: paper, ids: map[string]bool{}, shared: shared}
		if err := p.article(); err != nil {
			return fmt.Errorf("writing %q as HTML: %w", d.Title, err)
		}
		pages = append(pages, p)
	}
	var b, inner bytes.Buffer
	head(&b, pages)
	body(&inner, pages)
	packed, references := inner.Bytes(), []byte(nil)
	if !paper { // paper is read by people alone
		packed, references = document.PackReferences(packed)
	}
	b.Write(packed)
	b.Write(references)
	b.WriteString("</body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// head writes everything down to the end of the head.
func head(b *bytes.Buffer, pages []*page) {
	first := pages[0]
	scheme := "light dark"
	if first.paper {
		scheme = "light"
	}
	var titles []string
	for _, p := range pages {
		titles = append(titles, p.doc.Title)
	}
	fmt.Fprintf(b, `<!doctype html>
<html lang="%s">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="%s">
`, first.doc.Lang, policy, scheme)
	for _, m := range first.doc.Metas() {
		fmt.Fprintf(b, "<meta name=\"%s\" content=\"%s\">\n", m.Name, html.EscapeString(m.Content))
	}
	fmt.Fprintf(b, "<title>%s</title>\n<style>\n", html.EscapeString(strings.Join(titles, " / ")))
	face(b, 400, charts.RegularPacked)
	face(b, 700, charts.BoldPacked)
	for _, sheet := range []string{pageStyle, charts.CSS, printStyle} {
		b.WriteString(strings.TrimSpace(sheet) + "\n")
	}
	for _, p := range pages {
		p.sheet(b)
	}
	for _, p := range pages[1:] {
		fmt.Fprintf(b, "body:not(:has(#lang-%[1]s:checked)) article[lang=\"%[1]s\"],\nbody:has(#lang-%[1]s:checked) article:not([lang=\"%[1]s\"]) { display: none; }\n", p.doc.Lang)
	}
	b.WriteString("</style>\n</head>\n")
}

// face embeds a face of the font that drawings measure their texts in; the page is set in it too.
func face(b *bytes.Buffer, weight int, file []byte) {
	fmt.Fprintf(b, "@font-face { font-family: %q; font-weight: %d; src: url(data:font/woff2;base64,%s); }\n",
		charts.FontFamily, weight, base64.StdEncoding.EncodeToString(file))
}

// body writes what is seen.
func body(b *bytes.Buffer, pages []*page) {
	b.WriteString("<body>\n")
	if !pages[0].paper {
		b.WriteString(`<a class="skip" href="#isi">`)
		each(b, pages, func(w *words) string { return w.skip })
		b.WriteString("</a>\n")
	}
	mark := pages[0].doc.Sample
	if mark != "" || len(pages) > 1 {
		b.WriteString(`<header class="top">` + "\n")
		if mark != "" {
			fmt.Fprintf(b, "<p class=\"sample\">%s</p>\n", html.EscapeString(mark))
		}
		if len(pages) > 1 {
			choice(b, pages)
		}
		b.WriteString("</header>\n")
	}
	b.WriteString(`<main id="isi" tabindex="-1">` + "\n")
	for _, p := range pages {
		b.Write(p.b.Bytes())
	}
	programs(b, pages)
	b.WriteString("</main>\n")
	if mark != "" {
		fmt.Fprintf(b, "<footer class=\"bottom\"><p class=\"sample\">%s</p></footer>\n", html.EscapeString(mark))
	}
}

// programTexts are texts of programs that all languages of a file refer to.
type programTexts struct {
	at    map[document.Code]int
	texts []document.Code
}

func (t *programTexts) place(c document.Code) string {
	at, known := t.at[c]
	if !known {
		at = len(t.texts)
		t.at[c] = at
		t.texts = append(t.texts, c)
	}
	return fmt.Sprintf("program-%d", at+1)
}

// programs writes the texts of programs, once for all languages.
func programs(b *bytes.Buffer, pages []*page) {
	shared := pages[0].shared
	if shared == nil || len(shared.texts) == 0 {
		return
	}
	b.WriteString(`<section class="programs" aria-labelledby="programs"><h2 id="programs">`)
	each(b, pages, func(w *words) string { return w.programs })
	b.WriteString("</h2>\n")
	for _, c := range shared.texts {
		fmt.Fprintf(b, "<details id=\"%s\"><summary>%s</summary>\n<pre tabindex=\"0\" role=\"group\" aria-label=\"%s\"><code>%s</code></pre>\n</details>\n",
			shared.place(c), html.EscapeString(strings.TrimSuffix(c.Name+", SHA-256 "+c.SHA256, ", SHA-256 ")), html.EscapeString(c.Name), html.EscapeString(strings.TrimRight(c.Text, "\n")))
	}
	b.WriteString("</section>\n")
}

// choice writes the switch between languages: a group of radio buttons, which a keyboard
// and a screen reader know how to work. A browser too old to follow it shows all.
func choice(b *bytes.Buffer, pages []*page) {
	b.WriteString(`<fieldset class="languages"><legend>`)
	each(b, pages, func(w *words) string { return w.language })
	b.WriteString("</legend>")
	for i, p := range pages {
		checked := ""
		if i == 0 {
			checked = " checked"
		}
		fmt.Fprintf(b, `<span><input type="radio" name="lang" id="lang-%[1]s" autocomplete="off"%[2]s><label for="lang-%[1]s" lang="%[1]s">%[3]s</label></span>`, p.doc.Lang, checked, p.words.name)
	}
	b.WriteString("</fieldset>\n")
}

// each writes a text of the frame in every language of the file, marked as such.
func each(b *bytes.Buffer, pages []*page, text func(*words) string) {
	for i, p := range pages {
		if i > 0 {
			b.WriteString(" / ")
		}
		fmt.Fprintf(b, `<span lang="%s">%s</span>`, p.doc.Lang, text(p.words))
	}
}
