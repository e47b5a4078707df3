// Package content decides what a report says: which figures of a release, in which
// order, in which sentences, tables and charts, as documents that writers turn into files.
//
// Every number in a document is a figure of a release, or is computed from figures
// that its reference names; the package computes nothing from rows. It must not know
// how figures come about, or what HTML and spreadsheets look like.
package content
