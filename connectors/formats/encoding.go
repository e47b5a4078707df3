package formats

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// checkEncoding reports an encoding name that decodeText does not know.
func checkEncoding(name string) error {
	switch strings.ToLower(name) {
	case "", "auto", "utf-8", "utf8", "windows-1252", "cp1252", "latin-1", "iso-8859-1", "utf-16", "utf-16le", "utf-16be":
		return nil
	}
	return fmt.Errorf("encoding: %q is not known (known: auto, utf-8, windows-1252, utf-16, utf-16le, utf-16be)", name)
}

// decodeText returns a reader of UTF-8 without a byte order mark. A mark in the
// bytes outweighs the setting, because it cannot be there by chance. translated
// says that a decoder stands between, which marks bytes that mean nothing in the
// encoding with U+FFFD.
func decodeText(r io.Reader, encoding string) (text io.Reader, translated bool, err error) {
	var head [8]byte
	n, err := io.ReadFull(r, head[:])
	prefix := head[:n]
	// Compared, not unwrapped: a source that was cut short wraps ErrUnexpectedEOF
	// too, and that must not pass for a short object.
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, false, err
	}
	if what := foreignFormat(prefix); what != "" {
		return nil, false, fmt.Errorf("this is %s, not delimited text: name its kind under formats, or what it is packed in under unpack", what)
	}
	if rest, ok := bytes.CutPrefix(prefix, []byte("\xEF\xBB\xBF")); ok {
		return io.MultiReader(bytes.NewReader(rest), r), false, nil
	}
	whole := io.MultiReader(bytes.NewReader(prefix), r)
	encoding = strings.ToLower(encoding)
	switch {
	case bytes.HasPrefix(prefix, []byte("\xFF\xFE")), bytes.HasPrefix(prefix, []byte("\xFE\xFF")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(whole), true, nil
	case encoding == "utf-16" || encoding == "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Reader(whole), true, nil
	case encoding == "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Reader(whole), true, nil
	case encoding == "auto":
		return &guessReader{r: bufio.NewReaderSize(whole, guessWindow)}, true, nil
	case encoding == "" || encoding == "utf-8" || encoding == "utf8":
		return whole, false, nil
	}
	// ISO 8859-1 in the wild is Windows-1252 that does not say so.
	return charmap.Windows1252.NewDecoder().Reader(whole), true, nil
}

// foreignFormat recognises the containers that people most often send under the
// wrong extension.
func foreignFormat(prefix []byte) string {
	switch {
	case bytes.HasPrefix(prefix, []byte("PK\x03\x04")):
		return "a ZIP container (an XLSX workbook?)"
	case bytes.HasPrefix(prefix, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return "an OLE container (an old XLS workbook?)"
	case bytes.HasPrefix(prefix, []byte("%PDF-")):
		return "a PDF document"
	case bytes.HasPrefix(prefix, []byte("\x1F\x8B")):
		return "a gzip stream"
	case bytes.HasPrefix(prefix, []byte("\x28\xB5\x2F\xFD")):
		return "a Zstandard stream"
	case bytes.HasPrefix(prefix, []byte("age-encr")), bytes.HasPrefix(prefix, []byte("-----BEG")):
		return "an encrypted file (age?)"
	}
	return ""
}

// guessWindow is how much text decides on an encoding, from the first byte on that is
// not ASCII.
const guessWindow = 64 << 10

// A guessReader reads text as UTF-8 where it is that and else as Windows-1252. ASCII
// is the same in both, so nothing needs to be decided before the first other byte.
type guessReader struct {
	r    *bufio.Reader
	text io.Reader // decided
}

// Read gives UTF-8.
func (g *guessReader) Read(p []byte) (int, error) {
	if g.text != nil {
		return g.text.Read(p)
	}
	// The whole window, however the bytes arrive: the result must not depend on it.
	window, err := g.r.Peek(guessWindow)
	ascii := 0
	for ascii < len(window) && window[ascii] < utf8.RuneSelf {
		ascii++
	}
	if ascii > 0 {
		return g.r.Read(p[:min(ascii, len(p))])
	}
	if err != nil && err != io.EOF {
		return 0, err
	}
	g.text = g.r
	if !isUTF8(window, err == io.EOF) {
		g.text = charmap.Windows1252.NewDecoder().Reader(g.r)
	}
	return g.text.Read(p)
}

// isUTF8 reports UTF-8 whose last character may be cut unless the text ends there.
func isUTF8(text []byte, whole bool) bool {
	for cut := 1; !whole && cut < utf8.UTFMax && cut <= len(text); cut++ {
		if last := text[len(text)-cut:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				text = text[:len(text)-cut]
			}
			break
		}
	}
	return utf8.Valid(text)
}
