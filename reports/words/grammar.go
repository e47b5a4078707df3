package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kp2mi/lindung/figures"
)

// A Move is how a figure stands to an earlier one.
type Move string

// The moves. Little is a change that does not exceed what the figure is usually revised by.
const (
	Up     Move = "up"
	Down   Move = "down"
	Little Move = "little"
	Same   Move = "same"
)

var moves = map[Move]figures.Text{
	Up:     {ID: "naik dari", EN: "up from"},
	Down:   {ID: "turun dari", EN: "down from"},
	Little: {ID: "hampir tidak berubah dari", EN: "little changed from"},
	Same:   {ID: "sama dengan", EN: "the same as"},
}

// MoveBy judges a change by what the figure is usually revised by.
func MoveBy(change, threshold float64) Move {
	switch {
	case change == 0:
		return Same
	case change > threshold:
		return Up
	case change < -threshold:
		return Down
	}
	return Little
}

// Moved is a move, ready for what is compared with: naik dari, up from.
func (l Language) Moved(m Move) string { return moves[m].In(string(l)) }

// Again is what stands before the second of two that a figure moved from alike: naik dari November
// dan dari Desember, up from November and from December.
func (l Language) Again(m Move) string {
	if m == Same {
		return ""
	}
	return figures.Text{ID: "dari", EN: "from"}.In(string(l))
}

// In is "in" before a period: in December 2025. Indonesian puts the two side by side.
func (l Language) In(period string) string {
	if l == English {
		return "in " + l.Period(period)
	}
	return l.Period(period)
}

// And is the word before the last of several things. English puts a comma before it from the
// third on, Indonesian too.
func (l Language) And(several bool) string {
	and := figures.Text{ID: " dan ", EN: " and "}.In(string(l))
	if several {
		return "," + and
	}
	return and
}

// Separator stands between item i and item i+1 of n: a comma, or "and".
func (l Language) Separator(i, n int) string {
	if i+2 < n {
		return ", "
	}
	return l.And(n > 2)
}

// List joins words: a, b, dan c.
func (l Language) List(items []string) string {
	var b strings.Builder
	for i, item := range items {
		b.WriteString(item)
		if i+1 < len(items) {
			b.WriteString(l.Separator(i, len(items)))
		}
	}
	return b.String()
}

// singular are the units whose English words count: 1 service, 2 services.
var singular = map[string]string{"services": "service", "persons": "person", "departures": "departure", "cases": "case", "days": "day",
	"candidates": "candidate", "businesses": "business", "villages": "village", "companies": "company", "programmes": "programme",
	"months": "month", "nights": "night", "activities": "activity", "returns": "return", "claims": "claim", "points": "point",
	"participations": "participation", "flows": "flow", "themes": "theme"}

// UnitOf is the unit of a value, in words that agree with it.
func (l Language) UnitOf(unit string, value float64) string {
	word := l.Unit(unit)
	if one := singular[word]; l == English && value == 1 && one != "" {
		return one
	}
	return word
}

// Capital puts a capital at the beginning of a sentence.
func Capital(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(first)) + sentence[size:]
}
