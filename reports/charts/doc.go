// Package charts draws the charts of reports as static SVG that lays itself out for the width it is
// given: the same bytes for the same data, no script, colours by class alone.
//
// It owns the looks of charts, their style sheet and the one typeface by which their labels are
// measured, so that none overlaps another or is cut. A chart is a struct of plain values; the
// package must not know figures, releases, HTML pages or what a report says.
package charts
