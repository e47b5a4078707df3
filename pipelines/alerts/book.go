package alerts

import (
	"time"

	"github.com/kp2mi/lindung/pipelines/ledger"
)

// What is told of a condition.
const (
	Began     = "began"
	Repeated  = "repeated" // it goes on
	Recovered = "recovered"
)

// A Telling is one thing to tell.
type Telling struct {
	Event string
	ledger.Notice
}

// What comes and goes is told less: a condition has ended only when it stays away, twice as long each
// time that it came back within a day.
const (
	settleFirst = 10 * time.Minute
	settleMost  = 6 * time.Hour
	soon        = 24 * time.Hour
)

func settle(times int) time.Duration {
	wait := settleFirst
	for i := 1; i < times && wait < settleMost; i++ {
		wait *= 2
	}
	return min(wait, settleMost)
}

// Judge holds what is in the book against what holds at present. It gives the notices that change,
// and what is to be told. unknown says of which kinds nothing could be found out this time: what is
// in the book about them stays as it is.
func Judge(book []ledger.Notice, present []Condition, unknown func(kind string) bool, repeatAfter time.Duration, now time.Time) (changed []ledger.Notice, tell []Telling) {
	known, seen := map[string]ledger.Notice{}, map[string]bool{}
	for _, n := range book {
		known[n.Key] = n
	}
	for _, c := range present {
		n, there := known[c.Key()]
		if seen[c.Key()] || c.Tentative && (!there || !n.Open()) {
			continue
		}
		seen[c.Key()] = true
		if !there || !n.Open() {
			n = begin(n, c, now)
		}
		if !c.Tentative {
			n.Party, n.Severity, n.TextID, n.TextEN, n.Command = c.Party, c.Severity, c.TextID, c.TextEN, c.Command
		}
		n.Last, n.Gone = now, time.Time{}
		if event := due(n, c.Held, repeatAfter, now); event != "" {
			n.Sent = now
			tell = append(tell, Telling{event, n})
		}
		if !n.AckUntil.IsZero() && !acknowledged(n, now) {
			n = unacknowledge(n)
		}
		changed = append(changed, n)
	}
	for _, n := range book {
		if seen[n.Key] || !n.Open() || unknown(n.Kind) {
			continue
		}
		if n.Gone.IsZero() {
			n.Gone = now
		}
		if now.Sub(n.Gone) >= settle(n.Times) {
			quiet := n.Sent.IsZero() || acknowledged(n, now)
			n = unacknowledge(n)
			if n.Ended = n.Gone; !quiet {
				tell = append(tell, Telling{Recovered, n})
			}
		}
		changed = append(changed, n)
	}
	return changed, tell
}

// begin opens a notice, again where there was one.
func begin(old ledger.Notice, c Condition, now time.Time) ledger.Notice {
	times := 1
	if old.Key != "" && now.Sub(old.Ended) < soon {
		times = old.Times + 1
	}
	return ledger.Notice{Key: c.Key(), Kind: c.Kind, Subject: c.Subject, Since: now, Times: times}
}

// due says what is to be told of a notice that holds.
func due(n ledger.Notice, held bool, repeatAfter time.Duration, now time.Time) string {
	switch {
	case acknowledged(n, now), held && n.Sent.IsZero():
		return ""
	case n.Sent.IsZero():
		return Began
	case now.Sub(n.Sent) >= repeatAfter, !n.AckUntil.IsZero():
		return Repeated
	}
	return ""
}

func acknowledged(n ledger.Notice, now time.Time) bool { return now.Before(n.AckUntil) }

func unacknowledge(n ledger.Notice) ledger.Notice {
	n.Acked, n.AckedBy, n.AckUntil, n.AckWhy = time.Time{}, "", time.Time{}, ""
	return n
}
