package transforms

import "strings"

func init() {
	register(definition[PublishedFigure, *PublishedFigure]{
		name: "published_figures", version: 2, key: []string{"figure_no"}, keyName: map[string]string{"no": "figure_no"},
		normalise: normalisePublishedFigure,
		period:    func(*Fields, *PublishedFigure) string { return referencePeriod },
	})
}

// referencePeriod is the partition of reference data, which belongs to no month.
const referencePeriod = "0000-00"

// PublishedFigure is one number as the ministry or a partner printed it, with what it counts, for
// which period and as known when. It is never corrected: a figure that was printed wrongly stays,
// with a flag. It is reference data and lies in one partition whatever its period.
type PublishedFigure struct {
	FigureNo    int32   `parquet:"figure_no" lindung:"open"`
	PeriodText  string  `parquet:"period_text,dict" lindung:"open"`
	PeriodStart *int32  `parquet:"period_start,date" lindung:"open"`
	PeriodEnd   *int32  `parquet:"period_end,date" lindung:"open"`
	PeriodKind  string  `parquet:"period_kind,dict" lindung:"open"`
	Measure     string  `parquet:"measure,dict" lindung:"open"`
	Breakdown   string  `parquet:"breakdown,dict" lindung:"open"`
	Dimension   string  `parquet:"dimension,dict" lindung:"open"`
	MemberLabel *string `parquet:"member_label,dict" lindung:"open"`
	MemberCode  *string `parquet:"member_code,dict" lindung:"open"`
	FigureValue int64   `parquet:"figure_value,decimal(4:18)" lindung:"open"`
	Unit        string  `parquet:"unit,dict" lindung:"open"`
	VintageText *string `parquet:"vintage_text,dict" lindung:"open"`
	VintageOn   *int32  `parquet:"vintage_on,date" lindung:"open"`
	Publication string  `parquet:"publication,dict" lindung:"open"`
	Flag        *string `parquet:"flag,dict" lindung:"open"`
	Provenance
}

func normalisePublishedFigure(f *Fields, r *PublishedFigure) {
	r.FigureNo = f.Int("no", 1, 1_000_000)
	r.PeriodText = f.Label("period")
	r.Measure = f.Label("measure")
	r.Breakdown = f.Label("breakdown")
	r.FigureValue = f.Figure("value")
	r.Unit = f.Label("unit")
	r.VintageText = f.LabelOpt("vintage")
	r.Publication = f.Label("source")
	r.Flag = f.LabelOpt("flag")
	if f.tour || !f.clean() {
		return
	}
	m := readMember(f.env.Lists, r.Measure, r.Breakdown)
	p, ok := readPeriod(r.PeriodText, m.when)
	if !ok {
		f.Problem(NotADate, "period", `period "`+r.PeriodText+`": not a period; write it as 2024, 2024-01, 2024-Q1, 2024-H1 or 2024-01..08`)
		return
	}
	r.PeriodStart, r.PeriodEnd, r.PeriodKind = p.start, p.end, p.kind
	r.Dimension = m.dimension
	if m.label != "" {
		r.MemberLabel = f.texts.put(m.label)
	}
	if m.code != "" {
		r.MemberCode = f.texts.put(m.code)
	}
	if r.VintageText != nil {
		r.VintageOn = vintageDay(*r.VintageText)
	}
}

// member is what a published breakdown says: a dimension and one of its members, or a part of the
// period ("triwulan=Q1") that makes the figure a total of a shorter period.
type member struct {
	dimension string
	label     string
	code      string
	when      string
}

// breakdownWords maps the words before "=" to a dimension and the list of its members.
var breakdownWords = map[string]struct{ dimension, list string }{
	"negara": {"country", "country"}, "provinsi": {"province", "province"}, "kab": {"regency", "regency"},
	"kelamin": {"sex", "sex"}, "sektor": {"employer_type", "employer_type"}, "pemberi kerja": {"employer_type", "employer_type"},
	"skema": {"scheme", "scheme"}, "jabatan": {"occupation", "occupation"}, "pendidikan": {"education", "education"},
	"kawin": {"marital", "marital"}, "kategori": {"category", "category"}, "media": {"channel", "channel"},
	"kanal": {"channel", "remittance_channel"}, "status": {"status", "status"}, "prosedur": {"procedure", "procedure"},
}

// readMember reads a published breakdown such as "negara=Hong Kong", "skema=P to P share" or
// "informal yoy". What no list knows keeps its label and has no code.
func readMember(lists *Lists, measure, breakdown string) member {
	text := strings.TrimSpace(breakdown)
	for _, suffix := range []string{" share", " yoy", " mtm", " growth"} { // the unit says what kind of figure it is
		text = strings.TrimSuffix(text, suffix)
	}
	if text == "total" || text == "total (rounded)" {
		return member{dimension: "total"}
	}
	word, label, found := strings.Cut(text, "=")
	if !found {
		return loneMember(lists, text)
	}
	if label == "total" {
		return member{dimension: "total"}
	}
	switch word {
	case "tahun", "bulan", "triwulan":
		return member{dimension: "total", when: label}
	}
	known, ok := breakdownWords[word]
	if !ok {
		return member{dimension: "other", label: label}
	}
	m := member{dimension: known.dimension, label: label}
	if known.dimension == "category" && measure != "pengaduan" {
		return m // returns and protection have categories of their own
	}
	if known.dimension == "regency" {
		label = "Kabupaten " + label
	}
	if code, ok := lists.Resolve(known.list, label); ok {
		m.code = code
	} else if code, ok := lists.Resolve("procedure", label); ok && word == "status" {
		m.dimension, m.code = "procedure", code
	}
	return m
}

// loneMember reads a breakdown without "=": an employer type, a status, or words of its own.
func loneMember(lists *Lists, text string) member {
	m := member{dimension: "other", label: text}
	switch text {
	case "formal", "informal":
		m.dimension = "employer_type"
	case "selesai":
		m.dimension = "status"
	}
	m.code, _ = lists.Resolve(m.dimension, text)
	return m
}
