package document

import (
	"strconv"
	"time"
)

// The names under which a finished file says what it is: <meta name="…"> in HTML, custom
// properties or the sheet of provenance elsewhere. A program that verifies a file finds its
// release by them.
const (
	MetaKind    = "lindung-kind"
	MetaSubject = "lindung-subject"
	MetaRelease = "lindung-release"
	MetaContent = "lindung-content" // hash of the release's content
	MetaAsOf    = "lindung-as-of"
	MetaLog     = "lindung-log" // number and hash of the newest commit that the release knows
	MetaCode    = "lindung-code"
	MetaProgram = "lindung-program"
)

// A Meta is one thing that a finished file says of itself to programs.
type Meta struct{ Name, Content string }

// Metas is what a finished file says of itself, in a fixed order. Files with several languages
// hold documents that say the same.
func (d *Document) Metas() []Meta {
	all := []Meta{{MetaKind, d.Kind}, {MetaSubject, d.Subject}}
	return append(all, d.Release.Metas()...)
}

// Metas is what a finished file says of its release.
func (r Release) Metas() []Meta {
	return []Meta{
		{MetaRelease, r.ID}, {MetaContent, r.Hash}, {MetaAsOf, r.AsOf.Format(time.DateOnly)},
		{MetaLog, strconv.FormatInt(r.LogHead, 10) + " " + r.LogHash}, {MetaCode, r.CodeHash}, {MetaProgram, r.Program},
	}
}
