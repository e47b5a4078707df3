package samples

import (
	"math"
	"time"
)

// A Volume is how many records a delivery of a feed has at least and at most, and some room.
type Volume struct{ Min, Max int }

// registerFeeds are the feeds of the registers that grow with the world.
var registerFeeds = map[string]*register{
	"keterampilan_trainings": &trainingRegister, "keterampilan_candidates": &candidateRegister, "kredit_loans": &loanRegister,
	"pelindungan_returns": &returnsRegister, "pelindungan_stays": &staysRegister, "pelindungan_legal_aid": &legalRegister,
	"pemberdayaan_events": &empowermentRegister, "pemberdayaan_businesses": &businessRegister,
	"proses_registrations": &registrationRegister, "proses_identity_checks": &identityRegister, "proses_arrivals": &arrivalRegister,
	"proses_reintegration": &reintegrationRegister, "tata_kelola_vacancies": &vacancyRegister,
}

// Volumes are the bands of the feeds that grow with the world, for whoever writes their YAML: what a
// source of this scale sends at each delivery, a tenth less and a tenth more. The bands of the others
// are the same at every scale and stand in their YAML.
func (w *World) Volumes() map[string]Volume {
	bands, last := map[string]Volume{}, Deliveries()[len(Deliveries())-1]
	for feed, r := range registerFeeds {
		versions, since := w.versions(r), int64(0)
		for _, moment := range Deliveries() {
			bands[feed] = bands[feed].with(len(versions(since, momentOf(moment))))
			since = momentOf(moment)
		}
	}
	for feed, count := range map[string]func(until time.Time) FeedLedger{
		FeedPlacementFiles: w.ledgerOfDrops, FeedPlacements2025: w.ledgerOfSisko, FeedCases: w.ledgerOfCases, FeedEvents: w.ledgerOfEvents,
	} {
		for _, records := range count(last).sent {
			bands[feed] = bands[feed].with(records)
		}
	}
	return bands
}

// tie is how many records more a delivery may have than are new: an address that is asked for what
// changed since a moment answers with that moment's own, and a file that came before comes again.
const tie = 20

// with widens a band to a delivery. One without records is none.
func (v Volume) with(records int) Volume {
	if records <= 0 {
		return v
	}
	low, high := max(1, records*9/10), int(math.Ceil(float64(records)*1.1))+tie
	if v.Max == 0 {
		return Volume{low, high}
	}
	return Volume{min(v.Min, low), max(v.Max, high)}
}
