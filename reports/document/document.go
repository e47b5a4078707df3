package document

import "time"

// A Document is one report in one language, nothing left to decide for its writer.
type Document struct {
	Kind      string // monthly, brief, yearly, province, country, partner
	Lang      string // id or en
	Title     string // with the subject: "… – Desember 2025"
	Publisher string
	Subject   string // what tells this report from others of its kind: 2025-12, 2025-12-33, 2025-12-GIZ
	Status    string // draft, approved or frozen, in words
	Sample    string // the mark that every page, sheet and file of sample data carries; empty for real data
	Release   Release
	Sections  []Section
}

// A Release is where a document's figures come from.
type Release struct {
	ID        string
	AsOf      time.Time
	LogHead   int64
	LogHash   string
	Hash      string // of the release's content
	CodeHash  string // of the SQL and configuration that computed it
	Program   string // version
	Published time.Time
}

// A Section is a heading with what stands below it. On paper one with NewPage begins a page.
type Section struct {
	ID      string // unique within the document: its anchor and its place in the outline
	Title   Phrase
	Level   int // 1 for the parts of the report, 2 for what belongs to the part before
	NewPage bool
	Blocks  []Block
}

// A Block is what a section is made of. The kinds of blocks are the types below; a writer that
// meets one it does not know has a defect.
type Block interface{ block() }

// A Paragraph is running text. Note is small print.
type Paragraph struct {
	Text Phrase
	Note bool
}

// A List is sentences that stand on their own, ranked where Ordered. Role says what they are to
// the reader: findings, decisions, changes, or empty.
type List struct {
	Role    string
	Ordered bool
	Items   []Phrase
}

// Cards are headline KPIs side by side.
type Cards struct{ Cards []Card }

// A Card is one headline KPI.
type Card struct {
	KPI     string
	Title   string
	Period  string
	Value   Number // without Text: not there, see Value.Mark
	Unit    string
	Instead Phrase   // what is said where there is no value: the newest there is
	Changes []Phrase // on last month, on last year
	Target  Phrase
	Light   *Light // nil: no target, no light
	Quality *Light // nil: not scored
	Drawing *Chart // the trend, small; nil: none
	Link    string // the section that tells more
}

// A Light is a judgement in shape, word and colour.
type Light struct {
	Class string // met, near, missed
	Word  string // with its shape: "▲ hampir tercapai"
	Text  Phrase // how it was judged
}

// A Definitions block is terms with what they mean.
type Definitions struct{ Items []Definition }

// A Definition is a term and its meaning. Code is set in the face of programs.
type Definition struct {
	ID   string // anchor, where it has one
	Term Phrase
	Text []Phrase
	Code bool
}

// A Disclosure opens on demand on a screen; on paper it stands open in the annex or is left out
// where ScreenOnly.
type Disclosure struct {
	Summary    string
	ScreenOnly bool
	Blocks     []Block
}

// Code is a program text: the SQL of a KPI.
type Code struct {
	Name     string // kpi_plc_01.sql
	SHA256   string
	Language string
	Text     string
}

// A Chart is a drawing with the table behind it.
type Chart struct {
	ID          string // unique within the document
	Title       Phrase // the finding
	Subtitle    string // measure, unit, place, time
	Description string // what somebody who does not see it is told
	Drawing     Drawing
	Wide        bool    // it says more over the whole width of a page than over that of a column
	Native      *Native // how a spreadsheet draws it from Table; nil: it does not
	Table       *Table  // nil only for what a Card or a table beside it already says
	Note        Phrase
}

// A Drawing draws a chart as SVG for a width in CSS pixels, the same bytes for the same data. The
// id makes the names within the SVG unique.
type Drawing interface {
	SVG(id string, width float64) string
}

// A Native is a spreadsheet's chart over columns of the table behind a drawing.
type Native struct {
	Kind    string // line or bars
	Label   int    // column of the labels
	Columns []int  // columns of the series
	Rows    int    // the first rows only; 0: all
}

// A Table is a table that can stand alone: in a sheet, as CSV, as Parquet.
type Table struct {
	ID      string // short, unique within the document, for a sheet or file: P1
	Title   string
	Columns []Column
	Rows    []Row
	Notes   []Phrase
	Annex   bool // on a screen it opens on demand
}

// A Column is a column of a table.
type Column struct {
	Name    string // for programs: lower case, underscores
	Title   string
	Unit    string // in words; empty for text
	Numeric bool
}

// A Row is a row of a table, a cell a column. A total stands out.
type Row struct {
	Cells []Cell
	Total bool
}

// A Cell is a text, a number or a judgement. An empty cell does not exist: what is not there has
// a mark.
type Cell struct {
	Text   Phrase
	Number *Number
	Light  *Light
}

func (*Paragraph) block()   {}
func (*List) block()        {}
func (*Cards) block()       {}
func (*Definitions) block() {}
func (*Disclosure) block()  {}
func (*Code) block()        {}
func (*Chart) block()       {}
func (*Table) block()       {}
