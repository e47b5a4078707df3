package schedule

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/kp2mi/lindung/configs"
)

// Times are the moments at which a job is due.
type Times struct {
	text     string // as people know it
	zone     *time.Location
	cron     cron.Schedule
	workday  int // 0: none
	hour     int
	minute   int
	calendar *Calendar
}

// The library's own time zones in front of a line are left out: a zone has a key of its own.
var parser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// New reads the times of a schedule; nil where it has none and only follows other jobs. zone is
// the project's.
func New(s *configs.Schedule, zone *time.Location, calendar *Calendar) (*Times, error) {
	t := &Times{zone: zone, calendar: calendar}
	if s.TimeZone != "" {
		var err error
		if t.zone, err = time.LoadLocation(s.TimeZone); err != nil {
			return nil, err
		}
	}
	switch {
	case s.Cron != "" && s.On != nil:
		return nil, errors.New(`"cron" and "on" both say when; keep one of them`)
	case s.Cron != "":
		return t, t.readCron(s.Cron)
	case s.On != nil:
		return t, t.readWorkday(s.On)
	case len(s.After) == 0:
		return nil, errors.New(`the schedule says no time; give it "cron", "on" or "after"`)
	}
	return nil, nil
}

// longAgo is where the search for a line's first time begins: a line that does not fire within
// the library's five years from there has no time at all, for these years hold a leap day.
var longAgo = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

func (t *Times) readCron(line string) error {
	fields := strings.Fields(line)
	if strings.Contains(fields[0], "=") {
		return fmt.Errorf(`cron line %q begins with %s; take it out and write time_zone: %s`, line, fields[0], cmp.Or(zoneOf(fields[0]), "Asia/Jakarta"))
	}
	parsed, err := parser.Parse(line)
	if err != nil {
		return fmt.Errorf("cron line %q cannot be read: %s; write minute, hour, day of month, month, day of week, such as \"30 5 * * *\"", line, plain(err))
	}
	if every, ok := parsed.(cron.ConstantDelaySchedule); ok && every.Delay < time.Minute {
		return fmt.Errorf("cron line %q is more often than once a minute; the scheduler looks once a minute", line)
	}
	t.cron, t.text = parsed, line
	if t.Next(longAgo).IsZero() {
		return fmt.Errorf("cron line %q never fires: there is no such day", line)
	}
	return nil
}

// zoneOf reads the zone out of TZ=Asia/Jakarta.
func zoneOf(prefix string) string {
	_, zone, _ := strings.Cut(prefix, "=")
	return zone
}

// plain leaves out what the library's messages say of themselves.
func plain(err error) string {
	text, _, _ := strings.Cut(err.Error(), ": [")
	return text
}

func (t *Times) readWorkday(on *configs.Workday) error {
	if on.Workday == 0 {
		return errors.New(`"workday" is 1 for the first working day of the month, -1 for the last; 0 is none`)
	}
	hour, minute, ok := strings.Cut(on.At, ":")
	h, err := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if !ok || err != nil || err2 != nil {
		return fmt.Errorf("%q is no time of the day", on.At)
	}
	t.workday, t.hour, t.minute = on.Workday, h, m
	t.text = fmt.Sprintf("workday %d at %s", on.Workday, on.At)
	return nil
}

// String gives the times as they were written, with their zone.
func (t *Times) String() string { return t.text + " " + t.zone.String() }

// Fingerprint is another one as soon as the times are others.
func (t *Times) Fingerprint() string {
	sum := sha256.Sum256([]byte(t.String()))
	return hex.EncodeToString(sum[:8])
}

// Next gives the first time after a moment; zero when there is none. It does not depend on
// whether the moment was itself a time, so that a clock that stood still or jumped changes
// nothing about which times there are.
func (t *Times) Next(after time.Time) time.Time {
	if t.workday == 0 {
		return t.cron.Next(after.In(t.zone))
	}
	year, month, _ := after.In(t.zone).Date()
	for i := range 24 {
		if day := t.calendar.workdayOf(year, month+time.Month(i), t.workday); !day.IsZero() {
			at := time.Date(day.Year(), day.Month(), day.Day(), t.hour, t.minute, 0, 0, t.zone)
			if at.After(after) {
				return at
			}
		}
	}
	return time.Time{}
}

// Between gives the times after one moment up to another, the other included: the newest most
// of them, and of those before, how many there were and the first and last of them.
func (t *Times) Between(after, to time.Time, most int) (newest []time.Time, before Dropped) {
	for at := t.Next(after); !at.IsZero() && !at.After(to); at = t.Next(at) {
		newest = append(newest, at)
		if len(newest) > most {
			before.add(newest[0])
			newest = newest[1:]
		}
	}
	return newest, before
}

// A Dropped is a row of times that are told together.
type Dropped struct {
	First, Last time.Time
	Count       int
}

func (d *Dropped) add(at time.Time) {
	if d.Count++; d.Count == 1 {
		d.First = at
	}
	d.Last = at
}
