package warehouse

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// A story is what deliveries told: rows of lake tables by column; a column that is absent or empty is NULL.
// Laws change a story in a way whose effect on the figures is known, and compare.
type story map[string][]record

type record map[string]string

// The tables of a story.
const (
	tellsPlacements  = "lake_placements"
	tellsCases       = "lake_cases"
	tellsEvents      = "lake_case_events"
	tellsRemittances = "lake_remittances"
	tellsTombstones  = "lake_tombstones"
)

// What a story can be about.
const (
	aboutAll         = "everything"
	aboutPlacements  = "placements"
	aboutCases       = "cases"
	aboutRemittances = "remittances"
)

// storyDay is the day that stories are looked at: in the middle of a running quarter.
var storyDay = day("2025-02-10")

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// changed is a copy in which every record of the named tables (all, when none is named) went through change.
// A record that becomes nil is left out.
func (s story) changed(change func(table string, r record) record, tables ...string) story {
	out := story{}
	for table, rows := range s {
		for _, r := range rows {
			if len(tables) == 0 || slices.Contains(tables, table) {
				r = change(table, maps.Clone(r))
			}
			if r != nil {
				out[table] = append(out[table], r)
			}
		}
	}
	return out
}

// and tells both stories.
func (s story) and(more story) story {
	out := story{}
	for _, part := range []story{s, more} {
		for table, rows := range part {
			out[table] = append(out[table], rows...)
		}
	}
	return out
}

// anchored adds the anchors of the tables that the story has.
func (s story) anchored() story {
	return s.and(anchorsOf(s))
}

func anchorsOf(s story) story {
	out := story{}
	for table := range s {
		out[table] = anchors[table]
	}
	return out
}

// current keeps the newest version of every key.
func (s story) current(table string) (rows []record) {
	newest := map[string]record{}
	for _, r := range s[table] {
		key := r["source"] + "|" + r["row_key"]
		if before := newest[key]; before == nil || before["source_updated_at"] < r["source_updated_at"] {
			newest[key] = r
		}
	}
	for _, key := range sortedKeys(newest) {
		rows = append(rows, newest[key])
	}
	return rows
}

// named gives every record keys of its own, so that two stories never speak of the same thing; persons too.
func (s story) named(prefix string) story {
	return s.changed(func(table string, r record) record {
		for _, column := range []string{"row_key", "case_id"} {
			if r[column] != "" {
				r[column] = prefix + r[column]
			}
		}
		for _, column := range []string{"nik_token", "passport_token"} {
			if r[column] != "" {
				r[column] = token(prefix + r[column])
			}
		}
		return r
	})
}

// token stands for a person.
func token(name string) string {
	h := rand.NewPCG(0, 0)
	for _, c := range []byte(name) {
		h = rand.NewPCG(h.Uint64()^uint64(c), h.Uint64())
	}
	return fmt.Sprintf("%016x%016x", h.Uint64(), h.Uint64())
}

// The days at which periods meet, where counting goes wrong.
var edges = []string{"2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01", "2024-03-31", "2024-10-31", "2024-12-31", "2025-01-01", "2025-01-31", "2025-02-01"}

// A calendar is the few days at which much happens in a story, so that things meet in one period.
type calendar []time.Time

func (c calendar) draw(t *rapid.T, label string) time.Time {
	switch i := rapid.IntRange(0, 9).Draw(t, label); {
	case i < len(c):
		return c[i]
	case i < 8:
		return day(rapid.SampledFrom(edges).Draw(t, label))
	}
	return day("2023-10-01").AddDate(0, 0, rapid.IntRange(0, 498).Draw(t, label))
}

func drawOf(t *rapid.T, label string, values ...string) string {
	return rapid.SampledFrom(values).Draw(t, label)
}

var persons = []string{"", token("p1"), token("p2"), token("p3"), token("p4")}

// stories draws placements, cases with their steps, and remittances, or some of them. Keys repeat: the rows of one key are its
// versions, of different times, and they arrive in any order of commits.
func drawStory(t *rapid.T, about string) story {
	s, days := story{}, calendar{}
	for range 4 {
		days = append(days, days.draw(t, "busy day"))
	}
	upTo := func(most int, datasets ...string) int {
		if !slices.Contains(datasets, about) && about != aboutAll {
			return 0
		}
		return rapid.IntRange(most/3, most).Draw(t, "rows")
	}
	for i := range upTo(24, aboutPlacements) {
		s[tellsPlacements] = append(s[tellsPlacements], drawPlacement(t, days, i))
	}
	for i := range upTo(12, aboutCases) {
		drawCase(t, days, s, i)
	}
	for i := range upTo(12, aboutRemittances) {
		quarter := rapid.IntRange(0, 5).Draw(t, "quarter") + 3 // 2023-Q4 to 2025-Q1
		r := told1(t, i, drawOf(t, "source", "s", "t"))
		r["year"], r["quarter"] = fmt.Sprint(2023+quarter/4), fmt.Sprint(quarter%4+1)
		r["country"], r["channel"] = drawOf(t, "country", "", "HKG", "TWN", "MYS"), drawOf(t, "channel", "ALL", "ALL", "BI", "POS")
		r["amount_usd"] = money(int64(rapid.IntRange(1, 2_000_000_00).Draw(t, "amount")))
		r["row_key"] = strings.Join([]string{r["year"], r["quarter"], r["country"], r["channel"]}, "|")
		s[tellsRemittances] = append(s[tellsRemittances], r)
	}
	return s
}

func money(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }

// told1 is a record with what every delivery says of it.
func told1(t *rapid.T, i int, source string) record {
	return record{"source": source, "row_no": fmt.Sprint(i + 1), "commit_no": fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "commit")),
		"source_updated_at": fmt.Sprintf("2025-02-01 00:%02d:00+07", i)}
}

func drawPlacement(t *rapid.T, days calendar, i int) record {
	r := told1(t, i, drawOf(t, "source", "s", "t"))
	placed := days.draw(t, "placed")
	r["row_key"] = drawOf(t, "key", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n")
	r["completed_on"] = placed.Format(time.DateOnly)
	if rapid.IntRange(0, 3).Draw(t, "departs") > 0 {
		r["departed_on"] = placed.AddDate(0, 0, rapid.IntRange(0, 70).Draw(t, "departs after")).Format(time.DateOnly)
	}
	r["status"] = drawOf(t, "status", "completed", "completed", "completed", "cancelled")
	r["nik_token"], r["passport_token"] = rapid.SampledFrom(persons).Draw(t, "nik"), rapid.SampledFrom(persons).Draw(t, "passport")
	r["sex"], r["education"] = drawOf(t, "sex", "L", "P", ""), drawOf(t, "education", "SD", "SMA", "")
	r["province_kemendagri"], r["unit"] = drawOf(t, "province", "32", "33", ""), drawOf(t, "unit", "U1", "U2", "")
	r["scheme"], r["employer_type"] = drawOf(t, "scheme", "PTP", "GTG", "UNK"), drawOf(t, "employer", "BH", "PSR", "")
	r["country"] = drawOf(t, "country", "HKG", "TWN", "MYS", "SGP", "JPN", "KOR", "DEU", "")
	r["occupation"], r["job_title"] = drawOf(t, "occupation", "O1", "O2", "O3", ""), drawOf(t, "job", "A", "B", "")
	r["wage"], r["wage_currency"] = drawOf(t, "wage", "", "100.00", "2500.50"), drawOf(t, "currency", "USD", "")
	return r
}

// drawCase adds one version of a case and, with the first version, its steps: received, perhaps looked at, perhaps
// closed, perhaps closed again.
func drawCase(t *rapid.T, days calendar, s story, i int) {
	source, id := drawOf(t, "source", "s", "t"), drawOf(t, "case", "a", "b", "c", "d", "e", "f")
	r := told1(t, i, source)
	r["row_key"], r["case_id"], r["status"] = id, id, "DITERIMA"
	for _, before := range s[tellsCases] {
		if before["source"] == source && before["case_id"] == id {
			r["received_at"] = before["received_at"]
		}
	}
	r["nik_token"] = rapid.SampledFrom(persons).Draw(t, "nik")
	r["country"], r["province_kemendagri"] = drawOf(t, "country", "HKG", "TWN", "MYS", ""), drawOf(t, "province", "32", "33", "")
	r["category"], r["channel"] = drawOf(t, "category", "K01", "K02", "K06"), drawOf(t, "channel", "C1", "C2", "WHATSAPP", "")
	r["procedure"] = drawOf(t, "procedure", "PROSEDURAL", "NONPROSEDURAL", "LAINNYA", "TIDAK_DIKETAHUI")
	r["unit"], r["amount_recovered"] = drawOf(t, "unit", "U1", "U2", ""), drawOf(t, "recovered", "", "500.00")
	s[tellsCases] = append(s[tellsCases], r)
	if r["received_at"] != "" {
		return
	}
	at, clock := days.draw(t, "received"), drawOf(t, "hour", "00:10", "12:00", "23:50")
	r["received_at"] = at.Format(time.DateOnly) + " " + clock + ":00+07"
	seq := 0
	step := func(status string) {
		if seq++; at.After(storyDay) {
			return // it has not happened yet
		}
		e := told1(t, seq, source)
		e["row_key"], e["case_id"], e["seq"], e["status"] = fmt.Sprint(id, "|", seq), id, fmt.Sprint(seq), status
		e["occurred_at"] = fmt.Sprintf("%s 23:5%d:00+07", at.Format(time.DateOnly), seq)
		s[tellsEvents] = append(s[tellsEvents], e)
	}
	if rapid.IntRange(0, 4).Draw(t, "accepted") > 0 {
		step("DITERIMA")
	}
	for _, closing := range rapid.SliceOfN(rapid.SampledFrom([]string{"SELESAI", "SELESAI", "DITUTUP_ADM", "DILIMPAHKAN"}), 0, 2).Draw(t, "closings") {
		if at = drawLater(t, at); rapid.Bool().Draw(t, "looked at") {
			step(drawOf(t, "look", "VERIFIKASI", "KLARIFIKASI_2"))
		}
		step(closing)
	}
}

// drawLater is some days later, often just within or beyond the 30 and 90 days that KPIs speak of, or at an edge.
func drawLater(t *rapid.T, from time.Time) time.Time {
	if edge := day(rapid.SampledFrom(edges).Draw(t, "until")); edge.After(from) && rapid.Bool().Draw(t, "at an edge") {
		return edge
	}
	return from.AddDate(0, 0, rapid.SampledFrom([]int{0, 1, 7, 30, 31, 90, 91, 180, 181}).Draw(t, "later"))
}

// anchors is a story that makes every period from October 2023 available, and whose figures are the same in every
// story that it is added to: what a law compares is then not whether a month was delivered at all.
var anchors = func() story {
	s := story{}
	for month := day("2023-10-01"); month.Before(storyDay); month = month.AddDate(0, 1, 0) {
		name, on := "anchor "+month.Format("2006-01"), month.AddDate(0, 0, 4).Format(time.DateOnly)
		row := func(table string, r record) {
			r["source"], r["commit_no"], r["row_no"], r["source_updated_at"] = "s", "1", "1", "2025-02-01 00:00:00+07"
			s[table] = append(s[table], r)
		}
		row(tellsPlacements, record{"row_key": name, "nik_token": token(name), "completed_on": on, "departed_on": on, "status": "completed"})
		row(tellsCases, record{"row_key": name, "case_id": name, "received_at": on + " 08:00:00+07", "status": "SELESAI"})
		row(tellsEvents, record{"row_key": name + "|1", "case_id": name, "seq": "1", "occurred_at": on + " 09:00:00+07", "status": "DITERIMA"})
		row(tellsEvents, record{"row_key": name + "|2", "case_id": name, "seq": "2", "occurred_at": on + " 10:00:00+07", "status": "SELESAI"})
		if month.Month()%3 == 1 {
			row(tellsRemittances, record{"row_key": name, "year": month.Format("2006"), "quarter": fmt.Sprint((int(month.Month()) + 2) / 3), "channel": "ALL", "amount_usd": "1000000.00"})
		}
	}
	return s
}()
