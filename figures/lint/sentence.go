package lint

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A mention is a figure in running text.
type mention struct {
	figure
	at, end int // in the sentence
}

// A sentence is what is said at once: its figures and the years that it names.
type sentence struct {
	line    int
	lang    notation
	heading string
	opens   bool // a paragraph
	text    string
	figures []mention
	years   []int
}

var (
	mentionPattern = regexp.MustCompile(`(?i)(?:(` + currencyWords + `)\s?)?([+−-])?(\d{1,3}(?:[\x{00A0}\x{202F}\x{2009}]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)(?:[\s-]?(` + scaleWords + `)\b)?(?:\s?(%)|\s?(` + unitWords[2:] + `)\b)?`)

	// Words that make a number a name, an age or a moment instead of a quantity.
	notQuantityBefore = regexp.MustCompile(`(?i)(?:\b(?:nomor|no\.?|pasal|ayat|angka|tabel|gambar|table|figure|bab|lampiran|halaman|hal\.|hlm\.|uu|pp|perban|perka|permen|perpres|inpres|kelas|versi|version|batch|angkatan|ke|pukul|jam|level|tingkat|article|section|chapter|page|rank|peringkat|usia|umur|aged?|tanggal|covid)[\s-]*|[\pL\d][-/–]|[\pL/:]|\d[.,])$`)
	notQuantityAfter  = regexp.MustCompile(`(?i)^(?:\s*(?:[-–]\s*)?(?:tahun|bulan|hari|jam|minggu|menit|kali|negara|provinsi|kabupaten|kota|daerah|besar|tahap|kategori|jenis|years?|months?|weeks?|days?|hours?|times|countries|provinces|districts|categories|wib|wita|wit)\b|[\pL/:]|[.,][\pL\d]|[-–]\d)`)
	dayAfter          = regexp.MustCompile(`(?i)^\s+(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember|january|february|march|may|june|july|august|october|december|jan|feb|mar|apr|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)\b`)
	dayBefore         = regexp.MustCompile(`(?i)\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+$`)
	abbreviation      = regexp.MustCompile(`(?i)(?:^|[\s(])(?:rp|no|dkk|hlm|hal|dr|prof|ir|h|vs|s\.d|approx|\pL)$`)
	clauseBreak       = regexp.MustCompile(`(?i);\s|,?\s(?:sedangkan|sementara(?:\s+itu)?|adapun|while|whereas)\s`)
)

// nearby is how far, in bytes, a word may stand from a number to say what it is.
const nearby = 40

// mostFigures is what one sentence may hold.
const mostFigures = 100

// sentencesOf takes a paragraph apart.
func sentencesOf(t Text, fallback notation) []*sentence {
	lang := fallback
	switch {
	case strings.HasPrefix(t.Lang, "id"):
		lang = indonesian
	case strings.HasPrefix(t.Lang, "en"):
		lang = english
	default:
		if l := language(t.Text); l != unknown {
			lang = l
		}
	}
	var all []*sentence
	from, line := 0, t.Line
	emit := func(to int) {
		body := t.Text[from:to]
		if trimmed := strings.TrimLeft(body, " \t\n"); trimmed != "" {
			starts := line + strings.Count(body[:len(body)-len(trimmed)], "\n")
			s := &sentence{line: starts, lang: lang, heading: t.Heading, opens: len(all) == 0,
				text: strings.NewReplacer("\n", " ", "**", "", "\t", " ").Replace(trimmed)}
			s.find()
			all = append(all, s)
		}
		line += strings.Count(body, "\n")
		from = to
	}
	for i, r := range t.Text {
		if r != '.' && r != '!' && r != '?' {
			continue
		}
		rest := t.Text[i+utf8.RuneLen(r):]
		next := strings.TrimLeft(rest, " \n\t")
		if next == rest || next == "" || r == '.' && abbreviation.MatchString(t.Text[max(from, i-nearby):i]) {
			continue
		}
		if c, _ := utf8.DecodeRuneInString(next); unicode.IsUpper(c) || unicode.IsDigit(c) || strings.ContainsRune("“\"(‘*", c) {
			emit(i + utf8.RuneLen(r))
		}
	}
	emit(len(t.Text))
	return all
}

// find collects the figures and years of a sentence.
func (s *sentence) find() {
	for _, m := range mentionPattern.FindAllStringSubmatchIndex(s.text, -1) {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return s.text[m[2*n]:m[2*n+1]]
		}
		n, ok := classify(group(3))
		if !ok {
			continue
		}
		start, end := m[6], m[1]
		if m[2] >= 0 {
			start = m[2]
		}
		before, after := s.text[max(0, start-nearby):start], s.text[end:min(len(s.text), end+nearby)]
		if sign := group(2); sign != "" {
			if start = min(start, m[4]); strings.TrimRight(s.text[:start], " ") == s.text[:start] && start > 0 && sign == "-" {
				before = s.text[max(0, m[6]-nearby):m[6]] // a hyphen: 2019-2023, COVID-19
			} else {
				before = s.text[max(0, start-nearby):start]
				n.negative = sign != "+"
			}
		}
		f := figure{numeral: n, raw: strings.TrimSpace(s.text[start:end]), scale: scaleOf(group(4)), unit: unitOf(group(5) + group(6))}
		if f.unit == "" {
			f.unit = currencyOf(group(1))
		}
		bare := f.unit == "" && f.scale == 1
		if bare && n.bareYear() {
			s.years = append(s.years, yearsIn(n.text)...)
			continue
		}
		if notQuantityBefore.MatchString(before) || notQuantityAfter.MatchString(after) || bare && (dayAfter.MatchString(after) || dayBefore.MatchString(before)) {
			continue
		}
		s.figures = append(s.figures, mention{f, start, end})
	}
	if len(s.figures) > mostFigures {
		s.figures = nil // a listing without full stops, and no sentence
	}
}

// read decides the notation of the sentence and gives its figures their values.
func (s *sentence) read(d *reading, r *report) notation {
	var own evidence
	for _, f := range s.figures {
		own.see(f.numeral, f.raw, s.line)
	}
	var u unit
	for _, f := range s.figures {
		if f.open && f.unit.whole() {
			u = f.unit
		}
	}
	in, guessed := d.decide(own, s.lang, u)
	if own.verdict() == s.lang.other() && own.open > 0 && s.lang != unknown {
		// 29.37 persen dari 200.717: the dot of the percentage says nothing about the count
		in = s.lang
		d.byRule[s.lang].see(numeral{says: s.lang}, own.openEx, s.line)
	}
	for i := range s.figures {
		s.figures[i].read(in, 1)
	}
	if guessed {
		r.add(Finding{Rule: openNotation, Severity: Warning, Line: s.line, Figures: []string{own.openEx},
			Message: own.openEx + " has two readings, and nothing in the document says which; it was read in the Indonesian way"})
	}
	return in
}

// clauses takes a sentence apart where a new statement begins.
func (s *sentence) clauses() []*sentence {
	var all []*sentence
	from := 0
	cut := func(to, next int) {
		c := &sentence{line: s.line, lang: s.lang, heading: s.heading, opens: s.opens && from == 0, text: s.text[from:to]}
		for _, f := range s.figures {
			if f.at >= from && f.end <= to {
				f.at, f.end = f.at-from, f.end-from
				c.figures = append(c.figures, f)
			}
		}
		c.years = yearsIn(c.text)
		all = append(all, c)
		from = next
	}
	for _, m := range clauseBreak.FindAllStringIndex(s.text, -1) {
		if m[0] >= from {
			cut(m[0], m[1])
		}
	}
	cut(len(s.text), len(s.text))
	return all
}

// before is the text between the figure at i and the one before it.
func (s *sentence) before(i int) string {
	from := 0
	if i > 0 {
		from = s.figures[i-1].end
	}
	return s.text[from:max(from, s.figures[i].at)]
}

// after is the text between the figure at i and the next.
func (s *sentence) after(i int) string {
	if i+1 < len(s.figures) {
		return s.before(i + 1)
	}
	return s.text[s.figures[i].end:]
}

// alike reports figures that may be compared: of one unit, or one says none.
func alike(a, b mention) bool {
	if a.unit.relative() != b.unit.relative() {
		return false
	}
	return a.unit == b.unit || a.unit == "" || b.unit == ""
}
