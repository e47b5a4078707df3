package connectors

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
)

// maxExpansion is how many times its size an answer may unpack to, once it is
// larger than any that matters.
const (
	maxExpansion  = 250
	freeExpansion = 16 * MiB
)

// decoded undoes the coding of an answer. Answers are asked for as they are, and
// some servers pack them all the same; an answer in another coding than gzip, or
// one that is not what it says, is an error. What is called .gz is a file and stays
// as it is, whatever the server says about it.
func decoded(r *http.Response, body *idleBody) (io.ReadCloser, error) {
	coding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding")))
	switch {
	case coding == "" || coding == "identity" || strings.EqualFold(path.Ext(r.Request.URL.Path), ".gz"):
		return body, nil
	case coding != "gzip" && coding != "x-gzip":
		return nil, contentError{errors.New("the answer is packed in a way that we did not ask for (Content-Encoding): tell the source's owner")}
	case r.StatusCode == http.StatusNoContent || r.StatusCode == http.StatusNotModified:
		return body, nil
	}
	packed := &countedBody{body: body}
	unpacked, err := gzip.NewReader(bufio.NewReader(packed))
	if err != nil {
		return nil, packed.word(err)
	}
	return &gzipBody{r: unpacked, packed: packed, limit: body.limit}, nil
}

// countedBody remembers how much came, and why no more did.
type countedBody struct {
	body   io.ReadCloser
	n      Size
	failed error
}

func (c *countedBody) Read(p []byte) (int, error) {
	n, err := c.body.Read(p)
	c.n += Size(n)
	if err != nil && err != io.EOF {
		c.failed = err
	}
	return n, err
}

func (c *countedBody) word(err error) error {
	if c.failed != nil {
		return c.failed
	}
	return contentError{fmt.Errorf("the answer says that it is gzip, and is not, or not all of it: ask again, or tell the source's owner: %w", err)}
}

// gzipBody unpacks an answer within the limits of what it may be.
type gzipBody struct {
	r      io.Reader
	packed *countedBody
	limit  int64
	n      Size
}

func (g *gzipBody) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.n += Size(n)
	if int64(g.n) > g.limit || g.n > freeExpansion && g.n > maxExpansion*max(g.packed.n, 1) {
		return 0, contentError{fmt.Errorf("the answer unpacks to more than %s or to %d times its size: raise the limit, or ask for less at a time", Size(g.limit), maxExpansion)}
	}
	if err != nil && err != io.EOF {
		err = g.packed.word(err)
	}
	return n, err
}

func (g *gzipBody) Close() error { return g.packed.body.Close() }
