// Package document is a report as its writers get it: sections of blocks, in one
// language, every number with the reference that says which figures it comes from.
//
// It owns the shape of a report and nothing of its looks or its words. It must not
// know releases, HTML, spreadsheets or the catalogue of KPIs.
package document
