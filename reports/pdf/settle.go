package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"
)

var (
	dates     = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}[+-]\d\d'\d\d'\)`)
	elements  = regexp.MustCompile(`\(node\d{8}\)`)
	trailing  = regexp.MustCompile(`(?s)trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$`)
	sizeEntry = regexp.MustCompile(`/Size (\d+)`)
	rootEntry = regexp.MustCompile(`/Root (\d+) 0 R`)
	infoEntry = regexp.MustCompile(`/Info (\d+) 0 R`)
)

// settle makes a browser's file the same for the same page: the hour of printing gives way to
// the date that the page has, numbers that begin anywhere begin at 1, the file gets an identifier made from its content, and metadata
// as XMP, which readers of archives look for. These are added behind the browser's own
// bytes, as the format provides for changes, so that nothing of what it wrote is rewritten.
func settle(raw []byte, about About) ([]byte, error) {
	date := about.Created.UTC().Format("20060102150405") + "+00'00'"
	raw = dates.ReplaceAllFunc(raw, func(entry []byte) []byte {
		out := bytes.Clone(entry)
		copy(out[bytes.IndexByte(out, ':')+1:], date) // as long as what it replaces: offsets stay
		return out
	})
	raw = renumber(raw)
	end := trailing.FindSubmatchIndex(raw)
	if end == nil {
		return nil, fmt.Errorf("it does not end with a trailer")
	}
	trailer, before := raw[end[2]:end[3]], raw[end[4]:end[5]]
	size, err := entry(trailer, sizeEntry)
	if err != nil {
		return nil, err
	}
	root, err := entry(trailer, rootEntry)
	if err != nil {
		return nil, err
	}
	info, err := entry(trailer, infoEntry)
	if err != nil {
		return nil, err
	}
	catalog, err := object(raw, root)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(catalog, []byte("/Type /Catalog")) || bytes.Contains(catalog, []byte("/Metadata")) {
		return nil, fmt.Errorf("its catalogue is not as expected: %.200q", catalog)
	}
	id := fmt.Sprintf("%x", sha256.Sum256(raw))[:32]
	b := bytes.NewBuffer(raw)
	metadata := xmp(about)
	at := [2]int{}
	at[0] = b.Len()
	fmt.Fprintf(b, "%d 0 obj\n%s\n/Metadata %d 0 R>>\nendobj\n", root, bytes.TrimSuffix(catalog, []byte(">>")), size)
	at[1] = b.Len()
	fmt.Fprintf(b, "%d 0 obj\n<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream\nendobj\n", size, len(metadata), metadata)
	table := b.Len()
	fmt.Fprintf(b, "xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n", root, at[0], size, at[1])
	fmt.Fprintf(b, "trailer\n<</Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %s\n/ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n", size+1, root, info, before, id, id, table)
	return b.Bytes(), nil
}

// renumber gives the named elements of the structure (the heads of tables, to which cells refer)
// numbers from 1 in the order of the browser's own, which begin anywhere.
func renumber(raw []byte) []byte {
	names := map[string]string{}
	for _, name := range elements.FindAll(raw, -1) {
		names[string(name)] = ""
	}
	for i, name := range slices.Sorted(maps.Keys(names)) {
		names[name] = fmt.Sprintf("(node%08d)", i+1)
	}
	return elements.ReplaceAllFunc(raw, func(name []byte) []byte { return []byte(names[string(name)]) })
}

func entry(trailer []byte, pattern *regexp.Regexp) (int, error) {
	m := pattern.FindSubmatch(trailer)
	if m == nil {
		return 0, fmt.Errorf("its trailer has no %s", pattern)
	}
	return strconv.Atoi(string(m[1]))
}

// object is what the last object of a number holds.
func object(raw []byte, number int) ([]byte, error) {
	begin := fmt.Appendf(nil, "\n%d 0 obj\n", number)
	from := bytes.LastIndex(raw, begin)
	if from < 0 {
		return nil, fmt.Errorf("it has no object %d", number)
	}
	from += len(begin)
	length := bytes.Index(raw[from:], []byte("\nendobj"))
	if length < 0 || !bytes.HasSuffix(raw[from:from+length], []byte(">>")) {
		return nil, fmt.Errorf("its object %d has no end", number)
	}
	return raw[from : from+length], nil
}

// xmp is what the file says of itself in the form that archives read.
func xmp(about About) []byte {
	var b bytes.Buffer
	text := func(format, value string) {
		if value == "" {
			return
		}
		var escaped bytes.Buffer
		_ = xml.EscapeText(&escaped, []byte(value)) // a buffer takes everything
		fmt.Fprintf(&b, format+"\n", escaped.String())
	}
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + "\n" +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">` + "\n" +
		"<dc:format>application/pdf</dc:format>\n")
	text(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`, about.Title)
	text(`<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>`, about.Lang)
	text(`<dc:publisher><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:publisher>`, about.Publisher)
	text(`<dc:subject><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:subject>`, about.Subject)
	text("<xmp:CreateDate>%s</xmp:CreateDate>", about.Created.UTC().Format(time.RFC3339))
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return b.Bytes()
}
