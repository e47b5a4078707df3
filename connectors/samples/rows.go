package samples

import (
	"bytes"
	"strconv"
	"strings"
)

// dropHeader are the columns of the unit offices' files.
var dropHeader = [...]string{
	"id_penempatan", "nik", "no_paspor", "jenis_kelamin", "tgl_lahir", "pendidikan", "status_kawin", "kode_provinsi", "provinsi", "kode_kabkota", "kabkota",
	"skema", "jenis_pemberi_kerja", "negara_tujuan", "jabatan", "p3mi", "upt", "tgl_daftar", "tgl_selesai_layanan", "tgl_berangkat",
	"lama_kontrak_bulan", "gaji", "mata_uang", "jaminan_sosial", "reentry", "status", "tgl_batal", "diperbarui",
}

// Columns that dirt is put into.
const (
	colID, colNIK                            = 0, 1
	colBirth                                 = 4
	colProvinceCode, colProvince             = 7, 8
	colRegencyCode, colRegency               = 9, 10
	colCountry, colJob, colAgency            = 13, 14, 15
	colRegistered, colCompleted, colDeparted = 17, 18, 19
	colContract, colWage                     = 20, 21
	columns                                  = len(dropHeader)
	shortRow, longRow                        = columns - 3, columns + 2
)

// cells is one row as text: its cells lie one after the other in one buffer,
// which the next row uses again. Nothing is allocated per row.
type cells struct {
	text   []byte
	at     [columns + 2][2]int
	n      int
	quote  bool // some cell may need quotes
	record *record
}

func (c *cells) begin(r *record) {
	c.text, c.n, c.quote, c.record = c.text[:0], 0, false, r
}

func (c *cells) put(s string) { c.text = append(c.text, s...); c.mark() }

// mark ends the cell that was appended to text.
func (c *cells) mark() {
	start := 0
	if c.n > 0 {
		start = c.at[c.n-1][1]
	}
	c.at[c.n] = [2]int{start, len(c.text)}
	c.n++
}

func (c *cells) get(i int) []byte { return c.text[c.at[i][0]:c.at[i][1]] }

// set replaces a cell; the row must be complete.
func (c *cells) set(i int, s string) {
	start := len(c.text)
	c.text = append(c.text, s...)
	c.at[i] = [2]int{start, len(c.text)}
}

func (c *cells) setDay(i, day int, style dateStyle) {
	start := len(c.text)
	c.text = appendDay(c.text, day, style)
	c.at[i] = [2]int{start, len(c.text)}
}

func yesNo(b bool) string {
	if b {
		return "Y"
	}
	return "T"
}

func (r *record) appendID(b []byte) []byte {
	return appendPadded(append(appendPadded(append(b, "SP-"...), r.year, 4), '-'), r.number, 7)
}

var sexLetters = [...]string{"L", "P"}

// Employer types have new names since 2025.
var (
	sectors   = [...]string{"Formal", "Informal"}
	employers = [...]string{"Berbadan Hukum", "Perseorangan"}
)

// write fills the cells with a clean record as an office writes it.
func (c *cells) write(r *record, office *unit) {
	c.begin(r)
	c.text = r.appendID(c.text)
	c.mark()
	if !r.noNIK {
		c.text = r.appendNIK(c.text)
	}
	c.mark()
	c.text = r.appendPassport(c.text)
	c.mark()
	c.put(sexLetters[r.sex])
	c.text = appendDay(c.text, r.birth, office.dates)
	c.mark()
	c.put(educations[r.education].label)
	c.put(maritals[r.maritalState].label)
	p, k := &provinces[r.province], &regencies[r.province][r.regency]
	c.put(p.code)
	c.put(p.name)
	c.put(k.code)
	c.put(k.name)
	c.put(schemes[r.scheme])
	if r.year < 2025 {
		c.put(sectors[r.household])
	} else {
		c.put(employers[r.household])
	}
	c.put(countries[r.country].name)
	c.put(occupations[r.occupation].title)
	if r.agency >= 0 {
		c.text = append(c.text, agencies[r.agency]...)
		c.quote = r.agency == 0
	}
	c.mark()
	c.put(office.code)
	for _, day := range [...]int{r.registered, r.completed, r.departed} {
		if day != 0 {
			c.text = appendDay(c.text, day, office.dates)
		}
		c.mark()
	}
	c.text = strconv.AppendInt(c.text, int64(r.contract), 10)
	c.mark()
	c.text = strconv.AppendInt(c.text, int64(r.wage), 10)
	c.mark()
	c.put(countries[r.country].currency)
	c.put(yesNo(r.insured))
	c.put(yesNo(r.reentry))
	if r.cancelled {
		c.put("BATAL")
		c.text = appendClock(c.text, r.cancelledAt, ' ')
	} else {
		c.put("SELESAI")
	}
	c.mark()
	c.text = appendClock(c.text, r.updated, ' ')
	c.mark()
}

// soil puts the record's harmless flaw into the cells.
func (c *cells) soil(r *record) {
	switch r.dirt {
	case countryAlias:
		names := aliasOf[countries[r.country].iso]
		c.set(colCountry, names[r.noiseA>>44%uint64(len(names))])
	case mixedCase:
		c.set(colJob, strings.ToUpper(occupations[r.occupation].title))
		c.set(colCountry, strings.ToLower(countries[r.country].name))
	case trailingSpace:
		c.set(colCountry, countries[r.country].name+"  ")
		c.set(colJob, " "+occupations[r.occupation].title+" ")
	case monthName:
		y, m, d := civil(r.completed)
		c.set(colCompleted, strconv.Itoa(d)+" "+monthNames[m-1]+" "+strconv.Itoa(y))
	case thousandDots:
		c.set(colWage, dotted(r.wage))
	}
}

// dotted writes 22376 as 22.376.
func dotted(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// ruin puts a defect into the cells; variant chooses among ways to do it.
func (c *cells) ruin(kind fatal, variant int, office *unit) {
	r := c.record
	c.quote = true
	switch kind {
	case unknownCountry:
		c.set(colCountry, misspelt[variant%len(misspelt)])
	case nikAsNumber:
		c.set(colNIK, scientific(c.get(colNIK)))
	case nikShort:
		c.set(colNIK, string(c.get(colNIK)[1:]))
	case impossibleDate:
		column := colCompleted
		if variant%2 == 1 {
			column = colRegistered
		}
		c.set(column, impossible(r.year, office.dates))
	case notADate:
		c.set(colDeparted, "menunggu visa")
	case dateOrder:
		c.setDay(colRegistered, r.completed+30, office.dates)
		c.set(colDeparted, "") // one defect a row: it would come before the registration too
	case totalsRow:
		for i := range columns {
			c.set(i, "")
		}
		c.set(colID, "JUMLAH")
		c.set(colWage, dotted(1000+variant))
	case repeatedHeader:
		for i, name := range dropHeader {
			c.set(i, name)
		}
	case regionCodeSystem:
		c.setRegion("94", "Papua") // BPS; in the ministry's own system 94 is Papua Tengah
	case regionUnknown:
		c.setRegion("99", "Jawa Selatan")
	case regionConflict:
		c.setRegion("35", "Bengkulu")
	case percentInAmount:
		c.set(colWage, "75,88%")
	case negativeAmount:
		c.set(colWage, "-"+strconv.Itoa(r.wage))
	case notANumber:
		c.set(colWage, "sesuai kontrak")
	case missingRequired:
		c.set(colCountry, "")
	case raggedRow:
		c.reshape(variant)
	case badEncoding:
		c.set(colAgency, "PT Ren\xe9 (CONTOH)") // é as Windows-1252 has it, in a file that is UTF-8
	case tooLongCell:
		c.set(colJob, strings.Repeat("keterangan ", 7000))
	}
}

func (c *cells) setRegion(code, name string) {
	c.set(colProvinceCode, code)
	c.set(colProvince, name)
	c.set(colRegencyCode, "")
	c.set(colRegency, "")
}

// reshape makes the row too short or too long.
func (c *cells) reshape(variant int) {
	if variant%2 == 0 {
		c.n = shortRow
		return
	}
	c.n = longRow
	c.set(columns, "geser")
	c.set(columns+1, "geser")
}

// scientific writes a NIK as a spreadsheet that took it for a number shows it.
func scientific(nik []byte) string { return string(nik[:1]) + "." + string(nik[1:11]) + "E+15" }

// impossible is the 31st of February.
func impossible(year int, style dateStyle) string {
	switch style {
	case iso:
		return strconv.Itoa(year) + "-02-31"
	case dashed:
		return "31-02-" + strconv.Itoa(year)
	}
	return "31/02/" + strconv.Itoa(year)
}

// appendCSV writes the row as a line.
func (c *cells) appendCSV(b []byte, separator byte) []byte {
	for i := range c.n {
		if i > 0 {
			b = append(b, separator)
		}
		cell := c.get(i)
		if c.quote && bytes.ContainsAny(cell, "\";,\n") {
			b = append(b, '"')
			b = append(b, bytes.ReplaceAll(cell, []byte(`"`), []byte(`""`))...)
			b = append(b, '"')
		} else {
			b = append(b, cell...)
		}
	}
	if c.record.dirt == extraSeparator && c.n == columns {
		b = append(b, separator)
	}
	return append(b, '\n')
}
