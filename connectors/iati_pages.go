package connectors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// iatiMaxPages bounds what a service that does not page as it should can make us ask.
const iatiMaxPages = 100_000

// pages asks for the activities of a publisher, a page at a time. Both services say
// nothing of how many there are that can be relied on, and may give fewer at a time
// than they are asked for: only an empty page is the end.
func (p *iatiPull) pages(publisher string) error {
	folder := publisher
	if folder == "" {
		folder = strings.Join(p.c.settings.Countries, "-")
	}
	last := ""
	for number, start := 1, 0; ; number++ {
		if number > iatiMaxPages {
			return fmt.Errorf("pulling %s: more than %d pages: does the service page as it should?", folder, iatiMaxPages)
		}
		name := fmt.Sprintf("%s/activities-%06d.xml", folder, number)
		data, media, err := p.page(p.c.question(publisher, start), name)
		if err != nil {
			return err
		}
		count := activitiesIn(data)
		if count == 0 {
			p.forget(folder, number)
			return nil
		}
		mark := pageMark(data)
		if mark == last {
			return fmt.Errorf("pulling %s: it is the same as the page before: the service does not page as it should", name)
		}
		last = mark
		start += count
		if !p.isNew(name, mark) {
			continue
		}
		o := &Object{Name: name, MediaType: media, Meta: map[string]string{"url": p.place()}, Body: io.NopCloser(bytes.NewReader(data))}
		if err := p.give(o, mark); err != nil {
			return err
		}
	}
}

// forget drops the marks of pages that are no more, so that one that comes again is
// new.
func (p *iatiPull) forget(folder string, from int) {
	for number := from; ; number++ {
		name := fmt.Sprintf("%s/activities-%06d.xml", folder, number)
		if _, ok := p.seen[name]; !ok {
			return
		}
		delete(p.seen, name)
	}
}

// place is the address that is asked, without what is asked.
func (p *iatiPull) place() string {
	return (&url.URL{Scheme: p.c.wire.base.Scheme, Host: p.c.wire.base.Host, Path: p.c.wire.base.Path}).String()
}

// question is the address of a page, in an order that is the same at every pull.
func (c *iatiConnector) question(publisher string, start int) *url.URL {
	s, target := &c.settings, *c.wire.base
	query := target.Query()
	if s.Via == "dportal" {
		query.Set("from", "act")
		if publisher != "" {
			query.Set("reporting_ref", publisher)
		}
		if len(s.Countries) > 0 {
			query.Set("from", "act,country")
			query.Set("country_code", strings.Join(s.Countries, "|"))
		}
		query.Set("orderby", "aid")
		query.Set("limit", strconv.Itoa(s.PageSize))
		query.Set("offset", strconv.Itoa(start))
	} else {
		var terms []string
		if publisher != "" {
			terms = append(terms, fmt.Sprintf("reporting_org_ref:%q", publisher))
		}
		if len(s.Countries) > 0 {
			either := make([]string, len(s.Countries))
			for i, code := range s.Countries {
				either[i] = fmt.Sprintf("recipient_country_code:%[1]q OR transaction_recipient_country_code:%[1]q", code)
			}
			terms = append(terms, "("+strings.Join(either, " OR ")+")")
		}
		query.Set("q", strings.Join(terms, " AND "))
		query.Set("sort", "iati_identifier asc")
		query.Set("rows", strconv.Itoa(s.PageSize))
		query.Set("start", strconv.Itoa(start))
	}
	target.RawQuery = query.Encode()
	return &target
}

// page reads a page whole and makes sure that it is one.
func (p *iatiPull) page(u *url.URL, name string) (data []byte, media string, err error) {
	limit := p.c.settings.MaxPageBytes
	err = p.session.fetch(p.ctx, u, name, func(r *http.Response, body io.ReadCloser) (err error) {
		defer body.Close()
		if data, err = io.ReadAll(io.LimitReader(body, int64(limit)+1)); err != nil {
			return err
		}
		if Size(len(data)) > limit {
			return contentError{fmt.Errorf("the page has more than max_page_bytes (%s): set a smaller page_size, or raise the limit", limit)}
		}
		if media = r.Header.Get("Content-Type"); media == "" {
			media = "application/xml"
		}
		return checkPage(media, data)
	})
	return data, media, err
}

// checkPage refuses what is no file of IATI activities, or not all of one.
func checkPage(media string, data []byte) error {
	if looksHTML(media, data[:min(len(data), 512)]) {
		return errors.New("the source answered with a web page instead of data: maintenance, or another address?")
	}
	if !bytes.Contains(data[:min(len(data), 4096)], []byte("<iati-activities")) {
		return contentError{errors.New("the answer is no file of IATI activities: check url and via")}
	}
	end := bytes.TrimRight(data, " \t\r\n")
	if !bytes.HasSuffix(end, []byte("</iati-activities>")) && !bytes.HasSuffix(end, []byte("/>")) {
		return &temporaryError{err: errors.New("the answer ends before its last activity does"), broken: true}
	}
	return nil
}

// activitiesIn counts the activities of a page by their opening tags.
func activitiesIn(data []byte) (count int) {
	tag := []byte("<iati-activity")
	for {
		i := bytes.Index(data, tag)
		if i < 0 {
			return count
		}
		if data = data[i+len(tag):]; len(data) > 0 && strings.IndexByte(" \t\r\n>/", data[0]) >= 0 {
			count++
		}
	}
}

// pageMark is a digest of a page's activities. The element around them tells when the
// page was put together, which is another time at every pull.
func pageMark(data []byte) string {
	if i := bytes.Index(data, []byte("<iati-activities")); i >= 0 {
		if j := bytes.IndexByte(data[i:], '>'); j >= 0 {
			data = data[i+j:]
		}
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
