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

// Late says since when a feed waits for a delivery, at a time: the moment by which the first that did not come should
// have come at the latest. It is zero when nothing is due, or when what came last, at last, came after the expected
// arrival before that one. Of a feed that never delivered it is the newest such moment: nobody knows when it began.
func (e Expected) Late(now, last time.Time, zone *time.Location) time.Time {
	if e.By == "" {
		return time.Time{}
	}
	missed, _ := e.around(now.Add(-e.LateAfter).In(zone))
	if !last.IsZero() {
		_, came := e.around(last.Add(-e.LateAfter).In(zone)) // it was for this one, whether early or late
		_, missed = e.around(came)
	}
	if since := missed.Add(e.LateAfter); !since.After(now) {
		return since
	}
	return time.Time{}
}

// Due gives the moments around a time by which a delivery is expected, without what may be late; both are zero where
// nothing is said.
func (e Expected) Due(now time.Time, zone *time.Location) (last, next time.Time) {
	if e.By == "" {
		return time.Time{}, time.Time{}
	}
	return e.around(now.In(zone))
}

// Words says when deliveries arrive; it is empty where nothing is said.
func (e Expected) Words() Label {
	m := arrivalRE.FindStringSubmatch(e.By)
	if m == nil {
		return Label{}
	}
	var text Label
	switch kind, rest, _ := strings.Cut(e.By, " "); kind {
	case "daily":
		text = Label{"setiap hari", "every day"}
		if rest != "" {
			text = Label{"setiap hari pukul " + rest, "every day by " + rest}
		}
	case "weekly":
		day := strings.Index("sunmontuewedthufrisat", m[4]) / 3
		text = Label{"setiap " + weekdays[day], "every " + time.Weekday(day).String()}
	case "monthly":
		text = Label{"setiap bulan, paling lambat tanggal " + rest, "every month by day " + rest}
	case "quarterly":
		text = Label{rest + " hari sesudah akhir triwulan", counted(digitsOf(rest), "day") + " after the end of a quarter"}
	default:
		month := time.Month(digitsOf(m[7]))
		text = Label{"setiap tahun, paling lambat " + strings.TrimPrefix(m[8], "0") + " " + months[month-1], "every year by " + strings.TrimPrefix(m[8], "0") + " " + month.String()}
	}
	switch hours := int(e.LateAfter / time.Hour); {
	case hours == 0:
	case hours%24 == 0:
		text = Label{text.ID + ", tenggang " + strconv.Itoa(hours/24) + " hari", text.EN + ", " + counted(hours/24, "day") + " of grace"}
	default:
		text = Label{text.ID + ", tenggang " + strconv.Itoa(hours) + " jam", text.EN + ", " + counted(hours, "hour") + " of grace"}
	}
	return text
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

var (
	weekdays = [7]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	months   = [12]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
)

// around gives the newest moment, not after a time, by which a delivery was expected, and the first after it.
func (e Expected) around(at time.Time) (last, next time.Time) {
	m := arrivalRE.FindStringSubmatch(e.By)
	kind, _, _ := strings.Cut(e.By, " ")
	year, month, day := at.Date()
	endOf := func(year int, month time.Month, day int) time.Time {
		lastDay := time.Date(year, month+1, 0, 0, 0, 0, 0, at.Location()).Day()
		return time.Date(year, month, min(day, lastDay)+1, 0, 0, 0, 0, at.Location())
	}
	var due time.Time
	for back := -1; ; back++ { // the one after this day, week, month … is surely to come
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
			return due, next
		}
		next = due
	}
}

// digitsOf reads digits that a pattern has let through.
func digitsOf(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
