// Package pdf prints a page of HTML into a tagged PDF file by a headless browser of the
// machine: a PDF of the same page that is read on a screen, with its headings, tables and
// descriptions for those who listen.
//
// It owns the way to the browser and the same bytes for the same page. It must not know what
// the page says, nor how it looks.
package pdf
