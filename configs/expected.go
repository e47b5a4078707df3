package configs

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Expected says when a feed's deliveries arrive.
type Expected struct {
	By        string        `yaml:"by" like:"arrival" doc:"The last moment of each delivery: daily 07:00, weekly mon, monthly 10, quarterly 20 (days after the quarter's end) or yearly 03-31. A day is meant to its end."`
	LateAfter time.Duration `yaml:"late_after" doc:"How much later it may come before it counts as late, such as 12h or 3d."`
}

var arrivalRE = regexp.MustCompile(`^(daily(?: ([01][0-9]|2[0-3]):([0-5][0-9]))?|weekly (mon|tue|wed|thu|fri|sat|sun)|monthly ([1-9]|[12][0-9]|3[01])|quarterly ([1-9]|[1-8][0-9]|90)|yearly (0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))$`)

func arrival(s string) string {
	if arrivalRE.MatchString(s) {
		return ""
	}
	return "must say when deliveries arrive: daily 07:00, weekly mon, monthly 10, quarterly 20 or yearly 03-31"
}

// Late says since when a feed waits for a delivery, at a time: the moment by which one should have
// come at the latest. It is zero when nothing is due, or when what came last, at last, came after
// the expected arrival before that one.
func (e Expected) Late(now, last time.Time, zone *time.Location) time.Time {
	if e.By == "" {
		return time.Time{}
	}
	due := e.lastDue(now.Add(-e.LateAfter).In(zone))
	before := e.lastDue(due.Add(-time.Second).In(zone))
	if last.After(before.Add(e.LateAfter)) {
		return time.Time{}
	}
	return due.Add(e.LateAfter)
}

// lastDue is the newest moment, not after a time, by which a delivery was expected.
func (e Expected) lastDue(at time.Time) time.Time {
	m := arrivalRE.FindStringSubmatch(e.By)
	kind, _, _ := strings.Cut(e.By, " ")
	year, month, day := at.Date()
	endOf := func(year int, month time.Month, day int) time.Time {
		lastDay := time.Date(year, month+1, 0, 0, 0, 0, 0, at.Location()).Day()
		return time.Date(year, month, min(day, lastDay)+1, 0, 0, 0, 0, at.Location())
	}
	var due time.Time
	for back := 0; ; back++ {
		switch kind {
		case "daily":
			due = time.Date(year, month, day-back+1, 0, 0, 0, 0, at.Location())
			if m[2] != "" {
				due = time.Date(year, month, day-back, digitsOf(m[2]), digitsOf(m[3]), 0, 0, at.Location())
			}
		case "weekly":
			weekday := strings.Index("sunmontuewedthufrisat", m[4]) / 3
			due = time.Date(year, month, day-int(at.Weekday())+weekday+7-7*back+1, 0, 0, 0, 0, at.Location())
		case "monthly":
			first := time.Date(year, month-time.Month(back), 1, 0, 0, 0, 0, at.Location())
			due = endOf(first.Year(), first.Month(), digitsOf(m[5]))
		case "quarterly":
			quarter := time.Date(year, (month-1)/3*3+1-time.Month(3*back), 1, 0, 0, 0, 0, at.Location())
			due = quarter.AddDate(0, 0, digitsOf(m[6]))
		default:
			due = endOf(year-back, time.Month(digitsOf(m[7])), digitsOf(m[8]))
		}
		if !due.After(at) {
			return due
		}
	}
}

// digitsOf reads digits that a pattern has let through.
func digitsOf(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
