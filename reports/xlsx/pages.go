package xlsx

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/tables"
)

// cover says what the workbook is and how to read it.
func (b *book) cover(name string) *grid {
	g := &grid{name: name, title: b.doc.Title, note: b.say(wordCoverLine), heads: []string{b.say(wordItem), b.say(wordContent)}, widths: []float64{34, 84}}
	for _, f := range tables.Facts(b.doc) {
		g.rows = append(g.rows, []value{words(b.say(f.Name)), words(f.Value)})
	}
	for _, m := range tables.Marks {
		g.rows = append(g.rows, []value{words(m.Mark), words(b.say(m.Meaning))})
	}
	return g
}

// contentsOf links to every sheet.
func (b *book) contentsOf(pages []*grid, found []tables.Table) *grid {
	g := &grid{name: b.contents, title: b.say(wordContents) + ": " + b.doc.Title, note: b.say(wordContentsLine),
		heads: []string{b.say(wordSheet), b.say(wordTitle), b.say(wordSection)}, widths: []float64{24, 76, 46}}
	section := map[string]string{}
	for i, t := range found {
		section[pages[2+i].name] = t.Section // cover and notes come first
	}
	for _, p := range pages {
		row := []value{{is: p.name, style: style{kind: linkInTable}, to: within(p.name) + "A1"}, words(p.title), words(section[p.name])}
		if row[2].is == "" {
			row[2].is = tables.Nothing
		}
		g.rows = append(g.rows, row)
	}
	return g
}

// notesOf are the report's sentences, and what is said about tables and charts.
func (b *book) notesOf(found []tables.Table) *grid {
	n := &notes{book: b, grid: &grid{name: b.notes, title: b.say(wordNotes), note: b.say(wordNotesLine),
		heads: []string{b.say(wordSection), b.say(wordKind), b.say(wordText)}, widths: []float64{34, 18, 100}}}
	for _, s := range b.doc.Sections {
		n.section, n.heading = orNothing(s.Title.String()), s.Title
		n.blocks(s.Blocks)
	}
	for _, t := range found {
		n.section, n.heading = t.ID+". "+t.Title, nil
		for _, note := range t.Notes {
			n.add(wordTable, note)
		}
	}
	return n.grid
}

type notes struct {
	*book
	grid    *grid
	section string
	heading document.Phrase // of the section, for its first row; its numbers are noted once
}

func (n *notes) add(kind tables.Text, text document.Phrase) {
	if text.String() == "" {
		return
	}
	at := firstRow + len(n.grid.rows)
	n.source(n.grid.name, cellName(1, at), tables.Within(n.heading)...)
	n.heading = nil
	n.source(n.grid.name, cellName(3, at), tables.Within(text)...)
	n.grid.rows = append(n.grid.rows, []value{words(n.section), words(n.say(kind)), words(text.String())})
}

func (n *notes) blocks(blocks []document.Block) {
	roles := map[string]tables.Text{"findings": wordFindings, "decisions": wordDecisions, "changes": wordChanges, "": wordSentence}
	for _, block := range blocks {
		switch block := block.(type) {
		case *document.Paragraph:
			kind := wordSentence
			if block.Note {
				kind = wordSmall
			}
			n.add(kind, block.Text)
		case *document.List:
			kind, known := roles[block.Role]
			if !known {
				kind = wordSentence
			}
			for _, item := range block.Items {
				n.add(kind, item)
			}
		case *document.Chart:
			n.add(wordChart, block.Title)
			n.add(wordSmall, block.Note)
		case *document.Disclosure:
			n.blocks(block.Blocks)
		}
	}
}

// definitions are the report's terms, and how numbers are made of figures.
func (b *book) definitions() *grid {
	g := &grid{name: b.named(b.say(wordDefined)), title: b.say(wordDefined), note: b.say(wordDefinedLine),
		heads: []string{b.say(wordTerm), b.say(wordMeaning)}, widths: []float64{38, 110}}
	each(b.doc, func(_ string, block document.Block) {
		defined, ok := block.(*document.Definitions)
		if !ok {
			return
		}
		for _, d := range defined.Items {
			at := firstRow + len(g.rows)
			var text []string
			for _, p := range d.Text {
				text = append(text, p.String())
				b.source(g.name, cellName(2, at), tables.Within(p)...)
			}
			b.source(g.name, cellName(1, at), tables.Within(d.Term)...)
			row := []value{words(d.Term.String()), words(orNothing(strings.Join(text, "\n")))}
			if d.Code {
				row[1].style.kind = program
			}
			g.rows = append(g.rows, row)
		}
	})
	for _, op := range ops {
		g.rows = append(g.rows, []value{words("op: " + op.name), words(b.say(op.meaning))})
	}
	return g
}

// codeLength is how much of a program stands in one cell; a cell holds 32,767 characters.
const codeLength = 16000

// code is what a report prints of the programs that computed it; nil where it prints none.
func (b *book) code() *grid {
	g := &grid{title: b.say(wordCode), note: b.say(wordCodeLine),
		heads: []string{b.say(wordSection), b.say(wordPart), b.say(wordText)}, widths: []float64{34, 12, 110}}
	each(b.doc, func(section string, block document.Block) {
		code, ok := block.(*document.Code)
		if !ok {
			return
		}
		parts := split(code.Text, codeLength)
		for i, part := range parts {
			g.rows = append(g.rows, []value{words(section), words(fmt.Sprintf("%d/%d", i+1, len(parts))), {is: part, style: style{kind: program}}})
		}
	})
	if len(g.rows) == 0 {
		return nil
	}
	g.name = b.named(b.say(wordCode))
	return g
}

// split cuts a text at ends of lines, where it can.
func split(text string, most int) []string {
	var parts []string
	for len(text) > most {
		at := strings.LastIndexByte(text[:most], '\n') + 1
		for at == 0 || !utf8.RuneStart(text[at]) {
			if at == 0 {
				at = most + 1
			}
			at--
		}
		parts, text = append(parts, text[:at]), text[at:]
	}
	if text != "" {
		parts = append(parts, text)
	}
	return parts
}

// each visits the blocks of a document, also those that open on demand. heading is what stands above them.
func each(doc *document.Document, visit func(heading string, block document.Block)) {
	var within func(heading string, blocks []document.Block)
	within = func(heading string, blocks []document.Block) {
		for _, block := range blocks {
			visit(heading, block)
			if d, ok := block.(*document.Disclosure); ok {
				inner := heading
				if d.Summary != "" {
					inner += " – " + d.Summary
				}
				within(inner, d.Blocks)
			}
		}
	}
	for _, s := range doc.Sections {
		within(orNothing(s.Title.String()), s.Blocks)
	}
}

func orNothing(text string) string {
	if text == "" {
		return tables.Nothing
	}
	return text
}
