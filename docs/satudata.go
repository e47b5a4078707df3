package docs

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/warehouse/harmless"
)

// sheetsAbout says where the fields of the three sheets come from.
const sheetsAbout = `Isian metadata statistik untuk Satu Data Indonesia (Perpres 39/2019) menurut susunan Peraturan BPS 5/2020 tentang Petunjuk Teknis
Metadata Statistik. Lampiran peraturan itu sendiri tidak ada di tangan saat daftar ini disusun. Nama dan urutan isian diambil dari:
MS-Keg: blok I–V dari formulir seperti ditiru program terbuka (https://github.com/KeyLaFleurr/Ruby), blok VI–VIII dari muatan yang dikirim
program daerah ke INDAH; MS-Var: paparan BPS Provinsi Banten (10 Agustus 2021,
https://id.scribd.com/presentation/547138391/20210810-Metadata-diskominfo); MS-Ind: kolom (1)–(17) seperti dicetak program pemerintah daerah
dan BPS Provinsi Sulawesi Tenggara. Cocokkan dengan formulir yang berlaku (https://indah.bps.go.id) sebelum dikirim. Yang tidak dinyatakan
dalam definisi Lindung tertulis *belum diisi / not given*; tidak ada isian yang dikarang. Isian bertanda + adalah tambahan.

Statistical metadata for Satu Data Indonesia (Presidential Regulation 39/2019) in the order of BPS Regulation 5/2020. The annex of that
regulation was not at hand. Names and order of the fields are from: MS-Keg, blocks I–V of the form as an open program copies it and
blocks VI–VIII of what a local program sends to INDAH; MS-Var, a presentation of BPS Banten; MS-Ind, columns (1)–(17) as programs of local
governments and of BPS Southeast Sulawesi print them (addresses above). Compare with the form in force before sending. What Lindung's
definitions do not say reads *belum diisi / not given*; nothing is made up. Fields marked + are additions.`

// A sheetField is one field of a sheet as BPS calls it.
type sheetField struct {
	No    string // its number on the form
	Label string
}

// A sheet is one of the three forms, filled in once for each activity, variable or indicator.
type sheet struct {
	File   string // without extension
	Title  string
	About  string
	Fields []sheetField
	Rows   [][]string // the fields' texts, in their order
	Name   int        // the field that names a row
	Group  int        // above 0: rows alike in field Group-1 make one table
}

// satuData writes the sheets: CSV for spreadsheets and Markdown for people.
func (c *catalogue) satuData() (files []File, err error) {
	sheets := []sheet{c.indicators(), c.activities(), c.variables()}
	for _, s := range sheets {
		table, err := s.csv()
		if err != nil {
			return nil, fmt.Errorf("writing %s.csv: %w", s.File, err)
		}
		files = append(files, File{"satu-data/" + s.File + ".csv", table}, File{"satu-data/" + s.File + ".md", s.markdown()})
	}
	return files, nil
}

// csv begins with the byte order mark by which Excel knows UTF-8.
func (s sheet) csv() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	header := make([]string, len(s.Fields))
	for i, f := range s.Fields {
		header[i] = strings.TrimSpace(f.No + " " + f.Label)
	}
	if err := w.Write(header); err != nil {
		return nil, err
	}
	for _, row := range s.Rows {
		if err := w.Write(harmless.Texts(slices.Clone(row)...)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// markdown names first what no row could fill, so that each row shows only what is known.
func (s sheet) markdown() []byte {
	p := &page{}
	p.generated(s.Title, sheetsAbout)
	p.line("\n%s", s.About)
	given := make([]bool, len(s.Fields))
	for _, row := range s.Rows {
		for i, text := range row {
			given[i] = given[i] || text != notGiven
		}
	}
	var never [][]string
	for i, f := range s.Fields {
		if !given[i] {
			never = append(never, []string{f.No, f.Label})
		}
	}
	p.heading(2, "Belum diisi pada semua baris / Not given in any row")
	p.table([]string{"no.", "isian / field"}, never)
	p.heading(2, "Isian / Rows")
	if s.Group > 0 {
		p.line("– = %s", notGiven)
		s.grouped(p, given)
		return p.Bytes()
	}
	for _, row := range s.Rows {
		p.heading(3, row[s.Name])
		var rows [][]string
		for i, text := range row {
			if given[i] && i != s.Name {
				rows = append(rows, []string{s.Fields[i].No, s.Fields[i].Label, text})
			}
		}
		p.table([]string{"no.", "isian / field", "isi / value"}, rows)
	}
	return p.Bytes()
}

// grouped writes one table for each group of rows.
func (s sheet) grouped(p *page, given []bool) {
	group := s.Group - 1
	var header []string
	for i, f := range s.Fields {
		if given[i] && i != group {
			header = append(header, strings.TrimSpace(f.No+" "+f.Label))
		}
	}
	var rows [][]string
	for i, row := range s.Rows {
		var cells []string
		for j, text := range row {
			if !given[j] || j == group {
				continue
			}
			if text == notGiven {
				text = "–" // said once above the table
			}
			cells = append(cells, text)
		}
		rows = append(rows, cells)
		if i == len(s.Rows)-1 || s.Rows[i+1][group] != row[group] {
			p.heading(3, row[group])
			p.table(header, rows)
			rows = nil
		}
	}
}
