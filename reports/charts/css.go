package charts

import _ "embed" // the style sheet

// CSS is the style sheet of every chart, for light and dark screens and for paper. All its rules are
// for svg.chart; the colours are custom properties, which a page may set anew.
//
//go:embed charts.css
var CSS string
