package samples

import "time"

// Ledger is what the world has delivered up to a moment, and which dirt it put
// in, so that what a reader finds can be compared with what there was to find.
type Ledger struct {
	Seed  uint64                `json:"seed"`
	Scale float64               `json:"scale"`
	Until time.Time             `json:"until"`
	Feeds map[string]FeedLedger `json:"feeds"`
}

// FeedLedger is one feed's part. Records = Accepted + sum of Rejects, and
// Current = Accepted - Duplicates - Superseded - Withdrawn.
//
// The counts suppose a pull at each delivery that takes every record once. What
// a source gives again because it is asked to look back, or because a table is
// served whole each time, is in Repeated and nowhere else, but for the two files
// of a re-delivery, which are equal and counted once.
type FeedLedger struct {
	Records    int            `json:"records"`
	Accepted   int            `json:"accepted"`
	Rejects    map[string]int `json:"rejects"`  // problem code: records; each has exactly one problem
	Harmless   map[string]int `json:"harmless"` // flaw that is repaired: accepted records
	Duplicates int            `json:"duplicates"`
	Superseded int            `json:"superseded"` // older versions of a record
	Cancelled  int            `json:"cancelled"`  // current records with status BATAL
	Withdrawn  int            `json:"withdrawn"`  // keys that a later whole table no longer has
	Current    int            `json:"current"`    // records that stand, cancelled ones included
	Files      int            `json:"files"`      // files dropped
	Resent     int            `json:"resent"`     // of them, files that had come before under another name
	Repeated   int            `json:"repeated"`   // records served again

	sent []int // how many records each delivery had
}

// The feeds, as the sample sources' YAML names them.
const (
	FeedPlacementFiles = "bp3mi_placements"
	FeedPlacements2025 = "siskop2mi_placements"
	FeedCases          = "pengaduan_cases"
	FeedEvents         = "pengaduan_events"
	FeedRemittances    = "remitansi_quarterly"
)

// Lookback is how far the sample sources' YAML has the case system looked back.
const Lookback = 48 * time.Hour

func newFeedLedger() *FeedLedger {
	return &FeedLedger{Rejects: map[string]int{}, Harmless: map[string]int{}}
}

func (l *FeedLedger) reject(kind fatal) {
	l.Records++
	l.Rejects[fatalCodes[kind]]++
}

func (l *FeedLedger) accept(noNIK bool, dirt harmless) {
	l.Records++
	l.Accepted++
	if noNIK {
		dirt = nikMissing
	}
	if dirt != harmlessNone {
		l.Harmless[harmlessNames[dirt]]++
	}
}

// delivered ends a delivery: what was counted since the one before is its own.
func (l *FeedLedger) delivered() {
	n := l.Records + l.Repeated
	for _, before := range l.sent {
		n -= before
	}
	l.sent = append(l.sent, n)
}

// close works out what follows from the other counts.
func (l *FeedLedger) close() FeedLedger {
	l.Current = l.Accepted - l.Duplicates - l.Superseded - l.Withdrawn
	return *l
}

// Ledger goes through everything that was delivered up to and including until.
// It makes every record once more, so it takes as long as writing them.
func (w *World) Ledger(until time.Time) Ledger {
	return Ledger{
		Seed: w.opt.Seed, Scale: w.opt.Scale, Until: until.UTC(),
		Feeds: map[string]FeedLedger{
			FeedPlacementFiles: w.ledgerOfDrops(until), FeedPlacements2025: w.ledgerOfSisko(until),
			FeedCases: w.ledgerOfCases(until), FeedEvents: w.ledgerOfEvents(until), FeedRemittances: w.ledgerOfRemittances(until),
		},
	}
}

func (w *World) ledgerOfDrops(until time.Time) FeedLedger {
	l := newFeedLedger()
	resentRows, cancelled := 0, map[[2]int]bool{}
	for d, moment := range Deliveries() {
		if moment.After(until) {
			break
		}
		for y := range 3 {
			files := map[int]bool{}
			w.eachDropRow(d, y, func(int) bool { return true }, func(row *dropRow) {
				u := provinceUnit[row.province]
				files[u] = true
				if d == 0 && y == resentYear && units[u].slug == resentUnit {
					resentRows++
				}
				if row.fatal != fatalNone {
					l.reject(row.fatal)
					return
				}
				l.accept(row.noNIK, row.dirt)
				key := [2]int{y, row.record.number}
				switch row.kind {
				case duplicate:
					if row.extra {
						l.Duplicates++
					}
				case withdrawal, cancelOnce:
					l.Superseded++
					cancelled[key] = true
				case reactivated:
					l.Superseded++
					delete(cancelled, key)
				case correction:
					l.Superseded++
				}
			})
			l.Files += len(files)
		}
		if d == 1 && resentRows > 0 {
			l.Files++
			l.Resent++
			l.Repeated += resentRows
		}
		l.delivered()
	}
	l.Cancelled = len(cancelled)
	return l.close()
}

func (w *World) ledgerOfSisko(until time.Time) FeedLedger {
	l := newFeedLedger()
	seen, cancelled := map[int]bool{}, 0
	var position place
	for _, moment := range Deliveries() {
		if moment.After(until) {
			break
		}
		after := position
		w.sisko.walk(after, momentOf(moment), func(at place, index int, item *siskoItem) bool {
			row := w.siskoRow(index, item)
			position = at
			if row.fatal != fatalNone {
				l.reject(row.fatal)
				return true
			}
			l.accept(row.noNIK, row.dirt)
			switch number := row.record.number; {
			case item != nil && item.kind == duplicate:
				l.Duplicates++
			case seen[number]:
				l.Superseded++
			default:
				seen[number] = true
			}
			if row.cancelled {
				cancelled++
			}
			return true
		})
		l.delivered()
	}
	l.Cancelled = cancelled
	return l.close()
}

func (w *World) ledgerOfCases(until time.Time) FeedLedger {
	l := newFeedLedger()
	known := make([]int64, len(w.cases)) // newest version that was served
	var newest int64
	for _, moment := range Deliveries() {
		if moment.After(until) {
			break
		}
		now := momentOf(moment)
		since := max(newest-int64(Lookback/time.Second), 0)
		for i := range w.cases {
			c := &w.cases[i]
			steps, updated := c.known(now)
			if steps == 0 || updated < since {
				continue
			}
			newest = max(newest, updated)
			if updated == known[i] {
				l.Repeated++
				continue
			}
			l.accept(c.noNIK, harmlessNone)
			if c.alias {
				l.Harmless["category_alias"]++
			}
			if known[i] != 0 {
				l.Superseded++
			}
			known[i] = updated
		}
		for _, f := range w.faults {
			if f.updated >= since && f.updated <= now && !w.servedBefore(f.updated, now) {
				l.reject(f.kind)
				newest = max(newest, f.updated)
			}
		}
		l.delivered()
	}
	return l.close()
}

// servedBefore says whether an earlier delivery than the one at now had a
// record of this time.
func (w *World) servedBefore(updated, now int64) bool {
	for _, d := range Deliveries() {
		if x := momentOf(d); x < now && updated <= x {
			return true
		}
	}
	return false
}

func (w *World) ledgerOfEvents(until time.Time) FeedLedger {
	l := newFeedLedger()
	served := make([]bool, len(w.events))
	var newest int64
	for _, moment := range Deliveries() {
		if moment.After(until) {
			break
		}
		now := momentOf(moment)
		since := max(newest-int64(Lookback/time.Second), 0)
		for i := range w.events {
			e := &w.events[i]
			switch {
			case e.recorded < since || e.visible > now:
			case served[i]:
				l.Repeated++
			default:
				served[i] = true
				l.accept(false, harmlessNone)
				newest = max(newest, e.recorded)
			}
		}
		l.delivered()
	}
	return l.close()
}

func (w *World) ledgerOfRemittances(until time.Time) FeedLedger {
	l := newFeedLedger()
	served := make([]bool, len(w.remit))
	for _, moment := range Deliveries() {
		if moment.After(until) {
			break
		}
		for i := range w.remit {
			switch r := &w.remit[i]; {
			case r.known(momentOf(moment)) && served[i]:
				l.Repeated++
			case r.known(momentOf(moment)):
				served[i] = true
				l.accept(false, harmlessNone)
			case served[i]:
				served[i] = false
				l.Withdrawn++
			}
		}
	}
	return l.close()
}
