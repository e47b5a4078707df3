package lake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A LandedMonth is what one source landed in one month, under one key.
type LandedMonth struct {
	Source   string         `json:"source"`
	Month    string         `json:"month"`
	Objects  int            `json:"objects"`
	Shredded *ShreddedMonth `json:"shredded,omitempty"`

	places []objectPlace
}

// Months lists the months of every source that the log names objects of, by source and month.
func (l *Lake) Months() ([]LandedMonth, error) {
	entries, err := l.chain()
	if err != nil {
		return nil, err
	}
	work := collectWork(entries)
	var all []LandedMonth
	for _, name := range work.months {
		places := work.objects[name]
		m := LandedMonth{Source: places[0].source, Month: places[0].month, Objects: len(places), places: places}
		if s, ok := work.shredded[name]; ok {
			s.Objects = m.Objects
			m.Shredded = &s
		}
		all = append(all, m)
	}
	return all, nil
}

// A KeyReport says which landed objects open with the keys at hand.
type KeyReport struct {
	Master   string          `json:"master_key"` // its id
	Months   int             `json:"months"`
	Objects  int             `json:"objects"` // that open
	Shredded []ShreddedMonth `json:"shredded"`
	Problems []Problem       `json:"problems"`
}

// CheckKeys opens every landed object with the key of its month, as far as its first bytes: that the
// key is the right one is proved there. Whether all of an object is as it was is what Verify reads.
func (l *Lake) CheckKeys(ctx context.Context, progress func(done, total int)) (KeyReport, error) {
	report := KeyReport{Master: l.master.ID(), Shredded: []ShreddedMonth{}, Problems: []Problem{}}
	months, err := l.Months()
	if err != nil {
		return report, fmt.Errorf("checking the keys: %w", err)
	}
	for i, m := range months {
		if progress != nil {
			progress(i, len(months))
		}
		if err := ctx.Err(); err != nil {
			return report, err
		}
		report.Months++
		l.checkMonth(m, &report)
	}
	return report, nil
}

func (l *Lake) checkMonth(m LandedMonth, report *KeyReport) {
	add := func(kind, path string, err error) {
		report.Problems = append(report.Problems, Problem{Kind: kind, Path: path, Message: err.Error()})
	}
	_, err := l.monthKey(m.Source, m.Month)
	switch {
	case m.Shredded != nil && errors.Is(err, ErrShredded):
		report.Shredded = append(report.Shredded, *m.Shredded)
		return
	case m.Shredded != nil: // also where it is closed for an older master key
		add(ProblemKey, l.monthKeyPath(m.Source, m.Month), fmt.Errorf("the month was shredded by commit %d and its key is here again; destroy it: lindung gc", m.Shredded.Commit))
		return
	case err != nil:
		add(ProblemKey, l.monthKeyPath(m.Source, m.Month), fmt.Errorf("%d landed objects of %s/%s cannot be read: %w", m.Objects, m.Source, m.Month, err))
		return
	}
	for _, o := range m.places {
		if err := l.beginObject(o); err != nil {
			add(ProblemObject, l.relative(l.objectPath(o.source, o.month, o.id)), err)
			continue
		}
		report.Objects++
	}
}

// beginObject reads the first bytes of an object.
func (l *Lake) beginObject(o objectPlace) error {
	r, err := l.openObject(o.source, o.month, o.id)
	if err != nil {
		return err
	}
	_, err = r.Read(make([]byte, 1))
	if errors.Is(err, io.EOF) {
		err = nil // an empty object
	}
	return errors.Join(err, r.Close())
}

// HasLog says whether a data folder holds any entry of a log: it asks before there is a key to open it with.
func HasLog(dir string) (bool, error) {
	found, err := os.ReadDir(filepath.Join(dir, logFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return slices.ContainsFunc(found, func(d fs.DirEntry) bool { _, ok := parseEntryName(d.Name()); return ok }), err
}
