package editions

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"time"

	"github.com/kp2mi/lindung/figures"
)

//go:embed index.gohtml
var indexText string

var indexPage = template.Must(template.New("index").Parse(indexText))

// An indexLine is an edition in words of one language. It names no person.
type indexLine struct {
	*Edition
	Heading, AsOf, State, Approved string
}

// An indexView is the page in one language.
type indexView struct {
	Lang                                                                  string
	Title, Edition, Release, Status, ApprovedOn, Files, Hash, About, None string
	Lines                                                                 []indexLine
}

var stateWords = map[string]figures.Text{
	Draft:    {ID: "draf", EN: "draft"},
	Approved: {ID: "disetujui, dibekukan", EN: "approved, frozen"},
	Replaced: {ID: "draf yang digantikan", EN: "replaced draft"},
}

// WriteIndex writes the page of all editions, newest first, and gives its path.
func (b *Book) WriteIndex(zone *time.Location) (path string, err error) {
	unlock, err := b.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	all, err := b.List()
	if err != nil {
		return "", err
	}
	slices.SortStableFunc(all, func(x, y *Edition) int { return y.DraftedAt.Compare(x.DraftedAt) })
	page := struct {
		Mark  string
		Views []indexView
	}{}
	for _, e := range all {
		if e.Sample {
			page.Mark = figures.SampleMark
		}
	}
	for _, lang := range []string{"id", "en"} {
		page.Views = append(page.Views, view(lang, all, zone))
	}
	var text bytes.Buffer
	if err := indexPage.Execute(&text, page); err != nil {
		return "", fmt.Errorf("writing the index of editions: %w", err)
	}
	if err := b.replace(b.path("index.html"), text.Bytes()); err != nil {
		return "", fmt.Errorf("writing the index of editions: %w", err)
	}
	return b.path("index.html"), nil
}

func view(lang string, all []*Edition, zone *time.Location) indexView {
	in := func(id, en string) string { return figures.Text{ID: id, EN: en}.In(lang) }
	v := indexView{Lang: lang, Title: in("Terbitan", "Editions"), Edition: in("Edisi", "Edition"), Release: in("Rilis", "Release"), Status: in("Status", "Status"),
		ApprovedOn: in("Disetujui", "Approved"), Files: in("Berkas", "Files"), Hash: "SHA-256", None: in("Belum ada terbitan.", "There is no edition yet."),
		About: in("Terbitan yang disetujui tidak berubah lagi; koreksi terbit sebagai edisi baru dengan catatan revisi. lindung report verify BERKAS menghitung ulang setiap angkanya.",
			"An approved edition does not change; a correction appears as a new edition with revision notes. lindung report verify FILE computes every number of it again.")}
	for _, e := range all {
		line := indexLine{Edition: e, Heading: e.Title.In(lang), AsOf: e.Release.AsOf.Format(time.DateOnly), State: stateWords[e.State].In(lang)}
		if e.Approval != nil {
			line.Approved = e.Approval.At.In(zone).Format(time.DateOnly)
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}
