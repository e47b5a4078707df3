package samples

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A partnerFile is what a feed's partner hands over at each delivery: columns of a register under the
// partner's own names. The files of a feed lie in a place of their own, called after the feed.
type partnerFile struct {
	way      way
	feed     string
	register *register
	workbook bool      // XLSX, with the mark above the header; else CSV with semicolons
	whole    bool      // every file holds all that is known; else what is new
	only     [2]string // a column of the register and what it must say; none when empty
	columns  string    // theirs, or theirs=ours where the register calls it otherwise
}

// way is how a partner's files are fetched.
type way int

const (
	overSFTP way = iota
	inFolder
	inBucket
)

// files gives the files by a moment. They are made once, when somebody asks for them. A partner with
// nothing to tell sends none.
func (p *partnerFile) files(w *World) func(now time.Time) []handover {
	versions := w.versions(p.register)
	var made []handover
	var upTo time.Time
	var lock sync.Mutex
	return func(now time.Time) []handover {
		lock.Lock()
		defer lock.Unlock()
		for _, moment := range Deliveries() {
			if moment.After(now) || !moment.After(upTo) {
				continue
			}
			since := momentOf(upTo)
			if p.whole || upTo.IsZero() {
				since = 0
			}
			upTo = moment
			if text := p.write(versions(since, momentOf(moment))); text != nil {
				made = append(made, handover{p.feed + "_" + moment.Format(time.DateOnly) + p.ending(), moment, text})
			}
		}
		return slices.DeleteFunc(slices.Clone(made), func(f handover) bool { return f.at.After(now) })
	}
}

func (p *partnerFile) ending() string {
	if p.workbook {
		return ".xlsx"
	}
	return ".csv"
}

// write makes a file of entries; nil where none is the partner's.
func (p *partnerFile) write(entries []entry) []byte {
	fields := join(p.register.fields, []string{"diperbarui"})
	var header []string
	var from []int
	for column := range strings.SplitSeq(p.columns, ", ") {
		theirs, ours, renamed := strings.Cut(column, "=")
		if !renamed {
			ours = theirs
		}
		header, from = append(header, theirs), append(from, slices.Index(fields, ours))
	}
	rows := [][]string{header}
	for _, e := range entries {
		if p.only[0] != "" && e.cells[slices.Index(fields, p.only[0])] != p.only[1] {
			continue
		}
		cells := join(e.cells, []string{string(appendStamp(nil, e.known))})
		row := make([]string, len(from))
		for i, at := range from {
			row[i] = cells[at]
		}
		rows = append(rows, row)
	}
	if len(rows) == 1 {
		return nil
	}
	var out bytes.Buffer
	if err := p.writeRows(&out, rows); err != nil {
		panic(fmt.Sprintf("writing %s into memory: %v", p.feed, err)) // a buffer takes everything
	}
	return out.Bytes()
}

func (p *partnerFile) writeRows(to io.Writer, rows [][]string) error {
	if !p.workbook {
		out := csv.NewWriter(to)
		out.Comma = ';'
		return out.WriteAll(rows)
	}
	book, err := newSheet(to, sheetName)
	if err != nil {
		return err
	}
	for _, row := range slices.Concat([][]string{{sampleMark}}, rows) {
		if err := book.texts(row...); err != nil {
			return err
		}
	}
	return book.end()
}

// filesBy gives the partners' files that are fetched one way, by feed.
func (w *World) filesBy(wanted way) map[string]func(now time.Time) []handover {
	by := map[string]func(now time.Time) []handover{}
	for i := range partnerFiles {
		if p := &partnerFiles[i]; p.way == wanted {
			by[p.feed] = p.files(w)
		}
	}
	return by
}

// WritePartnerFiles puts the files of every delivery up to and including until, of the feeds that are
// on, below dir as inbox/<feed>/<feed>_<day of delivery>.csv or .xlsx. A file that is there already is
// left alone.
func (w *World) WritePartnerFiles(dir string, until time.Time, on func(feed string) bool) error {
	for feed, files := range w.filesBy(inFolder) {
		if !on(feed) {
			continue
		}
		folder := filepath.Join(dir, "inbox", feed)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("making the sample inbox %s: %w", folder, err)
		}
		for _, f := range files(until) {
			drop, err := createDrop(filepath.Join(folder, f.name))
			if err != nil {
				return err
			}
			if drop == nil {
				continue
			}
			_, err = drop.Write(f.text)
			if err := drop.keep(err, f.at); err != nil {
				return err
			}
		}
	}
	return nil
}
