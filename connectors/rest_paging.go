package connectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// errRepeats words a source that does not move on.
func (p *restPull) errRepeats(number int) error {
	return fmt.Errorf("pulling %s: it repeats the page before: the source does not heed the paging parameters, check paging", p.place(number))
}

// pages pulls with page numbers, offsets, cursors or links. Page n is handed on
// when n+1 has been read: only then is it known whether n is the last one, which
// alone carries the new position.
//
// Numbers and offsets end with an empty page (or at total_path), not with a
// short one: a source may give fewer items than asked for.
func (p *restPull) pages(base *url.URL) error {
	paging := &p.c.settings.Paging
	query := p.query(base)
	number, offset := 0, 0
	asked := map[string]bool{}
	var held *page
	var newest time.Time
	next, err := p.firstURL(base, query)
	for err == nil && next != nil {
		if number++; number > paging.MaxPages {
			return fmt.Errorf("pulling %s: more than max_pages (%d) pages: check paging, or raise the limit", p.place(number), paging.MaxPages)
		}
		var pg *page
		if pg, err = p.page(next, number); err != nil {
			return err
		}
		if pg == nil {
			break
		}
		if held != nil && pg.items > 0 && held.digest == pg.digest {
			return p.errRepeats(number)
		}
		// Rows that are added meanwhile come on a later page, or again. Rows that are
		// taken away move others to pages that were read already.
		if held != nil && pg.items > 0 && pg.total >= 0 && pg.total < held.total {
			return fmt.Errorf("pulling %s: the source had %d items and has %d now, so some may have been passed over: pull again", p.place(number), held.total, pg.total)
		}
		offset += pg.items
		asked[next.String()] = true
		if next, err = p.nextURL(base, query, pg, offset); err != nil {
			return fmt.Errorf("pulling %s: %w", p.place(number), err)
		}
		if next != nil && asked[next.String()] {
			return p.errRepeats(number + 1)
		}
		if pg.updated.After(newest) {
			newest = pg.updated.Time
		}
		if pg.items == 0 && (number > 1 || p.limited()) {
			continue
		}
		if held != nil {
			if err := p.give(held); err != nil {
				return err
			}
		}
		held = pg
	}
	if err != nil || held == nil {
		return err
	}
	if held.object.Position, err = p.sincePosition(newest); err != nil {
		return err
	}
	return p.give(held)
}

// limited reports whether the pull asks for a part only; then no items means
// that nothing is new, and is no object.
func (p *restPull) limited() bool {
	return p.role == Data && (len(p.req.Position) > 0 || !p.req.Window.IsZero())
}

func (p *restPull) firstURL(base *url.URL, query url.Values) (*url.URL, error) {
	paging := &p.c.settings.Paging
	switch paging.Kind {
	case "page":
		query.Set(paging.Param, strconv.Itoa(paging.Start))
	case "offset":
		query.Set(paging.Param, "0")
	}
	return withQuery(base, query), nil
}

// nextURL is the address after a page, nil after the last. offset counts the
// items so far.
func (p *restPull) nextURL(base *url.URL, query url.Values, pg *page, offset int) (*url.URL, error) {
	paging := &p.c.settings.Paging
	switch paging.Kind {
	case "page", "offset":
		if pg.items == 0 {
			if pg.total > offset {
				return nil, fmt.Errorf("the source says that there are %d items and stops after %d: ask again", pg.total, offset)
			}
			return nil, nil
		}
		if pg.total >= 0 && offset >= pg.total {
			return nil, nil
		}
		value := offset
		if paging.Kind == "page" {
			value = paging.Start + pg.number
		}
		query.Set(paging.Param, strconv.Itoa(value))
	case "cursor":
		if pg.next == "" {
			return nil, nil
		}
		query.Set(paging.Param, pg.next)
	case "link":
		return p.linkedURL(pg)
	}
	return withQuery(base, query), nil
}

func (p *restPull) linkedURL(pg *page) (*url.URL, error) {
	target := pg.next
	if p.c.settings.Paging.CursorPath == "" {
		target = nextLink(pg.links)
	}
	if target == "" {
		return nil, nil
	}
	next, err := pg.url.Parse(target)
	if err != nil || next.User != nil {
		return nil, errors.New("the link to the next page is no address")
	}
	next.Fragment = ""
	if err := p.c.checkHost(next, "a link"); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return next, nil
}

func withQuery(base *url.URL, query url.Values) *url.URL {
	u := *base
	u.RawQuery = query.Encode()
	return &u
}

// keyset pulls the rows after the committed (updated, key), page by page, each
// page with its own position. The first request of a pull with lookback goes
// back in time and names no key; rows that are read again are harmless, and a
// row that was committed late with an older instant is found.
func (p *restPull) keyset() error {
	s := &p.c.settings
	query := p.query(p.c.base)
	committed, updated, key := instant{}, p.position.Updated, p.position.Key
	if updated != "" {
		var err error
		if committed, err = parseInstant(updated); err != nil {
			return fmt.Errorf("reading the position of %s: %w", p.place(0), err)
		}
		if p.req.Lookback > 0 {
			updated, key = committed.write(committed.Add(-p.req.Lookback)), ""
		}
	}
	var before *page
	for number := 1; ; number++ {
		if number > s.Paging.MaxPages {
			return fmt.Errorf("pulling %s: more than max_pages (%d) pages: check paging, or raise the limit", p.place(number), s.Paging.MaxPages)
		}
		setOrDelete(query, s.sinceParam(), updated)
		setOrDelete(query, s.Paging.AfterKeyParam, key)
		pg, err := p.page(withQuery(p.c.base, query), number)
		if err != nil {
			return err
		}
		if pg == nil || pg.items == 0 && (number > 1 || p.limited()) {
			return nil
		}
		if before != nil && pg.items > 0 && (pg.digest == before.digest || pg.last == before.last) {
			return p.errRepeats(number)
		}
		if before != nil && pg.items > 0 && pg.first.Before(before.updated.Time) {
			return fmt.Errorf("pulling %s: its first item changed before the last of the page before: keyset paging needs the source to sort by updated_path, key_path", p.place(number))
		}
		// Pages of the lookback do not move the position backwards.
		if p.req.Window.IsZero() && pg.items > 0 && !pg.updated.Before(committed.Time) {
			if pg.object.Position, err = json.Marshal(restPosition{Updated: pg.last.updated, Key: pg.last.key}); err != nil {
				return fmt.Errorf("writing the position of %s: %w", p.place(number), err)
			}
		}
		if err := p.give(pg); err != nil || pg.items == 0 {
			return err
		}
		before, updated, key = pg, pg.last.updated, pg.last.key
	}
}

func setOrDelete(query url.Values, name, value string) {
	if value == "" {
		query.Del(name)
		return
	}
	query.Set(name, value)
}
