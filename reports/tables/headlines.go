package tables

import (
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/reports/document"
)

// headlines are cards as a table: one row a KPI.
func headlines(c *document.Cards, no int, lang string) *document.Table {
	say := func(t Text) string { return t.In(lang) }
	table := &document.Table{ID: "KPI", Title: say(Text{"Angka pokok", "Headline figures"})}
	if no > 1 {
		table.ID = fmt.Sprintf("KPI%d", no)
		table.Title += fmt.Sprintf(" (%d)", no)
	}
	changes := 0
	for _, card := range c.Cards {
		changes = max(changes, len(card.Changes))
	}
	add := func(name string, title Text, numeric bool) {
		table.Columns = append(table.Columns, document.Column{Name: name, Title: say(title), Numeric: numeric})
	}
	add("kpi", Text{"KPI", "KPI"}, false)
	add("title", Text{"Ukuran", "Measure"}, false)
	add("period", Text{"Periode", "Period"}, false)
	add("value", Text{"Nilai", "Value"}, true)
	add("unit", Text{"Satuan", "Unit"}, false)
	for i := range changes {
		n := fmt.Sprint(i + 1)
		add("change_"+n, Text{"Perubahan " + n, "Change " + n}, true)
		add("change_"+n+"_of", Text{"Keterangan perubahan " + n, "About change " + n}, false)
	}
	add("target", Text{"Target", "Target"}, false)
	add("judgement", Text{"Penilaian", "Judgement"}, false)
	add("quality", Text{"Mutu data", "Data quality"}, false)
	add("instead", Text{"Terakhir tersedia", "Latest available"}, false)
	for i := range c.Cards {
		table.Rows = append(table.Rows, headline(&c.Cards[i], changes))
	}
	return table
}

func headline(card *document.Card, changes int) document.Row {
	words := func(p document.Phrase) document.Cell {
		if p.String() == "" {
			p = document.Say(Nothing)
		}
		return document.Cell{Text: p}
	}
	light := func(l *document.Light) document.Cell {
		if l == nil {
			return words(nil)
		}
		return document.Cell{Light: l}
	}
	cells := []document.Cell{words(document.Say(card.KPI)), words(document.Say(card.Title)), words(document.Say(card.Period)),
		{Number: &card.Value}, words(document.Say(card.Unit))}
	for i := range changes {
		var change document.Phrase
		if i < len(card.Changes) {
			change = card.Changes[i]
		}
		number, rest := apart(change)
		cells = append(cells, number, words(rest))
	}
	return document.Row{Cells: append(cells, words(card.Target), light(card.Light), light(card.Quality), words(card.Instead))}
}

// apart takes the number of a change, if it says one alone, so that it can stand as a number beside
// its words.
func apart(p document.Phrase) (number document.Cell, rest document.Phrase) {
	said := Within(p)
	if len(said) != 1 {
		return document.Cell{Text: document.Say(Nothing)}, p
	}
	if p[0].Number == nil {
		return document.Cell{Number: said[0]}, p
	}
	if rest = p[1:]; len(rest) > 0 {
		first := rest[0]
		first.Text = strings.TrimLeft(first.Text, " ,;:")
		rest = append(document.Phrase{first}, rest[1:]...)
	}
	return document.Cell{Number: said[0]}, rest
}
