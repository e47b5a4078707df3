package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
)

// An orderedZip packs the parts of a workbook by name, whatever order they come in, and lists their
// types so: excelize keeps streamed sheets and drawings in maps. No part has a time.
type orderedZip struct {
	to    io.Writer
	parts []*part
}

type part struct {
	name string
	bytes.Buffer
}

func newOrderedZip(to io.Writer) *orderedZip { return &orderedZip{to: to} }

// Create begins a part.
func (z *orderedZip) Create(name string) (io.Writer, error) {
	p := &part{name: name}
	z.parts = append(z.parts, p)
	return p, nil
}

// AddFS is asked of every packer; a workbook takes no files of a folder.
func (z *orderedZip) AddFS(fs.FS) error { return fs.ErrInvalid }

// typesPart lists the types of all parts. Programs expect it first.
const typesPart = "[Content_Types].xml"

// Close packs what came.
func (z *orderedZip) Close() error {
	rank := func(p *part) string {
		if p.name == typesPart {
			return ""
		}
		return p.name
	}
	slices.SortFunc(z.parts, func(a, b *part) int { return strings.Compare(rank(a), rank(b)) })
	w := zip.NewWriter(z.to)
	packer, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		return err
	}
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		packer.Reset(to) // one part is packed after the other
		return packer, nil
	})
	for _, p := range z.parts {
		if p.name == typesPart {
			p.inOrder()
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := p.WriteTo(f); err != nil {
			return err
		}
	}
	return w.Close()
}

var partType = regexp.MustCompile(`<(?:Default|Override) [^>]*>(?:</(?:Default|Override)>)?`)

// inOrder sorts a list of types.
func (p *part) inOrder() {
	types := partType.FindAllString(p.String(), -1)
	slices.Sort(types)
	i := -1
	sorted := partType.ReplaceAllStringFunc(p.String(), func(string) string { i++; return types[i] })
	p.Reset()
	p.WriteString(sorted)
}
