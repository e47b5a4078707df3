package connectors

import (
	"fmt"
	"strconv"
	"time"
)

// sourceZone is what an instant without a zone is taken to mean: Indonesian
// systems write Jakarta time. It has had one offset, and no daylight saving,
// since 1964.
var sourceZone = time.FixedZone("WIB", 7*60*60)

// timeFormats are the ways to send an instant.
var timeFormats = []string{"rfc3339", "datetime", "date", "unix", "unix_ms"}

// formatInstant writes an instant in one of timeFormats. Where the format is
// coarser than the instant, it is cut off: asking since a little earlier loses
// nothing.
func formatInstant(t time.Time, format string) string {
	switch format {
	case "datetime":
		return t.In(sourceZone).Format("2006-01-02 15:04:05")
	case "date":
		return t.In(sourceZone).Format("2006-01-02")
	case "unix":
		return strconv.FormatInt(t.Unix(), 10)
	case "unix_ms":
		return strconv.FormatInt(t.UnixMilli(), 10)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// instantLayouts are the ways in which sources write instants.
var instantLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02",
}

// An instant is a time as a source wrote it; write gives another time the same
// form.
type instant struct {
	time.Time
	write func(time.Time) string
}

// parseInstant reads an instant in any of the usual forms, also as seconds or
// milliseconds since 1970. The text is not quoted in the error.
func parseInstant(text string) (instant, error) {
	for _, layout := range instantLayouts {
		if t, err := time.ParseInLocation(layout, text, sourceZone); err == nil {
			zone := t.Location()
			return instant{t, func(t time.Time) string { return t.In(zone).Format(layout) }}, nil
		}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		switch {
		case len(text) <= 10:
			return instant{time.Unix(n, 0), func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }}, nil
		case len(text) == 13:
			return instant{time.UnixMilli(n), func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }}, nil
		}
	}
	return instant{}, fmt.Errorf("an instant of %d characters is in no known form (such as 2024-01-15T08:30:00+07:00)", len(text))
}
