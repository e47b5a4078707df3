// Package samples is a small synthetic world: persons, placements, cases and
// remittances that never existed, served over the protocols that real systems
// use, so that the product can be tried without the ministry's systems.
//
// It owns the generator, the unit offices' file drops, the HTTP sample
// services and the ledger of the dirt it planted. It must not know how the
// product decodes, normalises or stores anything: it speaks Indonesian headers,
// JSON and CSV, as the real systems do, and imports no other room.
//
// Three promises hold. Same seed, same bytes. Totals that the ministry has
// published come out exactly at scale 1 (see facts_*.go for which). Every
// person is synthetic: the serial number in each NIK is 0000, which no real one
// has, passports are X and seven digits, agencies carry the word CONTOH.
//
// Everything is computed from (seed, stream, index), so any row, page or file
// can be made at any time without the ones before it.
package samples
