package connectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// A worldBankQuestion is what one request asks for.
type worldBankQuestion struct {
	indicator  string
	countries  []string
	dates      string
	page, size int
}

// String words the question for messages.
func (q worldBankQuestion) String() string {
	if len(q.countries) == 1 {
		return fmt.Sprintf("page %d of %s for %s", q.page, q.indicator, q.countries[0])
	}
	return fmt.Sprintf("page %d of %s for %d economies", q.page, q.indicator, len(q.countries))
}

// A worldBankPage is an answer and what paging needs to know of it. There is no
// object when it has no observations.
type worldBankPage struct {
	object               *Object
	number, pages, total int
	rows                 int
	updated              string
}

// A worldBankRefusal is an error of the API, which comes with the status of
// success.
type worldBankRefusal struct{ id, key, value string }

// Error gives the API's own words, which hold nothing of ours.
func (r *worldBankRefusal) Error() string {
	return fmt.Sprintf("the World Bank answered with an error (%.20q, %.80q: %.200q)", r.id, r.key, r.value)
}

var errNoWorldBankPage = errors.New("the answer is not the list of two that the API documents: is url its address?")

// ask sends one question.
func (p *worldBankPull) ask(q worldBankQuestion) (pg worldBankPage, err error) {
	err = p.session.fetch(p.ctx, p.target(q), q.String(), func(r *http.Response, answered io.ReadCloser) error {
		defer answered.Close()
		body, err := io.ReadAll(answered)
		if err != nil {
			return err
		}
		media := r.Header.Get("Content-Type")
		if looksHTML(media, body[:min(len(body), 512)]) {
			return errors.New("the source answered with a web page instead of data: did its address change?")
		}
		if pg, err = readWorldBankPage(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))); err != nil {
			return contentError{err}
		}
		if pg.rows == 0 {
			return nil
		}
		if media == "" {
			media = "application/json"
		}
		pg.object = &Object{
			Name: fmt.Sprintf("%s/page-%06d.json", q.indicator, q.page), MediaType: media,
			Meta: map[string]string{"url": p.settings.URL, "lastupdated": pg.updated}, Body: io.NopCloser(bytes.NewReader(body)),
		}
		return nil
	})
	return pg, err
}

func readWorldBankPage(body []byte) (pg worldBankPage, err error) {
	var parts []json.RawMessage
	var head struct {
		Page, Pages, Total looseInt
		LastUpdated        *string
		Message            []struct{ ID, Key, Value string }
	}
	if json.Unmarshal(body, &parts) != nil || len(parts) == 0 || json.Unmarshal(parts[0], &head) != nil {
		return pg, errNoWorldBankPage
	}
	if len(head.Message) > 0 {
		m := head.Message[0]
		return pg, &worldBankRefusal{id: m.ID, key: m.Key, value: strings.Join(strings.Fields(m.Value), " ")}
	}
	var rows []json.RawMessage // null where there are none
	if len(parts) != 2 || json.Unmarshal(parts[1], &rows) != nil {
		return pg, errNoWorldBankPage
	}
	pg = worldBankPage{number: int(head.Page), pages: int(head.Pages), total: int(head.Total), rows: len(rows)}
	if head.LastUpdated != nil {
		pg.updated = *head.LastUpdated
	}
	return pg, nil
}
