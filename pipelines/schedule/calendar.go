package schedule

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// A Calendar knows the holidays of the years that it covers. Of other years it knows Saturdays
// and Sundays only: holidays are decreed, and none is invented.
type Calendar struct {
	holidays map[string]string // by day: its name
	years    map[int]bool
}

// header is what a file of holidays begins with.
var header = []string{"date", "name_id", "name_en", "kind", "source"}

// ReadCalendar reads files of holidays. A year is covered when a file has a holiday of it.
func ReadCalendar(files ...io.Reader) (*Calendar, error) {
	c := &Calendar{holidays: map[string]string{}, years: map[int]bool{}}
	for _, f := range files {
		if err := c.read(f); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Calendar) read(f io.Reader) error {
	r := csv.NewReader(f)
	first, err := r.Read()
	if err != nil || !slices.Equal(first, header) {
		return errors.Join(fmt.Errorf("line 1: a file of holidays begins with %v", header), err)
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		day, err := time.Parse(time.DateOnly, row[0])
		switch {
		case err != nil:
			return fmt.Errorf("line %d: %q is no day; write it as 2026-08-17", line, row[0])
		case row[4] == "":
			return fmt.Errorf("line %d: the holiday of %s names no source, such as the decree", line, row[0])
		}
		c.holidays[row[0]], c.years[day.Year()] = row[1], true
	}
}

// Covers says whether the holidays of a year are known.
func (c *Calendar) Covers(year int) bool { return c.years[year] }

// Workday says whether a day is a working day.
func (c *Calendar) Workday(day time.Time) bool {
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	return c.holidays[day.Format(time.DateOnly)] == ""
}

// workdayOf gives the nth working day of a month, from its end where n is negative; zero when
// the month has not so many.
func (c *Calendar) workdayOf(year int, month time.Month, n int) time.Time {
	day, step := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC), 1
	if n < 0 {
		day, step, n = day.AddDate(0, 1, -1), -1, -n
	}
	for of := day.Month(); day.Month() == of; day = day.AddDate(0, 0, step) {
		if c.Workday(day) {
			if n--; n == 0 {
				return day
			}
		}
	}
	return time.Time{}
}
