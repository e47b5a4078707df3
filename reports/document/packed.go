package document

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// A page holds thousands of numbers, and what they are made of would be most of its bytes. So the
// references of a page stand packed in one place, each once, and a number names its own by its
// place there:
//
//	<td data-n=3f>1.234   …   <template id="lindung-references">eJyk…</template>
//
// The template holds their attributes, a reference a line, deflated (zlib) and in base64. Places
// are counted from 0, in base 36.
const (
	packedName = "data-n"
	packedID   = "lindung-references"
)

var referenceAttributes = regexp.MustCompile(`(?: data-(?:figure|count|base|against|target|op)="[^"]*"| data-unsigned="")+`)

// PackReferences takes the references out of a page's body, and gives the template that they are packed in.
func PackReferences(body []byte) (packed, template []byte) {
	places := map[string]string{}
	var lines bytes.Buffer
	packed = referenceAttributes.ReplaceAllFunc(body, func(attributes []byte) []byte {
		place, known := places[string(attributes)]
		if !known {
			place = strconv.FormatInt(int64(len(places)), 36)
			places[string(attributes)] = place
			lines.Write(attributes[1:])
			lines.WriteByte('\n')
		}
		return []byte(" " + packedName + "=" + place)
	})
	var b bytes.Buffer
	b.WriteString(`<template id="` + packedID + `">`)
	text := base64.NewEncoder(base64.StdEncoding, &b)
	small, _ := zlib.NewWriterLevel(text, zlib.BestCompression) // the level is one that there is
	for _, w := range []func() error{func() error { _, err := small.Write(lines.Bytes()); return err }, small.Close, text.Close} {
		if err := w(); err != nil {
			panic(err) // a buffer in memory takes what it is given
		}
	}
	b.WriteString("</template>\n")
	return packed, b.Bytes()
}

var (
	packedTemplate = regexp.MustCompile(`<template id="` + packedID + `">([^<]*)</template>\n?`)
	packedPlace    = regexp.MustCompile(` ` + packedName + `=([0-9a-z]+)`)
)

// mostReferences is how many bytes the references of a page may unpack to.
const mostReferences = 64 << 20

// UnpackReferences puts the references of a page back to its numbers. A page without any packed
// ones is given as it is.
func UnpackReferences(page []byte) ([]byte, error) {
	found := packedTemplate.FindSubmatchIndex(page)
	if found == nil {
		return page, nil
	}
	z, err := zlib.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(page[found[2]:found[3]])))
	if err != nil {
		return nil, fmt.Errorf("the references of the page (template %s) cannot be read: %w", packedID, err)
	}
	lines, err := io.ReadAll(io.LimitReader(z, mostReferences))
	if err != nil {
		return nil, fmt.Errorf("the references of the page (template %s) cannot be read: %w", packedID, err)
	}
	references := strings.Split(strings.TrimSuffix(string(lines), "\n"), "\n")
	rest := append(bytes.Clone(page[:found[0]]), page[found[1]:]...)
	var missing error
	whole := packedPlace.ReplaceAllFunc(rest, func(at []byte) []byte {
		place, err := strconv.ParseUint(string(at[len(packedName)+2:]), 36, 31)
		if err != nil || place >= uint64(len(references)) {
			missing = fmt.Errorf("a number names reference %s, and the page has %d", at[len(packedName)+2:], len(references))
			return at
		}
		return []byte(" " + references[place])
	})
	return whole, missing
}
