package samples

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// client talks to the sample services as a patient program does.
type client struct {
	t       *testing.T
	base    string
	token   string
	refused map[int]int
}

func serve(t *testing.T, w *World, now *time.Time) *client {
	t.Helper()
	srv := httptest.NewServer(w.Handler(func() time.Time { return *now }))
	t.Cleanup(srv.Close)
	return &client{t: t, base: srv.URL, refused: map[int]int{}}
}

func (c *client) logIn() {
	c.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {ClientID}, "client_secret": {ClientSecret}}
	res, err := http.PostForm(c.base+"/siskop2mi/oauth/token", form)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.Type != "Bearer" || answer.Expires != 3600 {
		c.t.Fatalf("token answer %+v (%v)", answer, err)
	}
	c.token = answer.Token
}

// try sends one request.
func (c *client) try(path string, query url.Values) (int, string, http.Header) {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodGet, c.base+path+"?"+query.Encode(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set(APIKeyHeader, APIKey)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, string(body), res.Header
}

// get repeats what was refused for a moment.
func (c *client) get(path string, query url.Values) string {
	c.t.Helper()
	for range 3 {
		status, body, header := c.try(path, query)
		switch {
		case status == http.StatusOK:
			return body
		case (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) && header.Get("Retry-After") != "":
			c.refused[status]++
		default:
			c.t.Fatalf("%s answers %d: %s", path, status, body)
		}
	}
	c.t.Fatalf("%s refuses three times running", path)
	return ""
}

type siskoAnswer struct {
	Data []struct {
		ID      string `json:"id"`
		Status  string `json:"status"`
		Day     string `json:"tgl_selesai"`
		Updated string `json:"updated_at"`
	} `json:"data"`
	More bool `json:"has_more"`
}

// pull goes through all pages from a place on, and gives the place it came to.
func (c *client) pull(limit int, since, id string, extra url.Values) (ids []string, newSince, newID string) {
	c.t.Helper()
	for {
		q := url.Values{"limit": {strconv.Itoa(limit)}}
		for k, v := range extra {
			q[k] = v
		}
		if since != "" {
			q.Set("updated_since", since)
			q.Set("after_id", id)
		}
		var page siskoAnswer
		if body := c.get("/siskop2mi/v1/placements", q); json.Unmarshal([]byte(body), &page) != nil {
			c.t.Fatalf("a page is no JSON: %.200s", body)
		}
		for _, x := range page.Data {
			ids = append(ids, x.ID+" "+x.Updated)
			since, id = x.Updated, x.ID
		}
		if !page.More {
			return ids, since, id
		}
	}
}

func TestKeysetPagingLosesAndDoublesNothing(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .02})
	now := Deliveries()[2]
	c := serve(t, w, &now)
	c.logIn()
	whole, _, _ := c.pull(5000, "", "", nil)
	if want := w.years[3].n; len(whole) < want {
		t.Fatalf("%d records, want at least the %d placements of 2025", len(whole), want)
	}
	for _, limit := range []int{1000, 137} { // many records share a minute, so pages end in the middle of one
		pages, _, _ := c.pull(limit, "", "", nil)
		same(t, fmt.Sprintf("records in pages of %d", limit), strings.Join(pages, "\n"), strings.Join(whole, "\n"))
	}
	if c.refused[http.StatusTooManyRequests] == 0 {
		t.Error("no request was answered 429")
	}
}

func TestOnlyWhatWasKnownIsServed(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .05})
	now := Deliveries()[0]
	c := serve(t, w, &now)
	c.logIn()
	first, since, id := c.pull(5000, "", "", nil)
	same(t, "records of 2025 in January 2024", len(first), 0)

	now = Deliveries()[1]
	c.logIn()
	second, since, id := c.pull(5000, since, id, nil)
	now = Deliveries()[2]
	c.logIn()
	third, _, _ := c.pull(5000, since, id, nil)

	l := w.Ledger(now).Feeds[FeedPlacements2025]
	same(t, "records of both pulls", len(second)+len(third), l.Records)
	distinct, doubled := map[string]bool{}, 0
	for _, x := range append(second, third...) {
		if distinct[x] {
			doubled++
		}
		distinct[x] = true
	}
	same(t, "exact duplicates", doubled, l.Duplicates)
	standing := map[string]bool{}
	for x := range distinct {
		if id, _, _ := strings.Cut(x, " "); id[8] != '9' {
			standing[id] = true
		}
	}
	same(t, "standing records", len(standing), l.Current)
	same(t, "placements and cancelled ones", l.Current, w.years[3].n+l.Cancelled)
}

func TestAWindowLimitsWhatABackfillGets(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .02})
	now := Deliveries()[2]
	c := serve(t, w, &now)
	c.logIn()
	window := url.Values{"selesai_dari": {"2025-03-01T00:00:00+07:00"}, "selesai_sebelum": {"2025-04-01T00:00:00+07:00"}}
	got, _, _ := c.pull(300, "", "", window)
	march := int(w.years[3].monthStart[3] - w.years[3].monthStart[2])
	if len(got) < march || len(got) > march+march/20 {
		t.Errorf("%d records in March's window, which has %d placements", len(got), march)
	}
}

func TestServicesAskWhoIsThere(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .001})
	now := Deliveries()[1]
	c := serve(t, w, &now)
	if status, _, _ := c.try("/siskop2mi/v1/placements", nil); status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", status)
	}
	c.logIn()
	now = now.Add(2 * time.Hour)
	if status, _, _ := c.try("/siskop2mi/v1/placements", nil); status != http.StatusUnauthorized {
		t.Errorf("with a token that has run out: %d", status)
	}
	res, err := http.PostForm(c.base+"/siskop2mi/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {ClientID}, "client_secret": {"x"}})
	if err != nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong secret: %v %v", res, err)
	}
	r, _ := http.NewRequest(http.MethodGet, c.base+"/pengaduan/v1/kasus", nil)
	if res, err := http.DefaultClient.Do(r); err != nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a key: %v %v", res, err)
	}
	c.logIn()
	if status, _, _ := c.try("/siskop2mi/v1/placements", url.Values{"limit": {"many"}}); status != http.StatusBadRequest {
		t.Errorf("a limit that is no number: %d", status)
	}
}

// items goes through the numbered pages.
func (c *client) items(path string, size int, since string) []map[string]any {
	c.t.Helper()
	var out []map[string]any
	for page := 1; ; page++ {
		var answer struct {
			Data  []map[string]any `json:"data"`
			Total int              `json:"total"`
		}
		q := url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(size)}}
		if since != "" {
			q.Set("updated_since", since)
		}
		if err := json.Unmarshal([]byte(c.get(path, q)), &answer); err != nil {
			c.t.Fatal(err)
		}
		out = append(out, answer.Data...)
		if len(answer.Data) == 0 {
			same(c.t, "total", len(out), answer.Total)
			return out
		}
	}
}

func TestCasesStandAsTheirEventsSay(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .1})
	now := Deliveries()[1]
	c := serve(t, w, &now)
	newest := map[string]string{}
	for _, e := range c.items("/pengaduan/v1/peristiwa", 400, "") {
		newest[e["nomor"].(string)] = e["status"].(string) // they come in the order in which they were written down
	}
	cases := 0
	for _, x := range c.items("/pengaduan/v1/kasus", 100, "") {
		number := x["nomor"].(string)
		if number[8] == '9' { // broken records
			continue
		}
		cases++
		if x["status"] != newest[number] {
			t.Errorf("%s is %v, its last event says %s", number, x["status"], newest[number])
		}
	}
	same(t, "cases", cases, len(newest))
	if c.refused[http.StatusServiceUnavailable] == 0 {
		t.Error("no request was answered 503")
	}
}

func TestLookingBackFindsWhatCameLate(t *testing.T) {
	w := national()
	now := Deliveries()[1]
	c := serve(t, w, &now)
	seen, last := map[string]bool{}, ""
	name := func(e map[string]any) string { return fmt.Sprint(e["nomor"], "|", e["urut"]) }
	for _, e := range c.items("/pengaduan/v1/peristiwa", 5000, "") {
		seen[name(e)] = true
		last = e["dicatat"].(string)
	}
	position, err := time.Parse(time.RFC3339, last)
	if err != nil {
		t.Fatal(err)
	}
	now = Deliveries()[2]
	missed := 0
	for _, e := range c.items("/pengaduan/v1/peristiwa", 5000, position.Add(-Lookback).Format(time.RFC3339)) {
		if written, _ := time.Parse(time.RFC3339, e["dicatat"].(string)); !seen[name(e)] && !written.After(position) {
			missed++
		}
		seen[name(e)] = true
	}
	same(t, "events after both pulls", len(seen), len(c.items("/pengaduan/v1/peristiwa", 5000, "")))
	if missed == 0 {
		t.Error("no event came to light late, so nothing shows what the lookback is for")
	}
}

func TestRemittancesAddUpToWhatIsPublished(t *testing.T) {
	now := Deliveries()[2]
	c := serve(t, New(Options{Seed: 1, Scale: .001}), &now)
	read := func() (years map[string]int, quarters map[string]int, named map[string]int) {
		in := csv.NewReader(strings.NewReader(c.get("/remitansi/v1/triwulanan.csv", nil)))
		in.Comma = ';'
		rows, err := in.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		years, quarters, named = map[string]int{}, map[string]int{}, map[string]int{}
		for _, row := range rows[1:] {
			n, err := strconv.Atoi(strings.NewReplacer(".", "", ",", "").Replace(row[4]))
			if err != nil {
				t.Fatal(err)
			}
			years[row[0]] += n
			quarters[row[0]+"-"+row[1]] += n
			named[row[0]+" "+row[2]] += n
		}
		return years, quarters, named
	}
	years, quarters, named := read()
	for year, want := range map[string]int{"2021": 916404, "2022": 1285000, "2023": 1422000, "2024": 1570000, "2025": 840000} {
		same(t, year, years[year], want)
	}
	for quarter, want := range map[string]int{"2021-1": 225998, "2021-2": 227698, "2021-3": 230307, "2021-4": 232401, "2025-2": 420000} {
		same(t, quarter, quarters[quarter], want)
	}
	same(t, "2021 Arab Saudi", named["2021 Arab Saudi"], 282000)
	same(t, "2021 Yordania", named["2021 Yordania"], 17705)
	if _, there := quarters["2025-3"]; there {
		t.Error("a quarter that is not published has a line")
	}
	now = Deliveries()[0]
	years, quarters, named = read()
	same(t, "2021 in January 2024", years["2021"], 916404)
	same(t, "Suriah in January 2024", named["2021 Suriah"] > 0, true)
	if _, there := quarters["2023-4"]; there {
		t.Error("the last quarter of 2023 is there two weeks after it ended")
	}
}
