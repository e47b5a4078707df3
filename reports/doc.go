// Package reports writes what people read: a page of indicators for one month, in
// Indonesian and English in one file.
//
// Every number on a page is a figure of a release, or is computed from figures that
// the page names beside it; the package computes nothing from rows. It must not
// know how figures come about, and a page fetches nothing: no script, no font, no
// image from elsewhere.
package reports
