package content

import (
	"context"
	_ "embed"
	"testing"
	"time"

	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/figures/figurestest"
	"github.com/kp2mi/lindung/reports/document"
	"github.com/kp2mi/lindung/reports/words"
)

//go:embed testdata/bulletin.sql
var bulletinScript string

// bulletinRelease is the small release with what the bulletin's tables read.
func bulletinRelease(t testing.TB) *figures.Release {
	t.Helper()
	db := figurestest.Late(t)
	if _, err := db.Exec(bulletinScript); err != nil {
		t.Fatal(err)
	}
	return open(t, db)
}

func bookOf(t testing.TB, release *figures.Release) *Book {
	t.Helper()
	book, err := OpenBook(context.Background(), release, nil, nil, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// deskOf writes about a month of a book, of the nation or of a subject.
func deskOf(book *Book, lang words.Language, month string, of subject) desk {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		panic(err)
	}
	return desk{Book: book, pen: pen{Language: lang}, month: monthPeriod(at), subject: of, sample: figures.SampleMark}
}

// tablesOf are the tables of blocks, those behind charts among them.
func tablesOf(blocks []document.Block) (tables []*document.Table) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *document.Table:
			tables = append(tables, b)
		case *document.Chart:
			if b.Table != nil {
				tables = append(tables, b.Table)
			}
		}
	}
	return tables
}
