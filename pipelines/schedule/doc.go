// Package schedule tells when a job is due: by cron lines, by working days, in the time zone
// that people mean. It owns the calendar of holidays. It must not know what a job does, what
// time it is, or what ran already: it turns one moment into the next.
package schedule
