package html

import (
	"fmt"
	"time"
)

// words are the texts of the frame in one language. What a report says comes with it.
type words struct {
	name, language, skip     string
	contents, figure, table  string
	behind, annex, annexNote string
	seeAnnex                 string
	status, asOf, published  string
	release, content, log    string
	code, program, colophon  string
	page, of, programs       string
	months                   [12]string
}

var languages = map[string]*words{
	"id": {
		name: "Bahasa Indonesia", language: "Bahasa", skip: "Langsung ke isi",
		contents: "Daftar isi", figure: "Gambar", table: "Tabel",
		behind: "Tabel di balik gambar", annex: "Lampiran: tabel di balik gambar dan cara menghitung",
		annexNote: "Yang pada layar dibuka dengan satu klik, di sini menurut urutan bagian laporan.",
		seeAnnex:  "Lihat lampiran",
		status:    "Status", asOf: "Data per", published: "Terbit",
		release: "Rilis", content: "Isi rilis (hash)", log: "Catatan komit",
		code: "SQL dan konfigurasi (hash)", program: "Program", colophon: "Asal berkas ini",
		page: "Halaman", of: "dari", programs: "Teks SQL",
		months: [12]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
	},
	"en": {
		name: "English", language: "Language", skip: "Skip to the report",
		contents: "Contents", figure: "Figure", table: "Table",
		behind: "The table behind figure", annex: "Annex: tables behind the figures and how they were computed",
		annexNote: "What opens with a click on a screen, here in the order of the report.",
		seeAnnex:  "See the annex",
		status:    "Status", asOf: "Data as of", published: "Published",
		release: "Release", content: "Content of the release (hash)", log: "Commit log",
		code: "SQL and configuration (hash)", program: "Program", colophon: "Where this file comes from",
		page: "Page", of: "of", programs: "SQL texts",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	},
}

// day is a date for readers and for programs.
func (w *words) day(t time.Time) string {
	return fmt.Sprintf(`<time datetime="%s">%s</time>`, t.Format(time.DateOnly), w.date(t))
}

func (w *words) date(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), w.months[t.Month()-1], t.Year())
}
