package document

import (
	"fmt"
	"html"
	"strings"
)

// The ways in which a number comes out of figures. They stand in a page's data-op attributes, so
// that a program can compute every number again.
const (
	OpValue         = "value"          // the figure itself
	OpChangePercent = "change_percent" // the figure against the base, in per cent
	OpChange        = "change"         // the figure less the base, in its unit
	OpShare         = "share"          // the figure as a share of the base
	OpRest          = "rest"           // the figure less all the bases
	OpSum           = "sum"            // the figure and all the bases together
	OpAttainment    = "attainment"     // the figure, with all the bases together, as a share of its target
	OpGap           = "gap"            // the figure less its target, in its unit
	OpZero          = "zero"           // nothing counted: the release has the bases, and the figure not at all

	// Of sums: the figure and all the bases together, held against all of Against together.
	OpSumChangePercent = "sum_change_percent" // in per cent
	OpSumShare         = "sum_share"          // as a share of it
	OpSumRest          = "sum_rest"           // less it
	OpTarget           = "target"             // the target itself
	OpCount            = "count"              // a count of the release's account, no figure
	OpCountShare       = "count_share"        // a count as a share of another
)

// A Reference says what a number is made of.
type Reference struct {
	Op     string
	Figure string   // address, or the name of a count
	Bases  []string // addresses

	Against  []string // addresses: the sum that a sum is held against
	Target   string   // KPI.measure/period@source
	Unsigned bool     // printed without its sign, which words beside it say ("turun 5,2%")
}

// Attributes are the reference as HTML attributes, each with a space before it.
func (r Reference) Attributes() string {
	var b strings.Builder
	name := "data-figure"
	if r.Op == OpCount || r.Op == OpCountShare {
		name = "data-count"
	}
	if r.Figure != "" {
		fmt.Fprintf(&b, ` %s="%s"`, name, html.EscapeString(r.Figure))
	}
	if len(r.Bases) > 0 {
		fmt.Fprintf(&b, ` data-base="%s"`, html.EscapeString(strings.Join(r.Bases, " ")))
	}
	if len(r.Against) > 0 {
		fmt.Fprintf(&b, ` data-against="%s"`, html.EscapeString(strings.Join(r.Against, " ")))
	}
	if r.Target != "" {
		fmt.Fprintf(&b, ` data-target="%s"`, html.EscapeString(r.Target))
	}
	if r.Op != "" && r.Op != OpValue && r.Op != OpCount {
		fmt.Fprintf(&b, ` data-op="%s"`, r.Op)
	}
	if r.Unsigned {
		b.WriteString(` data-unsigned=""`)
	}
	return b.String()
}

// A Number is a number in a report together with what it is.
type Number struct {
	Text   string   // as printed, in the document's language
	Value  *float64 // as computed, for spreadsheets and data files; nil: there is none
	Format Format
	Mark   string // [p], [r], [x], [c] or empty
	Ref    Reference
}

// A Format is how a spreadsheet shows Value.
type Format struct {
	Decimals int
	Suffix   string // "%", " pp" or empty
	Prefix   string // currency sign or empty
	Signed   bool   // changes: with + before
}

// A Phrase is words and numbers.
type Phrase []Piece

// A Piece is a stretch of words or one number.
type Piece struct {
	Text   string
	Number *Number
	Strong bool
	Link   string // to a section's or definition's ID
}

// Say makes a phrase of words and numbers: strings, Numbers, Pieces and Phrases.
func Say(parts ...any) Phrase {
	var p Phrase
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			if part != "" {
				p = append(p, Piece{Text: part})
			}
		case Number:
			if part.Text != "" {
				p = append(p, Piece{Number: &part})
			}
		case Piece:
			p = append(p, part)
		case Phrase:
			p = append(p, part...)
		default:
			panic(fmt.Sprintf("document.Say: a %T is neither words nor a number", part))
		}
	}
	return p
}

// String is the phrase as a reader sees it.
func (p Phrase) String() string {
	var b strings.Builder
	for _, piece := range p {
		if piece.Number != nil {
			b.WriteString(piece.Number.Text)
		} else {
			b.WriteString(piece.Text)
		}
	}
	return b.String()
}
