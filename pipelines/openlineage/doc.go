// Package openlineage tells data catalogues what ran, in the words of the OpenLineage
// standard (core 2-0-2): it makes run events of plain values, and hands them to a file or to
// an HTTP address. It owns names, identities and facets of events, and how one event is
// delivered. It must not know projects, feeds or the lake, when a run begins or ends, or what
// is done about an event that could not be delivered: those who call it know that.
package openlineage

import (
	"embed"
	"io/fs"
)

//go:embed schema
var schemas embed.FS

// FacetSchemas are the JSON Schemas of the facets that are this program's own, by file name.
func FacetSchemas() fs.FS {
	inner, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic("the schemas that came with the program are gone: " + err.Error())
	}
	return inner
}
