// Package html writes reports as one HTML file that needs nothing else: no script, no
// network, nothing beside it.
//
// It owns the look of a report on a screen and on paper: structure, style sheet, the
// switch between languages, the words of the frame. It must not know releases, KPIs or
// what a report says; those come as documents, which bring their drawings along. Of charts
// it knows their style sheet and the font that their texts are measured in.
package html
