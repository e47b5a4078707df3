// Package transforms decides what one record means: it turns text records into typed rows or,
// with every problem of the record named, into rejects.
//
// It owns the datasets (one file each: a documented struct whose tags are the Parquet schema, and
// a normaliser of one line per column), the kinds of text they are made of (dates, money, codes,
// regions, identity numbers) and the rows' way into Parquet. It must not know where records come
// from (connectors, formats), where files go (lake) or what many records say (sql): it reads
// records through the small Records interface and hands rows over behind Rows.
package transforms

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
)

// Records is a batch of text records that share one header. Cell answers "" where a record has no
// such cell; RowNo is stable across readings of the same object; Place is for people. Fault names
// a structural problem of the record ("" when it has none).
type Records interface {
	Header() []string
	Len() int
	Cell(row, col int) string
	RowNo(row int) int64
	Place(row int) string
	Fault(row int) (code, message string)
}

// Units says how a feed writes numbers, dates and codes. An empty field means that the feed does
// not say, and then a text that could be read in two ways is refused.
type Units struct {
	Currency    string // ISO 4217 code of amounts without a currency of their own
	Scale       string // "1", "1000", "1000000": what one printed unit of money stands for
	DateOrder   string // dmy (the default), mdy or ymd
	Decimal     string // "," or "."
	TimeZone    string // zone of times without an offset; Asia/Jakarta when empty
	RegionCodes string // kemendagri or bps
}

// Mapping is a feed's configuration in the words of this package.
type Mapping struct {
	Source        string                       // source system, part of every business key
	Feed          string                       // feed name
	Fields        map[string]string            // our column -> their header; "=X" is the constant X; absent: same name
	Codes         map[string]map[string]string // our column -> their code (any case) -> our code or name
	Units         Units                        // how numbers, dates and codes are written
	VersionColumn string                       // what makes a row newer: our column or their header
	KeyColumns    []string                     // the feed's key, in our columns; empty: the dataset's own
	ObservedAt    time.Time                    // version of a row whose feed names no version
	PeriodFrom    string                       // first month of the feed, "2024-01"; "" when it has none
	PeriodTo      string                       // last month of the feed
}

// Tokenizer turns an identifier into a keyed token. Equal values under one purpose give equal
// tokens, and tokens of different purposes cannot be compared. It is safe for concurrent use.
type Tokenizer interface {
	Token(purpose, value string) [16]byte
}

// Env is what normalisers take from outside their mapping.
type Env struct {
	Tokens Tokenizer // required by datasets that hold identifiers
	Lists  *Lists    // the code lists
}

// Column describes one column of a dataset, as its Parquet files hold it.
type Column struct {
	Name     string
	Type     string // SQL type
	Nullable bool
	Class    string // open, internal, personal, specific or identifier
	List     string // code list of its values, or ""
}

// Dataset is one kind of row: its columns, its normaliser and its version.
type Dataset interface {
	// Name is the dataset's name in feeds, folders and tables.
	Name() string
	// Version is raised whenever the normaliser gives other rows for the same text.
	Version() int
	// Columns lists business columns first, then provenance.
	Columns() []Column
	// Inputs lists the fields that a feed's mapping may name; none for datasets without feeds.
	Inputs() []string
	// InputClass is the class of one of them; an unknown one counts as personal.
	InputClass(input string) string
	// DescribeInputs says of each of them what its texts must be.
	DescribeInputs() []Input
	// Bind prepares a normaliser for one worker. It answers an error that names every unknown
	// column of the mapping.
	Bind(env *Env, m Mapping) (Normaliser, error)
	// NewRows makes an empty set of the dataset's rows.
	NewRows() Rows
}

// Normaliser turns batches of one feed into rows and rejects. It is not safe for concurrent use.
type Normaliser interface {
	// Normalise appends the batch's rows to rows, which must come from the same dataset. The
	// error is kept for a batch that cannot be read at all, see MissingColumns.
	Normalise(b Records, object [16]byte, rows Rows) ([]Reject, error)
}

// Rows is a set of typed rows of one dataset, written as one Parquet file per period.
type Rows interface {
	// Len is the number of rows.
	Len() int
	// Append takes over the rows of other, which must be of the same dataset; other is emptied.
	Append(other Rows)
	// Split parts the rows by period, ascending, and empties the receiver.
	Split() []PeriodRows
	// Sort puts rows into their total order: source, key, version, object, row number.
	Sort()
	// WriteParquet writes the rows in their present order; equal rows give equal bytes.
	WriteParquet(w io.Writer) error
	// Columns names the columns in file order.
	Columns() []string
	// Sums gives, per column, the number of nulls, the wrapping sum of value hashes, and the
	// smallest and largest value of sortable columns that are not personal ("" otherwise).
	Sums() (nulls []int64, sums []uint64, mins, maxs []string)
	// Keys yields the business key of every row.
	Keys(yield func(key string) bool)
	// Versions yields every row's key, version and content hash.
	Versions(yield func(v Version) bool)
	// Texts gives the values of row i as people read them, in the order of Columns; null is "".
	Texts(i int) []string
}

// Version tells whether two rows are the same state of the same thing.
type Version struct {
	Key       string
	UpdatedAt int64 // microseconds, UTC; 0 when the source names none
	Hash      int64
}

// PeriodRows is the part of a set of rows that belongs to one period.
type PeriodRows struct {
	Period string
	Rows   Rows
}

// Problem says what is wrong with one column of a record and what to do about it. The message
// never holds a value of a personal column.
type Problem struct {
	Code    string
	Column  string
	Message string
}

// String gives the problem as one line for people.
func (p Problem) String() string { return p.Code + ": " + p.Message }

// Reject is a record that could not become a row, with all of its problems.
type Reject struct {
	Object   [16]byte
	RowNo    int64
	Place    string
	Problems []Problem
	Key      [16]byte // token of its business key, see RecordToken; zero where that cannot be read
}

// The stable problem codes. Thresholds, tests and the quarantine commands rely on them.
const (
	MissingRequired  = "missing_required"
	UnknownCode      = "unknown_code"
	ImpossibleDate   = "impossible_date"
	NotADate         = "not_a_date"
	NotANumber       = "not_a_number"
	PercentInAmount  = "percent_in_amount"
	NegativeAmount   = "negative_amount"
	NIKAsNumber      = "nik_as_number"
	NIKMalformed     = "nik_malformed"
	RegionCodeSystem = "region_code_system"
	RegionUnknown    = "region_unknown"
	DateOrder        = "date_order"
	RepeatedHeader   = "repeated_header"
	TotalsRow        = "totals_row"
	RaggedRow        = "ragged_row"
	TooLongCell      = "too_long_cell"
	BadEncoding      = "bad_encoding"
	CodeConflict     = "code_conflict"
	OutsidePeriods   = "outside_periods"
	MissingColumn    = "missing_column"    // of a whole object, as are the next
	UnreadableObject = "unreadable_object" // of which nothing can be decoded
	UnknownObject    = "unknown_object"    // whose name says of no format that it is of it
	TooManyRecords   = "too_many_records"  // more than an object may hold
	TooMuchDelivered = "too_much_delivered"
)

// MissingColumns says that a batch's header lacks columns without which no row can be made.
type MissingColumns struct {
	Columns []string // our column, with their header in brackets where it differs
	Theirs  []string // their headers, in the same order
	Header  []string // the header that was found
}

// Error names the missing columns and the header that was found.
func (e *MissingColumns) Error() string {
	return fmt.Sprintf("reading the header: no column for %s; map it under fields: or correct the header row (found: %s)",
		strings.Join(e.Columns, ", "), strings.Join(e.Header, ", "))
}

var registry = map[string]Dataset{}

// register adds a dataset; it is called from the init of the dataset's own file.
func register(d Dataset) {
	if _, taken := registry[d.Name()]; taken {
		panic("transforms: dataset " + d.Name() + " is registered twice")
	}
	registry[d.Name()] = d
}

// Datasets lists every dataset by name.
func Datasets() []Dataset {
	all := make([]Dataset, 0, len(registry))
	for _, d := range registry {
		all = append(all, d)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name() < all[j].Name() })
	return all
}

// Lookup finds a dataset by name.
func Lookup(name string) (Dataset, bool) {
	d, ok := registry[name]
	return d, ok
}
