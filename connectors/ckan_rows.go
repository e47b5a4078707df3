package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"github.com/kp2mi/lindung/connectors/jsonscan"
)

// maxCKANPages ends a pull that a portal would never end.
const maxCKANPages = 1_000_000

// rows pulls what the portal keeps of a resource as rows. A page is handed on
// when the next one has been read: only the last carries the new position.
func (p *ckanPull) rows(r *ckanResource) error {
	if !r.DatastoreActive {
		return fmt.Errorf("pulling %s: the portal keeps no rows of it: leave it out (match, formats), or pull its file (datastore: false)", r.label())
	}
	query := url.Values{"resource_id": {r.ID}, "sort": {"_id"}, "limit": {strconv.Itoa(p.c.settings.PageSize)}}
	var held *ckanRows
	read, total := 0, -1
	for number := 1; ; number++ {
		place := fmt.Sprintf("page %d of %s", number, r.label())
		if number > maxCKANPages {
			return fmt.Errorf("pulling %s: there is no end of pages: raise page_size, or tell the portal's owner", place)
		}
		answer, err := p.ask("datastore_search", query, place)
		if err != nil {
			return err
		}
		page, err := scanCKANRows(answer)
		if err == nil && held != nil && page.items > 0 && page.first <= held.last {
			err = fmt.Errorf("its first row (_id %d) does not come after the last one of the page before (_id %d): the portal does not sort by _id, so that rows would be lost: pull its file (datastore: false)", page.first, held.last)
		}
		if err != nil {
			return fmt.Errorf("pulling %s: %w", place, err)
		}
		page.number = number
		if number == 1 {
			total = page.total
		}
		read += page.items
		if held != nil && page.items > 0 {
			if err := p.giveRows(r, held, nil); err != nil {
				return err
			}
		}
		if held == nil || page.items > 0 {
			held = page
		}
		if page.items == 0 || total >= 0 && read >= total || !page.askNext(query, read) {
			break
		}
	}
	if read < total {
		return fmt.Errorf("pulling %s: %w: the portal says that it has %d rows and gives %d: ask again", r.label(), ErrUnavailable, total, read)
	}
	position, err := p.pulled(r)
	if err != nil {
		return err
	}
	return p.giveRows(r, held, position)
}

func (p *ckanPull) giveRows(r *ckanResource, page *ckanRows, position json.RawMessage) error {
	o := &Object{MediaType: "application/json", Position: position, Body: io.NopCloser(bytes.NewReader(page.body)),
		Meta: map[string]string{"url": p.action("datastore_search", url.Values{"resource_id": {r.ID}}).String()}}
	p.describe(o, r, fmt.Sprintf("page-%06d.json", page.number))
	if !p.yield(o) {
		return errEnough
	}
	return nil
}

// A ckanRows is one answer of datastore_search.
type ckanRows struct {
	page
	first, last int64  // numbers of its rows
	after       string // filters that ask for what comes after them; "" from older portals
}

func scanCKANRows(answer []byte) (*ckanRows, error) {
	r := &ckanRows{page: page{body: answer}}
	if err := r.scan(&RESTPaging{ItemsPath: "result.records", TotalPath: "result.total"}); err != nil || r.items == 0 {
		return r, err
	}
	text := jsonscan.Text{Data: answer, Final: true}
	start, err := text.Space(0)
	if err != nil {
		return nil, err
	}
	for _, row := range []struct {
		index  int
		number *int64
	}{{0, &r.first}, {r.items - 1, &r.last}} {
		at, ok := lookup(text, start, fmt.Sprintf("result.records.%d._id", row.index))
		if ok {
			*row.number, err = strconv.ParseInt(scalar(text, at), 10, 64)
		}
		if !ok || err != nil {
			return nil, fmt.Errorf("row %d has no number _id, which tells where to go on: pull its file (datastore: false)", row.index+1)
		}
	}
	if r.last-r.first < int64(r.items)-1 {
		return nil, errors.New("its rows are not in the order of _id: pull its file (datastore: false)")
	}
	if at, ok := lookup(text, start, "result.next_page.filters"); ok && text.Data[at] == '{' {
		end, err := text.Value(at)
		if err != nil {
			return nil, err
		}
		r.after = string(text.Data[at:end])
	}
	return r, nil
}

// askNext turns a question into that for the page after; read is how many rows
// came so far. A portal that said once what comes after a page, and does so no
// more, has no more pages.
func (r *ckanRows) askNext(query url.Values, read int) (more bool) {
	switch {
	case r.after != "":
		query.Set("filters", r.after)
	case query.Has("filters"):
		return false
	default:
		query.Set("offset", strconv.Itoa(read))
	}
	return true
}
