package openlineage

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// Namespace is where the jobs and datasets of a project are: lindung:// and its name, with every
// run of other characters than letters and digits as one hyphen.
func Namespace(project string) string {
	words := strings.FieldsFunc(strings.ToLower(project), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return "lindung://" + url.PathEscape(strings.Join(words, "-"))
}

// identities is the name space of the identities below.
var identities = uuid.NewSHA1(uuid.NameSpaceURL, []byte(producer))

// runID names a run of a job for ever: whoever knows the project, the run and the job can work
// it out, also the process that finds out later how a run ended.
func runID(namespace, run, job string) string {
	return uuid.NewSHA1(identities, []byte(namespace+"\n"+run+"\n"+job)).String()
}

// LakeDataset names what the lake has of a dataset.
func LakeDataset(name string) string { return "lake." + name }

// ReleaseTable names a table of the releases.
func ReleaseTable(name string) string { return releaseJob + "." + name }

// Quarantine names the records of a feed that were kept out of the lake.
func Quarantine(feed string) string { return "quarantine." + feed }

// Landing names the objects of a feed as they were received.
func Landing(feed string) string { return "landing." + feed }

// A Place is where a dataset is, as other tools name it: never with what opens it.
type Place struct{ Namespace, Name string }

// PlaceOf names a place by an address, of which only scheme, host and port are told. Without
// them there is no place.
func PlaceOf(address, name string) (Place, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return Place{}, false
	}
	return Place{Namespace: strings.ToLower(u.Scheme + "://" + u.Host), Name: name}, true
}
