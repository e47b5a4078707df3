// Package words is how reports say things in Indonesian and English: numbers, units, months,
// changes, and the sentences that figures fill.
//
// It owns grammar and formats and nothing of what is said. It must not know releases or the
// blocks of a report.
package words
