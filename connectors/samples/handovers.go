package samples

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"time"
)

// Some systems hand over files instead of answering questions: one for each
// delivery, with what changed since the one before.

// handover is a file that a system has put where it can be fetched.
type handover struct {
	name string
	at   time.Time
	text []byte
}

// handovers gives the files of a register by a moment. They are made once.
func (w *World) handovers(r *register) func(now time.Time) []handover {
	versions := w.versions(r)
	made := map[time.Time]handover{}
	return func(now time.Time) (files []handover) {
		var before int64
		for _, moment := range Deliveries() {
			if moment.After(now) {
				break
			}
			if _, ok := made[moment]; !ok {
				made[moment] = handover{r.name + "_" + moment.Format(time.DateOnly) + ".csv", moment, csvOf(r, versions(before, momentOf(moment)))}
			}
			files = append(files, made[moment])
			before = momentOf(moment)
		}
		return files
	}
}

// csvOf writes entries as such systems export them: semicolons, and the time of the last change.
func csvOf(r *register, entries []entry) []byte {
	var out bytes.Buffer
	to := csv.NewWriter(&out)
	to.Comma = ';'
	rows := [][]string{join(r.fields, []string{"diperbarui"})}
	for _, e := range entries {
		rows = append(rows, join(e.cells, []string{string(appendStamp(nil, e.known))}))
	}
	if err := to.WriteAll(rows); err != nil {
		panic(fmt.Sprintf("writing %s into memory: %v", r.name, err)) // a buffer takes everything
	}
	return out.Bytes()
}
