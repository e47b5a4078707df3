package reports

import (
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/kp2mi/lindung/figures"
)

// The ways in which a number on a page comes out of figures. They stand in the
// page's data-op attributes, so that a program can compute every number again.
const (
	opValue         = "value"          // the figure itself
	opChangePercent = "change_percent" // the figure against the base, in per cent
	opChange        = "change"         // the figure less the base, in its unit
	opShare         = "share"          // the figure as a share of the base
	opRest          = "rest"           // the figure less all the bases
	opAttainment    = "attainment"     // the figure as a share of its target
	opTarget        = "target"         // the target itself
	opCount         = "count"          // a count of the release's account, no figure
	opCountShare    = "count_share"    // a count as a share of another
)

// A reference says what a number on the page is.
type reference struct {
	op     string
	figure string   // address, or the name of a count
	bases  []string // addresses
	target string   // KPI.measure/period@source
}

func refer(op string, a figures.Address, bases ...figures.Address) reference {
	r := reference{op: op, figure: a.String()}
	for _, base := range bases {
		r.bases = append(r.bases, base.String())
	}
	return r
}

func targetName(t figures.Target) string {
	return fmt.Sprintf("%s.%s/%s@%s", t.KPI, t.Measure, t.Period, t.Source)
}

// attributes are the reference as HTML attributes.
func (r reference) attributes() string {
	var b strings.Builder
	name := "data-figure"
	if r.op == opCount || r.op == opCountShare {
		name = "data-count"
	}
	if r.figure != "" {
		fmt.Fprintf(&b, ` %s="%s"`, name, html.EscapeString(r.figure))
	}
	if len(r.bases) > 0 {
		fmt.Fprintf(&b, ` data-base="%s"`, html.EscapeString(strings.Join(r.bases, " ")))
	}
	if r.target != "" {
		fmt.Fprintf(&b, ` data-target="%s"`, html.EscapeString(r.target))
	}
	if r.op != opValue && r.op != opCount {
		fmt.Fprintf(&b, ` data-op="%s"`, r.op)
	}
	return b.String()
}

// A number is a text on the page together with what it is.
type number struct {
	text string
	ref  reference
}

// HTML is the number as a span that carries its reference.
func (n number) HTML() template.HTML {
	if n.text == "" {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<span class="n"%s>%s</span>`, n.ref.attributes(), html.EscapeString(n.text)))
}

// mark is the shorthand for a value status.
func mark(status string) string {
	switch status {
	case figures.Provisional:
		return "[p]"
	case figures.Suppressed:
		return "[c]"
	case figures.NotAvailable:
		return "[x]"
	}
	return ""
}
