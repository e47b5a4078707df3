package samples

import (
	"bufio"
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Limits of the sample services: what a page holds at most, and when they ask
// for patience. Every nth request for data is turned away, so that a client that
// cannot wait fails soon, and always at the same place.
const (
	maxPage       = 5000
	refuseEvery   = 97
	refuseFirst   = 4
	unavailableAt = 2
	tokenLife     = 3600
)

// services are the sample systems behind one address.
type services struct {
	w              *World
	now            func() time.Time
	sisko, pengadu atomic.Int64
}

// Handler serves the sample systems as they are at now():
//
//	POST /siskop2mi/oauth/token        OAuth2 client credentials
//	GET  /siskop2mi/v1/placements      JSON, keyset paging: updated_since, after_id, limit
//	GET  /pengaduan/v1/kasus           JSON, page numbers: updated_since, page, per_page; X-Api-Key
//	GET  /pengaduan/v1/peristiwa       the same for the events of cases
//	GET  /remitansi/v1/triwulanan.csv  CSV, the whole table
//	GET  /sistem/v1/kepulangan …       JSON as the case system's: returns, shelters, legal aid, loans, courses …
//	GET  /contoh-kandidat/…            a bucket as of S3, with the candidates of skilled placement
//	GET  /contoh-pelatihan/…           another, with the courses of one of its programmes
//	GET  /bi/wskursbi.asmx/…           XML, exchange rates by currency and day
//	GET  /bi/SEKI/TABEL5_30.xlsx, 31   workbooks, stocks of workers and remittances
//	GET  /upah/bigdata/upah_minimum    JSON, minimum wages by regency and year: skip, limit
//	GET  /worldbank, /bps, /ilostat, /iom, /iati, /ckan   as those services answer
//
// selesai_dari and selesai_sebelum limit placements to a window of their day of
// completion, diterima_… cases to one of receipt, terjadi_… events to one of theirs.
// Now and then a request is answered 429 or 503 with Retry-After: always after
// the same number of requests to one handler. Pages are written as they are made.
func (w *World) Handler(now func() time.Time) http.Handler {
	s := &services{w: w, now: now}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /siskop2mi/oauth/token", s.token)
	mux.HandleFunc("GET /siskop2mi/v1/placements", s.placements)
	mux.HandleFunc("GET /pengaduan/v1/kasus", s.paged("diterima", (*World).caseItems))
	mux.HandleFunc("GET /pengaduan/v1/peristiwa", s.paged("terjadi", (*World).eventItems))
	mux.HandleFunc("GET /remitansi/v1/triwulanan.csv", s.remittances)
	mux.HandleFunc("GET /bi/wskursbi.asmx/getSubKursLokal3", s.rates(transactionSuffix, "startdate", "enddate", 5))
	mux.HandleFunc("GET /bi/wskursbi.asmx/getSubKursJisdor3", s.rates(jisdorSuffix, "startDate", "endDate", 0))
	mux.HandleFunc("GET /bi/SEKI/TABEL5_30.xlsx", s.seki(stockTable))
	mux.HandleFunc("GET /bi/SEKI/TABEL5_31.xlsx", s.seki(w.remittanceTable))
	for name, files := range map[string]func(time.Time) []handover{
		BucketName: w.handovers(&candidateRegister), TrainingBucketName: w.filesBy(inBucket)["triple_win_trainings"],
	} {
		store := &openBucket{name: name, files: files, now: now}
		mux.HandleFunc("GET /"+name+"/{$}", store.list)
		mux.HandleFunc("GET /"+name+"/{key}", store.get)
	}
	for i := range registers {
		r := &registers[i]
		mux.HandleFunc("GET /sistem/v1/"+r.name, s.paged("tanggal", w.registerItems(r)))
	}
	mux.HandleFunc("GET /worldbank/v2/country/{countries}/indicator/{indicator}", s.worldBank)
	mux.HandleFunc("GET /worldbank/rpw/rpw_dataset.xlsx", s.remittancePrices)
	mux.HandleFunc("GET /bps/v1/api/list/{question...}", s.bps)
	mux.HandleFunc("GET /ilostat/data/indicator/", s.ilostat)
	mux.HandleFunc("GET /ilostat/metadata/toc/indicator", s.ilostatContents)
	mux.HandleFunc("GET /iom/MissingMigrants-Global.csv", s.incidents)
	mux.HandleFunc("GET /iati/{file}", s.iati)
	mux.HandleFunc("GET /ckan/api/3/action/{action}", s.ckan)
	mux.HandleFunc("GET /upah/bigdata/upah_minimum", s.minimumWages)
	mux.HandleFunc("GET /ckan/dataset/{package}/resource/{resource}/download/{name}", s.ckanFile)
	return mux
}

// refuse answers that something is wrong, in the form of these systems.
func refuse(rw http.ResponseWriter, status int, message string) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_, _ = rw.Write(append(appendJSONText([]byte(`{"galat":`), []byte(message)), '}'))
}

func (s *services) token(rw http.ResponseWriter, r *http.Request) {
	id, secret, ok := r.BasicAuth()
	if ok { // RFC 6749 has both halves form-encoded in the header
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case r.PostFormValue("grant_type") != "client_credentials":
		refuse(rw, http.StatusBadRequest, "grant_type harus client_credentials")
	case id != ClientID || secret != ClientSecret:
		refuse(rw, http.StatusUnauthorized, "klien tidak dikenal")
	default:
		rw.Header().Set("Content-Type", "application/json")
		ends := strconv.FormatInt(s.now().Unix()+tokenLife, 10)
		_, _ = rw.Write([]byte(`{"access_token":"` + tokenPrefix + ends + `","token_type":"Bearer","expires_in":` + strconv.Itoa(tokenLife) + `}`))
	}
}

const tokenPrefix = "contoh-token-"

func (s *services) authorised(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "+tokenPrefix)
	ends, err := strconv.ParseInt(token, 10, 64)
	now := s.now().Unix()
	return ok && err == nil && now < ends && ends <= now+tokenLife
}

func (s *services) placements(rw http.ResponseWriter, r *http.Request) {
	if !s.authorised(r) {
		rw.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		refuse(rw, http.StatusUnauthorized, "token tidak berlaku")
		return
	}
	if s.sisko.Add(1)%refuseEvery == refuseFirst {
		rw.Header().Set("Retry-After", "1")
		refuse(rw, http.StatusTooManyRequests, "terlalu banyak permintaan")
		return
	}
	q := r.URL.Query()
	after, err := parsePlace(strings.ReplaceAll(q.Get("updated_since"), " ", "+"), q.Get("after_id"))
	limit, ok := pageSize(q.Get("limit"))
	during, inOrder := parseWindow(q, "selesai")
	if err != nil || !ok || !inOrder {
		refuse(rw, http.StatusBadRequest, "updated_since, after_id atau limit tidak terbaca")
		return
	}
	s.w.writePlacements(rw, after, limit, during, momentOf(s.now()))
}

// during is a window of time; to is 0 when it is open.
type during struct{ from, to int64 }

func (d during) holds(moment int64) bool { return moment >= d.from && (d.to == 0 || moment < d.to) }

func parseWindow(q url.Values, field string) (d during, ok bool) {
	for _, bound := range []struct {
		name string
		into *int64
	}{{field + "_dari", &d.from}, {field + "_sebelum", &d.to}} {
		// A plus sign that a client forgot to escape arrives as a blank.
		text := strings.ReplaceAll(q.Get(bound.name), " ", "+")
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return d, false
		}
		*bound.into = t.Unix()
	}
	return d, true
}

func pageSize(text string) (int, bool) {
	if text == "" {
		return 500, true
	}
	n, err := strconv.Atoi(text)
	return min(n, maxPage), err == nil && n > 0
}

// writePlacements writes a page. Records with one place in the order stay on one
// page, or a client that goes on after that place would lose the others.
func (w *World) writePlacements(rw http.ResponseWriter, after place, limit int, window during, now int64) {
	rw.Header().Set("Content-Type", "application/json")
	out := bufio.NewWriterSize(rw, 64<<10)
	_, _ = out.WriteString(`{"data":[`)
	var c cells
	var line []byte
	var last place
	n, more := 0, false
	w.sisko.walk(after, now, func(at place, index int, item *siskoItem) bool {
		if !window.holds(w.sisko.updatedOf(w.sisko.year, index)) {
			return true
		}
		if n >= limit && at != last {
			more = true
			return false
		}
		row := w.siskoRow(index, item)
		office := unit{code: units[provinceUnit[row.province]].code, dates: iso}
		c.render(&row, &office)
		line = line[:0]
		if n > 0 {
			line = append(line, ',', '\n')
		}
		line = c.appendJSON(line)
		_, err := out.Write(line)
		n, last = n+1, at
		return err == nil // the client is gone
	})
	_, _ = out.WriteString(`],"has_more":` + strconv.FormatBool(more) + "}")
	_ = out.Flush()
}

// item is something of the case system that can be put on a page.
type item struct {
	updated int64
	order   int   // among those with the same time
	event   int64 // what a window is about
	write   func(b []byte) []byte
}

// paged serves what list finds, page by page.
func (s *services) paged(field string, list func(w *World, since, now int64) []item) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get(APIKeyHeader) != APIKey {
			refuse(rw, http.StatusUnauthorized, "kunci API tidak dikenal")
			return
		}
		now := s.now()
		if s.pengadu.Add(1)%refuseEvery == unavailableAt {
			rw.Header().Set("Retry-After", now.UTC().Format(http.TimeFormat)) // the other form: a time, here the sample's own
			refuse(rw, http.StatusServiceUnavailable, "sedang dalam pemeliharaan")
			return
		}
		q := r.URL.Query()
		since, err := parsePlace(strings.ReplaceAll(q.Get("updated_since"), " ", "+"), "")
		size, ok := pageSize(q.Get("per_page"))
		window, inOrder := parseWindow(q, field)
		page, bad := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
		if err != nil || !ok || !inOrder || bad != nil || page < 1 {
			refuse(rw, http.StatusBadRequest, "updated_since, page atau per_page tidak terbaca")
			return
		}
		items := slices.DeleteFunc(list(s.w, since.updated, momentOf(now)), func(x item) bool { return !window.holds(x.event) })
		slices.SortStableFunc(items, func(a, b item) int {
			return cmp.Or(cmp.Compare(a.updated, b.updated), cmp.Compare(a.order, b.order))
		})
		writePage(rw, items, page, size)
	}
}

func writePage(rw http.ResponseWriter, items []item, page, size int) {
	rw.Header().Set("Content-Type", "application/json")
	from, to := min((page-1)*size, len(items)), min(page*size, len(items))
	b := append([]byte(nil), `{"page":`...)
	b = strconv.AppendInt(b, int64(page), 10)
	b = append(b, `,"pages":`...)
	b = strconv.AppendInt(b, int64((len(items)+size-1)/size), 10)
	b = append(b, `,"total":`...)
	b = strconv.AppendInt(b, int64(len(items)), 10)
	b = append(b, `,"data":[`...)
	for i, x := range items[from:to] {
		if i > 0 {
			b = append(b, ',', '\n')
		}
		b = x.write(b)
	}
	_, _ = rw.Write(append(b, "]}"...))
}

func (s *services) remittances(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/csv; charset=utf-8")
	_, _ = rw.Write(s.w.appendRemittances(nil, momentOf(s.now())))
}
