package producers

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
)

// Fill counts the waiting records into the note, kind of problem by kind of problem, and says what
// changed since the version before. The records come in the order in which their places are named.
func (n *Note) Fill(waiting []WaitingRecord, before *Note, theirs func(column string) string) {
	definition, _ := DefinitionOf(n.Dataset)
	n.Title = Text{ID: definition.Title.ID, EN: definition.Title.EN}
	found := map[WaitingProblem]*NoteProblem{}
	n.Counts.Waiting, n.Counts.Earlier = int64(len(waiting)), 0
	for _, record := range waiting {
		if !record.New {
			n.Counts.Earlier++
		}
		seen := map[WaitingProblem]bool{}
		for _, p := range record.Problems {
			if seen[p] {
				continue
			}
			seen[p] = true
			if found[p] == nil {
				found[p] = &NoteProblem{Code: p.Code, Column: p.Column, Places: []NotePlace{}}
			}
			found[p].count(record)
		}
	}
	n.Problems = []NoteProblem{}
	for _, p := range slices.SortedFunc(maps.Values(found), byWeight) {
		words := problemWords(p.Code)
		p.Wrong, p.Repair = words.wrong, words.repair
		if p.Column != "" {
			p.Theirs = theirs(p.Column)
			p.Meaning = columnMeaning(definition, p.Column)
		}
		if n.Counts.Read > 0 {
			p.Share = math.Round(1e4*float64(p.New)/float64(n.Counts.Read)) / 100
		}
		n.Problems = append(n.Problems, *p)
	}
	if before != nil {
		n.Changes = changes(before.Problems, n.Problems)
	}
}

// columnMeaning says what a producer fills a column with; nil where nobody does.
func columnMeaning(d configs.DatasetDefinition, column string) *Text {
	if said, ok := identifierTexts[transforms.InputKind(column)]; ok { // they are called as their kind
		return &Text{ID: said[Indonesian], EN: said[English]}
	}
	if c, ok := definitionOfInput(d, column); ok {
		return &Text{ID: c.ID, EN: c.EN}
	}
	return nil
}

func (p *NoteProblem) count(record WaitingRecord) {
	p.Records++
	if record.New {
		p.New++
	}
	if len(p.Places) < MaxPlaces {
		p.Places = append(p.Places, record.Place)
	}
}

// byWeight puts what most records have first.
func byWeight(a, b *NoteProblem) int {
	return cmp.Or(cmp.Compare(b.Records, a.Records), strings.Compare(a.Code, b.Code), strings.Compare(a.Column, b.Column))
}

// changes lists every kind of problem that the version before or this one has.
func changes(before, after []NoteProblem) []NoteChange {
	var list []NoteChange
	for _, p := range before {
		list = append(list, NoteChange{Code: p.Code, Column: p.Column, Before: p.Records})
	}
	for _, p := range after {
		i := slices.IndexFunc(list, func(c NoteChange) bool { return c.Code == p.Code && c.Column == p.Column })
		if i < 0 {
			i, list = len(list), append(list, NoteChange{Code: p.Code, Column: p.Column})
		}
		list[i].After = p.Records
	}
	return list
}

// Withhold says why nothing of the delivery was taken.
func (n *Note) Withhold(code string) {
	words := withheldWords[code]
	n.Decision, n.Withheld = DeliveryWithheld, &Withholding{Code: code, Why: words.wrong, Repair: words.repair}
}
