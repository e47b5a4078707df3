// Package html writes reports as one HTML file that needs nothing else: no script, no
// network, nothing beside it.
//
// It owns the look of a report on a screen and on paper: structure, style sheet, the
// switch between languages, the words of the frame. It must not know releases, KPIs or
// what a report says; those come as documents. How charts are drawn and which font they
// are measured in come from its caller as a Style.
package html
