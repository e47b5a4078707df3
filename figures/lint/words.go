package lint

import (
	"regexp"
	"strconv"
	"strings"
)

// A unit is what a number counts; "" where nothing says so.
type unit string

const (
	percent  unit = "%"
	pp       unit = "percentage points"
	persons  unit = "persons"
	services unit = "services"
	cases    unit = "cases"
)

// whole says that a unit comes in whole numbers.
func (u unit) whole() bool { return u == persons || u == services || u == cases }

func (u unit) relative() bool { return u == percent || u == pp }

const (
	currencyWords = `Rp\.?|IDR|US\$|USD|SGD|MYR|HKD|EUR|JPY|\$|€`
	scaleWords    = `ribu|juta|miliar|milyar|triliun|thousand|million|billion|trillion|mn|bn|jt|rb`
	unitWords     = `%|poin\s+persen(?:tase)?|persen\s+poin|percentage\s+points?|persen|per\s?cent|orang|jiwa|PMI|pekerja(?:\s+migran)?|TKI|persons?|people|workers?|layanan|services?|kasus|pengaduan|aduan|cases?|complaints?`
)

var scales = map[string]float64{
	"ribu": 1e3, "rb": 1e3, "thousand": 1e3, "juta": 1e6, "jt": 1e6, "million": 1e6, "mn": 1e6,
	"miliar": 1e9, "milyar": 1e9, "billion": 1e9, "bn": 1e9, "triliun": 1e12, "trillion": 1e12,
}

func scaleOf(word string) float64 {
	if s, known := scales[strings.ToLower(word)]; known {
		return s
	}
	return 1
}

var unitPatterns = []struct {
	unit  unit
	words *regexp.Regexp
}{
	{pp, regexp.MustCompile(`(?i)^(?:poin\s|persen\s+poin|percentage\s)`)},
	{percent, regexp.MustCompile(`(?i)^(?:%|persen|per\s?cent)`)},
	{services, regexp.MustCompile(`(?i)^(?:layanan|service)`)},
	{cases, regexp.MustCompile(`(?i)^(?:kasus|pengaduan|aduan|case|complaint)`)},
	{persons, regexp.MustCompile(`(?i)^(?:orang|jiwa|pmi|pekerja|tki|person|people|worker)`)},
}

func unitOf(word string) unit {
	for _, p := range unitPatterns {
		if p.words.MatchString(word) {
			return p.unit
		}
	}
	return ""
}

func currencyOf(sign string) unit {
	switch s := strings.ToUpper(strings.TrimSuffix(sign, ".")); s {
	case "":
		return ""
	case "RP", "IDR":
		return "IDR"
	case "US$", "$", "USD":
		return "USD"
	case "€":
		return "EUR"
	default:
		return unit(s)
	}
}

// headUnits finds what a column's head or a title says about its numbers. The unit in
// brackets, or a word that is nothing but a unit; “pengaduan” in a title is a subject.
var (
	headUnit  = regexp.MustCompile(`(?i)(?:\(|\[|,|dalam|in|satuan:?|unit:?)\s*(?:` + scaleWords + `)?\s*(` + unitWords + `)\s*(?:\)|\]|$)`)
	headScale = regexp.MustCompile(`(?i)(?:\(|\[|,|dalam|in|Rp\.?|US\$|USD)\s*(` + scaleWords + `)\b`)
	headMoney = regexp.MustCompile(`(?i)(?:^|[^\pL])(Rp|IDR|US\$|USD|SGD|EUR)(?:[^\pL]|$)`)
	onlyUnit  = regexp.MustCompile(`(?i)^(?:` + unitWords + `)$`)
)

func headSays(head string) (u unit, scale float64) {
	scale = 1
	if m := headScale.FindStringSubmatch(head); m != nil {
		scale = scaleOf(m[1])
	}
	switch m := headUnit.FindStringSubmatch(head); {
	case m != nil:
		u = unitOf(m[1])
	case onlyUnit.MatchString(strings.TrimSpace(head)):
		u = unitOf(strings.TrimSpace(head))
	case headMoney.MatchString(head):
		u = currencyOf(headMoney.FindStringSubmatch(head)[1])
	case strings.Contains(head, "%"):
		u = percent
	}
	return u, scale
}

// What the head of a column, or the label of a row, says about its numbers.
var (
	growthWords   = regexp.MustCompile(`(?i)\b(?:pertumbuhan|perubahan|kenaikan|penurunan|naik|turun|growth|change|increase|decrease|y-?o-?y|m-?t-?m|m-?to-?m|q-?t-?q|y-?t-?y)\b|Δ`)
	shareWords    = regexp.MustCompile(`(?i)\b(?:porsi|pangsa|proporsi|persentase|persen|kontribusi|distribusi|share|shares|proportion|percentage|per\s?cent|percent)\b|%`)
	strictShare   = regexp.MustCompile(`(?i)\b(?:porsi|pangsa|proporsi|kontribusi|distribusi|shares?|proportion)\b`)
	averageWords  = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:rata-rata|rerata|rataan|avg|average|mean|median|indeks|index|kurs|rate|rasio|ratio|per\s+1[.,]?000|per\s+10[.,]?000|per\s+100[.,]?000|peringkat|rank|minimum|maksimum|maximum|min|max|umur|usia|age|target|realisasi|selisih|difference|lat|lon|latitude|longitude|simpangan)(?:[^\pL]|$)`)
	indexWords    = regexp.MustCompile(`(?i)^(?:no\.?|nomor|#|id|nr\.?|kode.*|code.*|.*_id|.*_code|rank|peringkat|tahun|year|th|thn|bulan|month|tanggal|date)$`)
	totalLabel    = regexp.MustCompile(`(?i)^(?:(?:grand[\s-]*)?total|jumlah|jml\.?|sub[\s-]*total|sub[\s-]*jumlah|(?:total|jumlah)\s+(?:total|umum|akhir|besar|nasional|keseluruhan|seluruh(?:nya)?|semua)|keseluruhan|seluruhnya|jumlah\s*/\s*total|total\s*/\s*jumlah|(?:semua|seluruh|all)\s+\pL+)[\s:.*]*$`)
	namedTotal    = regexp.MustCompile(`(?i)^(?:sub[\s-]*total|sub[\s-]*jumlah|total|jumlah)\s+(\S.*)$`)
	ofWhichLabel  = regexp.MustCompile(`(?i)^[-–•\s]*(?:di\s?antaranya|termasuk|dari\s+jumlah|of\s+which|including)\b`)
	onlyTheTop    = regexp.MustCompile(`(?i)\b(?:top|terbanyak|terbesar|tertinggi|utama|largest|leading|(?:lima|sepuluh|\d+)\s+(?:besar|negara|provinsi|kabupaten|daerah))\b`)
	roundedWords  = regexp.MustCompile(`(?i)karena\s+pembulatan|due\s+to\s+rounding`)
	missingCell   = regexp.MustCompile(`(?i)^(?:n\.?/?a\.?|\.{2,3}|…|x|\[[a-z]\]|\*+|tidak\s+tersedia|tt|not\s+available|na|nan|null)$`)
	nilCell       = regexp.MustCompile(`^[-–—−]$`)
	columnNumbers = regexp.MustCompile(`^\(?\d{1,2}\)?$`)
)

var months = map[string]int{
	"januari": 1, "january": 1, "jan": 1, "februari": 2, "february": 2, "feb": 2, "maret": 3, "march": 3, "mar": 3,
	"april": 4, "apr": 4, "mei": 5, "may": 5, "juni": 6, "june": 6, "jun": 6, "juli": 7, "july": 7, "jul": 7,
	"agustus": 8, "august": 8, "agu": 8, "ags": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "october": 10,
	"okt": 10, "oct": 10, "november": 11, "nov": 11, "nop": 11, "desember": 12, "december": 12, "des": 12, "dec": 12,
}

var (
	yearWord  = regexp.MustCompile(`\b(?:19|20)\d{2}\b`)
	yearRange = regexp.MustCompile(`\b((?:19|20)\d{2})\s*(?:[-–—]|s\.?d\.?|s/d|hingga|sampai|to)\s*((?:19|20)\d{2})\b`)
	word      = regexp.MustCompile(`[\pL]+`)
)

// yearsIn lists the years that a text names, ranges filled.
func yearsIn(text string) []int {
	var years []int
	for _, m := range yearRange.FindAllStringSubmatch(text, -1) {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		for y := from; y <= to; y++ {
			years = append(years, y)
		}
	}
	for _, m := range yearWord.FindAllString(text, -1) {
		y, _ := strconv.Atoi(m)
		years = append(years, y)
	}
	return years
}

// monthOf gives the month that a label is, 0 for none: “Januari”, “Jan-24”, “Mar 2024”.
func monthOf(label string) int {
	words := word.FindAllString(strings.ToLower(label), -1)
	if len(words) != 1 {
		return 0
	}
	return months[words[0]]
}

var languageWords = map[string]notation{}

func init() {
	for _, w := range strings.Fields("dan yang dari di pada untuk dengan tahun bulan orang jumlah negara menurut sebanyak sebesar menjadi naik turun provinsi kabupaten kelamin laki perempuan lainnya penempatan pengaduan tabel persen jenis bagian januari februari maret mei juni juli agustus oktober desember skema perseorangan sektor porsi sumber pendidikan hingga atau ke kasus layanan tujuan") {
		languageWords[w] = indonesian
	}
	for _, w := range strings.Fields("the of and in by for with year month from was were rose fell country province table women men male female other others share cases placements complaints january february march may june july august october december scheme source education until or per value name") {
		languageWords[w] = english
	}
}

// language tells Indonesian text from English by its common words.
func language(text string) notation {
	score := 0
	for _, w := range word.FindAllString(strings.ToLower(text), -1) {
		switch languageWords[w] {
		case indonesian:
			score++
		case english:
			score--
		}
	}
	switch {
	case score > 0:
		return indonesian
	case score < 0:
		return english
	}
	return unknown
}
