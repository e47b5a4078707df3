package schedule

import (
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kp2mi/lindung/configs"
)

var jakarta = time.FixedZone("WIB", 7*3600)

func shipped(t *testing.T) *Calendar {
	t.Helper()
	f, err := os.Open("../../configs/reference/holiday.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := ReadCalendar(f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNext(t *testing.T) {
	for _, c := range []struct {
		name  string
		s     configs.Schedule
		after string
		want  string
	}{
		{"each morning", configs.Schedule{Cron: "30 5 * * *"}, "2026-01-15T05:30:00+07:00", "2026-01-16T05:30:00+07:00"},
		{"in the project's zone", configs.Schedule{Cron: "30 5 * * *"}, "2026-01-15T00:00:00Z", "2026-01-16T05:30:00+07:00"},
		{"in the zone of the east", configs.Schedule{Cron: "30 5 * * *", TimeZone: "Asia/Jayapura"}, "2026-01-15T05:00:00+07:00", "2026-01-16T05:30:00+09:00"},
		{"working days by name", configs.Schedule{Cron: "0 6 * * mon-fri"}, "2026-01-16T06:00:00+07:00", "2026-01-19T06:00:00+07:00"},
		{"a leap day", configs.Schedule{Cron: "0 0 29 2 *"}, "2026-01-01T00:00:00+07:00", "2028-02-29T00:00:00+07:00"},
		{"@daily", configs.Schedule{Cron: "@daily"}, "2026-01-15T05:00:00+07:00", "2026-01-16T00:00:00+07:00"},
		{"every quarter of an hour", configs.Schedule{Cron: "*/15 * * * *"}, "2026-01-15T05:07:00+07:00", "2026-01-15T05:15:00+07:00"},
		// 2026-01-01 is a holiday, the 3rd and 4th a weekend.
		{"the third working day", configs.Schedule{On: &configs.Workday{Workday: 3, At: "07:00"}}, "2026-01-01T00:00:00+07:00", "2026-01-06T07:00:00+07:00"},
		{"after the third working day", configs.Schedule{On: &configs.Workday{Workday: 3, At: "07:00"}}, "2026-01-06T07:00:00+07:00", "2026-02-04T07:00:00+07:00"},
		// 2026-03-18 to 24 are Nyepi, Idulfitri and joint leave.
		{"the last working day", configs.Schedule{On: &configs.Workday{Workday: -1, At: "16:30"}}, "2026-03-01T00:00:00+07:00", "2026-03-31T16:30:00+07:00"},
		{"the thirteenth of a month with holidays", configs.Schedule{On: &configs.Workday{Workday: 13, At: "07:00"}}, "2026-03-01T00:00:00+07:00", "2026-03-25T07:00:00+07:00"},
		{"a month that has not so many", configs.Schedule{On: &configs.Workday{Workday: 18, At: "07:00"}}, "2026-03-01T00:00:00+07:00", "2026-04-27T07:00:00+07:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			times, err := New(&c.s, jakarta, shipped(t))
			if err != nil {
				t.Fatal(err)
			}
			after, _ := time.Parse(time.RFC3339, c.after)
			want, _ := time.Parse(time.RFC3339, c.want)
			if got := times.Next(after); !got.Equal(want) {
				t.Errorf("after %s: %s, want %s", c.after, got, want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		s    configs.Schedule
		want string
	}{
		{configs.Schedule{}, `says no time; give it "cron", "on" or "after"`},
		{configs.Schedule{Cron: "@daily", On: &configs.Workday{Workday: 1, At: "07:00"}}, "keep one of them"},
		{configs.Schedule{Cron: "0 0 31 2 *"}, "never fires"},
		{configs.Schedule{Cron: "0 0 30 feb *"}, "never fires"},
		{configs.Schedule{Cron: "TZ=Asia/Makassar 0 5 * * *"}, "take it out and write time_zone: Asia/Makassar"},
		{configs.Schedule{Cron: "CRON_TZ=UTC 0 5 * * *"}, "take it out and write time_zone: UTC"},
		{configs.Schedule{Cron: "0 5 * *"}, "cannot be read: expected exactly 5 fields, found 4"},
		{configs.Schedule{Cron: "0 0 5 * * *"}, "cannot be read: expected exactly 5 fields, found 6"},
		{configs.Schedule{Cron: "61 5 * * *"}, "cannot be read: end of range (61) above maximum (59)"},
		{configs.Schedule{Cron: "@every 10s"}, "more often than once a minute"},
		{configs.Schedule{On: &configs.Workday{At: "07:00"}}, "0 is none"},
	} {
		if _, err := New(&c.s, jakarta, shipped(t)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want ...%s", c.s, err, c.want)
		}
	}
	if times, err := New(&configs.Schedule{After: []string{"feeds"}}, jakarta, shipped(t)); times != nil || err != nil {
		t.Errorf("a job that only follows others: %v, %v", times, err)
	}
}

func TestHolidaysNeedADayAndASource(t *testing.T) {
	const head = "date,name_id,name_en,kind,source\n"
	for text, want := range map[string]string{
		"tanggal,nama\n":                     "line 1: a file of holidays begins with",
		head + "17-08-2027,a,b,nasional,SKB": `line 2: "17-08-2027" is no day`,
		head + "2027-08-17,a,b,nasional,":    "line 2: the holiday of 2027-08-17 names no source",
	} {
		if _, err := ReadCalendar(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want ...%s", text, err, want)
		}
	}
	c := shipped(t)
	if !c.Covers(2026) || c.Covers(2027) {
		t.Error("the calendar that comes with the program covers 2026")
	}
}

// However a stretch of time is cut up, the same times are found in it, each once.
func TestTimesDoNotDependOnWhereOneLooks(t *testing.T) {
	calendar := shipped(t)
	lines := []string{"*/7 * * * *", "30 5 * * *", "0 6 * * mon-fri", "15 3 1,15 * *", "0 0 31 * *"}
	rapid.Check(t, func(t *rapid.T) {
		times, err := New(&configs.Schedule{Cron: rapid.SampledFrom(lines).Draw(t, "line")}, jakarta, calendar)
		if err != nil {
			t.Fatal(err)
		}
		from := longAgo.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "from")) * time.Minute)
		to := from.Add(time.Duration(rapid.IntRange(0, 50_000).Draw(t, "minutes")) * time.Minute)
		whole, _ := times.Between(from, to, 1e6)
		var parts []time.Time
		for at := from; at.Before(to); {
			next := at.Add(time.Duration(rapid.IntRange(1, 20_000).Draw(t, "step")) * time.Second * 60)
			if next.After(to) {
				next = to
			}
			some, _ := times.Between(at, next, 1e6)
			parts, at = append(parts, some...), next
		}
		if len(parts) != len(whole) {
			t.Fatalf("%d times in pieces, %d in one", len(parts), len(whole))
		}
		for i := range whole {
			if !whole[i].Equal(parts[i]) {
				t.Fatalf("%v is not %v", parts[i], whole[i])
			}
		}
		most := rapid.IntRange(1, 5).Draw(t, "most")
		newest, before := times.Between(from, to, most)
		if len(newest)+before.Count != len(whole) {
			t.Fatalf("%d and %d before them are not %d", len(newest), before.Count, len(whole))
		}
	})
}

// FuzzCron looks for lines that make the parser give up or go on for ever.
func FuzzCron(f *testing.F) {
	for _, line := range []string{"30 5 * * *", "*/15 8-17 1,15 jan-jun mon-fri", "@every 1h30m", "0 0 29 2 *", "TZ=UTC 0 0 * * *", "? * ? * ?"} {
		f.Add(line)
	}
	calendar, err := ReadCalendar()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.TrimSpace(line) == "" {
			return
		}
		times, err := New(&configs.Schedule{Cron: line}, jakarta, calendar)
		if err != nil {
			return
		}
		if at := times.Next(longAgo); !at.After(longAgo) {
			t.Errorf("%q: after %v comes %v", line, longAgo, at)
		}
	})
}
