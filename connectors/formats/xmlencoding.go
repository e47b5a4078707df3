package formats

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// xmlEncoding is what an XML document says of its encoding.
var xmlEncoding = regexp.MustCompile(`^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// decodeXML returns a reader of the document as UTF-8, by its byte order mark or by
// the encoding that it declares.
func decodeXML(r io.Reader) (text io.Reader, translated bool, err error) {
	const head = 1024
	whole := bufio.NewReaderSize(r, head)
	begin, err := whole.Peek(head)
	if err != nil && err != io.EOF {
		return nil, false, err
	}
	if what := foreignFormat(begin); what != "" {
		return nil, false, fmt.Errorf("this is %s, not XML: name its kind under formats", what)
	}
	begin = bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if page := bytes.ToLower(begin); bytes.HasPrefix(page, []byte("<!doctype html")) || bytes.HasPrefix(page, []byte("<html")) {
		return nil, false, errors.New("this is a web page, not a document of data: look at it for a login or an error")
	}
	encoding := "utf-8"
	if m := xmlEncoding.FindSubmatch(begin); m != nil {
		encoding = string(m[1])
	}
	switch strings.ToLower(encoding) {
	case "us-ascii", "ascii":
		encoding = "utf-8"
	case "auto":
		return nil, false, errors.New("the document declares the encoding auto, which is none")
	}
	if err := checkEncoding(encoding); err != nil {
		return nil, false, fmt.Errorf("the document declares its encoding: %w", err)
	}
	if strings.HasPrefix(strings.ToLower(encoding), "utf-16") {
		encoding = "utf-8" // without a mark the declaration could not have been read
	}
	return decodeText(whole, encoding)
}
