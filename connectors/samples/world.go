package samples

import (
	"math/rand/v2"
	"time"
)

// The credentials of the sample services. They open nothing else, and they look
// like what they are.
const (
	// ClientID names the OAuth2 client of the sample SISKOP2MI.
	ClientID = "contoh-klien"
	// ClientSecret is that client's secret.
	ClientSecret = "contoh-rahasia-bukan-sungguhan"
	// APIKey opens the sample case system; it travels in the header APIKeyHeader.
	APIKey = "contoh-kunci-api-bukan-sungguhan"
	// APIKeyHeader is the header in which the sample case system expects its key.
	APIKeyHeader = "X-Api-Key"
)

// Options choose a world.
type Options struct {
	Seed  uint64  // same seed, same bytes
	Scale float64 // 1 = national; every count is scaled by largest remainder; <= 0 means 1
}

// World is one synthetic country. It is immutable after New and safe for
// concurrent use.
type World struct {
	opt    Options
	years  []*yearModel // 2022..2025
	drops  dropPlan
	sisko  siskoPlan
	cases  []sampleCase
	events []caseEvent // sorted by recorded time, then case and step
	faults []caseFault // broken case records
	remit  []remitRow
}

// zone is the ministry's clock. Indonesia's western zone has no daylight saving,
// so a fixed offset says the same as the zone file, and needs none.
var zone = time.FixedZone("WIB", 7*3600)

// Deliveries are the instants at which the sample world hands over its data.
// The last of them is "today".
func Deliveries() []time.Time {
	return []time.Time{
		time.Date(2024, 1, 15, 9, 0, 0, 0, zone),
		time.Date(2025, 1, 31, 9, 0, 0, 0, zone),
		time.Date(2026, 1, 15, 9, 0, 0, 0, zone),
	}
}

// New builds the world's tables. It takes some tens of milliseconds; rows are
// made when they are asked for.
func New(opt Options) *World {
	if opt.Scale <= 0 {
		opt.Scale = 1
	}
	w := &World{opt: opt}
	totals := make([]float64, len(yearFacts))
	for i, f := range yearFacts {
		totals[i] = float64(f.total) * opt.Scale
	}
	for i, n := range apportion(totals, roundInt(sum(totals))) {
		w.years = append(w.years, newYearModel(yearFacts[i], n, opt))
	}
	w.planDrops()
	w.planSisko()
	w.makeCases()
	w.remit = makeRemittances()
	return w
}

// scaled is a planted count at this scale: at least one, so that every kind of
// dirt is met in a small world too.
func (w *World) scaled(national int) int {
	return max(1, roundInt(float64(national)*w.opt.Scale))
}

// stream numbers keep the noise of one purpose apart from that of another.
const (
	streamPlacement uint64 = iota + 1
	streamReentry
	streamDirt
	streamPlan
	streamCase
	streamOrder
	streamRate
	streamIncident
	streamReturn
	streamStay
	streamLegal
	streamEmpower
	streamBusiness
	streamLoan
	streamTraining
	streamCandidate
	streamRegistration
	streamIdentity
	streamArrival
	streamReintegration
)

// noise is the random source of one thing: stream says of what kind, index which.
func (w *World) noise(stream uint64, index int) rand.PCG { return noise(w.opt.Seed, stream, index) }

func noise(seed, stream uint64, index int) rand.PCG {
	var p rand.PCG
	p.Seed(seed*0x9e3779b97f4a7c15+stream, uint64(index)*0xd1342543de82ef95+stream<<56)
	p.Uint64() // the first word still resembles the seed
	return p
}

// below turns 64 random bits into a number under n.
func below(bits uint64, n int) int { return int((bits >> 32) * uint64(n) >> 32) }
