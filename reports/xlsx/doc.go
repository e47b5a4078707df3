// Package xlsx writes a report as a workbook for spreadsheet programs: cover, contents,
// notes, one sheet a table with charts of the program's own, definitions, and where each
// number comes from.
//
// It owns the look of a sheet (one table each, no merged, hidden or empty cells, numbers as
// numbers, no formulas) and that equal documents give equal bytes. It must not know figures,
// releases or what a report says.
package xlsx
