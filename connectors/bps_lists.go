package connectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A bpsTable is one variable in one domain.
type bpsTable struct {
	domain   string
	variable int
}

func (t bpsTable) name() string { return fmt.Sprintf("%s/%d", t.domain, t.variable) }

// String words the table for messages.
func (t bpsTable) String() string {
	return fmt.Sprintf("BPS variable %d in domain %s", t.variable, t.domain)
}

// A bpsYear is a year as BPS codes it: counted from 1900.
type bpsYear int

func (y bpsYear) code() string { return strconv.Itoa(int(y)) }
func (y bpsYear) year() int    { return int(y) + 1900 }

// within says whether the year has days in the window.
func (y bpsYear) within(w Window) bool {
	first := time.Date(y.year(), 1, 1, 0, 0, 0, 0, sourceZone)
	return (w.To.IsZero() || first.Before(w.To)) && (w.From.IsZero() || first.AddDate(1, 0, 0).After(w.From))
}

// bpsStatus is what every answer begins with.
type bpsStatus struct {
	Status       string `json:"status"`
	Message      string `json:"message"`
	Availability string `json:"data-availability"`
}

// available is false where BPS says that it has nothing, which is no error.
func (s *bpsStatus) available() bool {
	return s.Availability != "list-not-available" && s.Availability != "not-available"
}

// problem words an answer that is none; its message may repeat the question.
func (s *bpsStatus) problem(key string) error {
	switch {
	case s.Status == "":
		return errors.New("the answer has no status: is url the address of BPS's web service?")
	case !strings.EqualFold(s.Status, "OK"):
		return fmt.Errorf("BPS answered with status %.40q (%.200q): check key, domain and variables", s.Status, strings.ReplaceAll(s.Message, key, masked))
	}
	return nil
}

// bpsData is what matters here of an answer with values.
type bpsData struct {
	bpsStatus
	LastUpdate string `json:"last_update"`
	Years      []struct {
		Code json.RawMessage `json:"val"`
	} `json:"tahun"`
	Values json.RawMessage `json:"datacontent"`
}

// isOf says whether the answer has values, and names the year if it names years.
func (d *bpsData) isOf(year bpsYear) bool {
	for _, y := range d.Years {
		if strings.Trim(string(y.Code), `"`) == year.code() {
			return true
		}
	}
	return len(d.Years) == 0 && len(d.Values) > 0
}

// bpsList is one page of a list: how many pages there are, then the entries.
type bpsList struct {
	bpsStatus
	Data []json.RawMessage `json:"data"`
}

// UnmarshalJSON lets data be "" or null, as it is where there is nothing.
func (l *bpsList) UnmarshalJSON(text []byte) error {
	var answer struct {
		bpsStatus
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return err
	}
	l.bpsStatus, l.Data = answer.bpsStatus, nil
	if len(answer.Data) == 0 || answer.Data[0] != '[' {
		return nil
	}
	return json.Unmarshal(answer.Data, &l.Data)
}

// years lists the years of a table that are wanted, newest first.
func (p *bpsPull) years(t bpsTable) (years []bpsYear, err error) {
	listed := 0
	for page := 1; ; page++ {
		place := fmt.Sprintf("page %d of the years of %s", page, t)
		if page > bpsMaxPages {
			return nil, fmt.Errorf("pulling %s: more than %d pages: the service does not heed the page number", place, bpsMaxPages)
		}
		var list bpsList
		if _, _, err := p.ask(place, &list, "th", "domain", t.domain, "var", strconv.Itoa(t.variable), "page", strconv.Itoa(page)); err != nil {
			return nil, err
		}
		if !list.available() {
			break
		}
		var pages struct{ Page, Pages, Total looseInt }
		var entries []struct {
			Code looseInt `json:"th_id"`
		}
		if len(list.Data) != 2 || json.Unmarshal(list.Data[0], &pages) != nil || json.Unmarshal(list.Data[1], &entries) != nil {
			return nil, fmt.Errorf("pulling %s: the answer is no list of years with its pages: is url the address of BPS's web service?", place)
		}
		for _, e := range entries {
			year := bpsYear(e.Code)
			if year.year() < 1900 || year.year() > 2200 || slices.Contains(years, year) {
				return nil, fmt.Errorf("pulling %s: the year code %d is none, or stands there twice: the service has changed", place, e.Code)
			}
			years = append(years, year)
		}
		listed += len(entries)
		if int(pages.Page) != page {
			return nil, fmt.Errorf("pulling %s: the service answered page %d: it does not heed the page number", place, pages.Page)
		}
		if page >= int(pages.Pages) {
			if listed != int(pages.Total) {
				return nil, fmt.Errorf("pulling %s: the service says that there are %d years and listed %d: ask again", place, pages.Total, listed)
			}
			break
		}
	}
	years = slices.DeleteFunc(years, func(y bpsYear) bool {
		return y.year() < p.settings.Start || p.settings.End != 0 && y.year() > p.settings.End || !y.within(p.req.Window)
	})
	slices.SortFunc(years, func(a, b bpsYear) int { return int(b) - int(a) })
	return years, nil
}

// A looseInt is a whole number that a source writes with or without quotes.
type looseInt int

// UnmarshalJSON reads 7 and "7"; null leaves the number as it is.
func (n *looseInt) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	i, err := strconv.Atoi(strings.Trim(string(text), `"`))
	if err != nil {
		return errors.New("this is no whole number")
	}
	*n = looseInt(i)
	return nil
}
