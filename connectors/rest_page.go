package connectors

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

// A page is one answer that was read whole, and what paging needs to know of it.
type page struct {
	number int
	body   []byte
	object Object
	url    *url.URL
	links  []string

	items   int
	digest  [32]byte // of the items' bytes: meta data such as a request id may differ
	next    string   // cursor or address of the next page
	total   int      // items in all, -1 when not told
	updated instant  // newest change among the items
	last    struct{ updated, key string }
	first   instant
}

// scan reads what paging needs. Items are only looked at where paths ask for it;
// what they mean is not ours to know.
func (p *page) scan(paging *RESTPaging) error {
	text := jsonscan.Text{Data: bytes.TrimPrefix(p.body, []byte("\xEF\xBB\xBF")), Final: true}
	start, err := wholeDocument(text)
	if err != nil {
		return fmt.Errorf("the answer is not JSON: %w", err)
	}
	items, ok := lookup(text, start, paging.ItemsPath)
	if !ok {
		return fmt.Errorf("the answer has no %q: check paging.items_path", paging.ItemsPath)
	}
	p.total = -1
	if at, ok := lookup(text, start, paging.TotalPath); ok && paging.TotalPath != "" {
		if p.total, err = strconv.Atoi(scalar(text, at)); err != nil || p.total < 0 {
			return fmt.Errorf("%q holds no number: check paging.total_path", paging.TotalPath)
		}
	}
	if at, ok := lookup(text, start, paging.CursorPath); ok && paging.CursorPath != "" {
		p.next = scalar(text, at)
	}
	return p.scanItems(text, items, paging)
}

// wholeDocument makes sure that a text is one JSON document, and says where it
// begins.
func wholeDocument(text jsonscan.Text) (start int, err error) {
	start, err = text.Space(0)
	if err == nil {
		var end int
		if end, err = text.Value(start); err == nil {
			err = text.End(end)
		}
	}
	return start, err
}

func (p *page) scanItems(text jsonscan.Text, at int, paging *RESTPaging) error {
	if text.Data[at] == 'n' {
		return nil // null: no items
	}
	if text.Data[at] != '[' {
		return fmt.Errorf("%q is not a list: check paging.items_path", paging.ItemsPath)
	}
	i, more, err := text.First(at, ']')
	for more && err == nil {
		p.items++
		if err := p.scanItem(text, i, paging); err != nil {
			return fmt.Errorf("item %d: %w", p.items, err)
		}
		if i, err = text.Value(i); err == nil {
			i, more, err = text.Next(i, ']')
		}
	}
	if err == nil {
		p.digest = sha256.Sum256(text.Data[at:i])
	}
	return err
}

// scanItem notes when an item changed and, for keyset paging, checks that the
// items come in the order that the paging rests on.
func (p *page) scanItem(text jsonscan.Text, i int, paging *RESTPaging) error {
	if paging.UpdatedPath == "" {
		return nil
	}
	at, ok := lookup(text, i, paging.UpdatedPath)
	written := ""
	if ok {
		written = scalar(text, at)
	}
	if written == "" {
		return fmt.Errorf("there is no %q: check paging.updated_path", paging.UpdatedPath)
	}
	updated, err := parseInstant(written)
	if err != nil {
		return fmt.Errorf("%s: %w", paging.UpdatedPath, err)
	}
	if p.items == 1 {
		p.first = updated
	}
	newest := p.items == 1 || updated.After(p.updated.Time)
	if paging.Kind != "keyset" {
		if newest {
			p.updated = updated
		}
		return nil
	}
	if !newest && updated.Before(p.updated.Time) {
		return errors.New("it changed before the item above it: keyset paging needs the source to sort by updated_path, key_path")
	}
	p.updated, p.last.updated = updated, written
	p.last.key = ""
	if at, ok := lookup(text, i, paging.KeyPath); ok {
		p.last.key = scalar(text, at)
	}
	if p.last.key == "" {
		return fmt.Errorf("there is no %q: check paging.key_path", paging.KeyPath)
	}
	return nil
}

// lookup finds the value at a path of members and list indexes, from the value
// at i. The text was found to be well formed before.
func lookup(text jsonscan.Text, i int, path string) (at int, ok bool) {
	if path == "" {
		return i, true
	}
	for part := range strings.SplitSeq(path, ".") {
		if i, ok = step(text, i, part); !ok {
			return 0, false
		}
	}
	return i, true
}

func step(text jsonscan.Text, i int, part string) (at int, ok bool) {
	closing := byte('}')
	index := -1
	switch text.Data[i] {
	case '{':
	case '[':
		closing = ']'
		n, err := strconv.Atoi(part)
		if err != nil {
			return 0, false
		}
		index = n
	default:
		return 0, false
	}
	i, more, err := text.First(i, closing)
	for n := 0; more && err == nil; n++ {
		value := i
		if closing == '}' {
			raw, form, v, keyErr := text.Key(i)
			if keyErr != nil {
				return 0, false
			}
			value = v
			if string(raw) == part {
				return value, true
			}
			if form&jsonscan.Escaped != 0 {
				if name, _ := jsonscan.AppendText(nil, raw, form); string(name) == part {
					return value, true
				}
			}
		} else if n == index {
			return value, true
		}
		if i, err = text.Value(value); err == nil {
			i, more, err = text.Next(i, closing)
		}
	}
	return 0, false
}

// scalar returns the text of a string or number; "" for null and for what has no
// text. A false cursor, as some sources end with, has none either.
func scalar(text jsonscan.Text, at int) string {
	switch c := text.Data[at]; {
	case c == '"':
		end, form, err := text.String(at)
		if err != nil {
			return ""
		}
		s, _ := jsonscan.AppendText(nil, text.Data[at+1:end-1], form)
		return string(s)
	case c == '-' || '0' <= c && c <= '9':
		if end, err := text.Number(at); err == nil {
			return string(text.Data[at:end])
		}
	}
	return ""
}

// looksHTML reports an answer that is a web page, by its label or by its look.
func looksHTML(contentType string, head []byte) bool {
	if t, _, err := mime.ParseMediaType(contentType); err == nil && (t == "text/html" || t == "application/xhtml+xml") {
		return true
	}
	head = bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}
