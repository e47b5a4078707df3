package content

import (
	"fmt"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

// A writer writes one document.
type writer struct {
	pen
	book    *Book
	report  configs.Report
	subject Subject
	doc     *document.Document
	kpis    []string // that the report has a block for, in its order
}

// Write says what a kind of report says about a subject, in one language.
func Write(book *Book, report configs.Report, subject Subject, lang words.Language) (*document.Document, error) {
	if subject.Period.Type != report.Period {
		return nil, fmt.Errorf("report %s on %s: it is about a %s; give one", report.Name, subject.Period, report.Period)
	}
	if report.Per != subject.Breakdown {
		return nil, fmt.Errorf("report %s on %s: it is about %s; the subject is %s", report.Name, subject, perWords(report.Per), perWords(subject.Breakdown))
	}
	info := book.Release.Info
	w := &writer{pen: pen{lang, book.restatedNow}, book: book, report: report, subject: subject, kpis: kpisOf(report)}
	w.doc = &document.Document{Kind: report.Name, Lang: string(lang), Subject: subject.String(), Publisher: w.say("publisher"), Status: w.say("draft"),
		Title:   figures.Text(report.Title).In(string(lang)) + " – " + w.about(),
		Release: document.Release{ID: info.ID, AsOf: info.AsOf, LogHead: info.LogHead, LogHash: info.LogHash, CodeHash: book.codeHash, Program: info.CodeVersion}}
	if info.Sample() {
		w.doc.Sample = figures.SampleMark
	}
	for _, section := range report.Sections {
		w.section(section.Name, figures.Text(section.Title).In(string(lang)), section.Level, section.NewPage)
		for _, block := range section.Blocks {
			k, known := kinds[block.Kind]
			if !known {
				return nil, block.Errorf("block %q is not known", block.Kind)
			}
			settings := k.settings()
			if err := block.Decode(settings); err != nil {
				return nil, err
			}
			if err := k.write(w, settings); err != nil {
				return nil, block.Errorf("%v", err)
			}
		}
	}
	return w.doc, nil
}

func perWords(breakdown string) string {
	if breakdown == "" {
		return "the whole country"
	}
	return "one " + breakdown
}

// about is what the report is about, for its title.
func (w *writer) about() string {
	period := w.Period(w.subject.Period.String())
	if w.subject.Member == "" {
		return period
	}
	return w.book.Name(w.subject.Breakdown, w.subject.Member, string(w.Language)) + ", " + period
}

// section begins a section; blocks are added to the one begun last.
func (w *writer) section(id, title string, level int, newPage bool) {
	w.doc.Sections = append(w.doc.Sections, document.Section{ID: id, Title: document.Say(title), Level: level, NewPage: newPage})
}

func (w *writer) add(blocks ...document.Block) {
	last := &w.doc.Sections[len(w.doc.Sections)-1]
	last.Blocks = append(last.Blocks, blocks...)
}

// paragraph adds running text where there is some.
func (w *writer) paragraph(text document.Phrase, note bool) {
	if len(text) > 0 {
		w.add(&document.Paragraph{Text: text, Note: note})
	}
}

// in is a text in the language of the document.
func (w *writer) in(t figures.Text) string { return t.In(string(w.Language)) }

func (w *writer) name(breakdown, member string) string {
	return w.book.Name(breakdown, member, string(w.Language))
}

// measure reads PLC-01 or PLC-01.persons; it reports false where the release does not define it.
func (w *writer) measure(text string) (figures.Definition, bool) {
	kpi, name := split(text)
	d, err := w.book.Release.Define(kpi, name)
	return d, err == nil
}

func split(measure string) (kpi, name string) {
	if len(measure) > 7 {
		return measure[:6], measure[7:]
	}
	return measure, ""
}

// standing is where a measure stands in the report's period.
func (w *writer) standing(d figures.Definition) *standing { return w.book.standing(w.subject, d) }

func sectionOf(kpi string) string { return "kpi-" + kpi }
