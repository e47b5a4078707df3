package producers

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// NoteFormat is the format of a note's JSON that this program writes.
const NoteFormat = 1

// The states of a note. A version says what held when it was issued; that a later version has taken
// its place can only be known beside the others.
const (
	NoteOpen       = "open"       // something waits for the producer
	NoteRepaired   = "repaired"   // nothing does any more
	NoteSuperseded = "superseded" // a later version says what holds
)

// What was decided about a delivery.
const (
	DeliveryWithheld = "delivery_withheld" // nothing of it was taken
	RecordsReturned  = "records_returned"  // all was taken but the records of the note
	NothingReturned  = "nothing_returned"  // all of it counts, and nothing waits from before
)

// Why a delivery was withheld.
const (
	TooManyProblems = "too_many_problems"
	Shrunk          = "shrunk"
	Unreadable      = "unreadable"
	Unexpected      = "unexpected" // an object that no format is for
	TooLarge        = "too_large"
	Unspecified     = "unspecified" // by a version of the program that kept no code
)

// MaxPlaces is how many places a note names for each problem; the numbers count them all.
const MaxPlaces = 10

// A Note returns what failed to its producer: what, where, how many, and what to repair. A feed has
// one note open at a time; each delivery that changes what waits makes its next version, and the
// delivery with which nothing waits any more the last. It holds places, codes and names of columns,
// never a value of a record and never a message about one.
type Note struct {
	Format     int    `json:"format"`
	ID         string `json:"id"`     // number and version: "unit_placements-000012-v2"
	Number     string `json:"number"` // the same in all versions: the feed, and the commit that opened the note
	Version    int    `json:"version"`
	Supersedes string `json:"supersedes,omitempty"`
	State      string `json:"state"`
	Decision   string `json:"decision"`
	Origin     string `json:"origin"`

	Feed        string `json:"feed"`
	Dataset     string `json:"dataset"`
	Title       Text   `json:"dataset_title"`
	Source      string `json:"source"`
	SourceTitle Text   `json:"source_title"`
	Producer    string `json:"producer"`
	Contact     string `json:"contact"`

	Checker           string    `json:"checker"` // the project that checked
	CodeVersion       string    `json:"code_version"`
	NormaliserVersion int       `json:"normaliser_version"`
	Run               string    `json:"run"`
	Commit            int64     `json:"commit"`
	CommitKind        string    `json:"commit_kind"`
	KnownAt           time.Time `json:"known_at"`
	RepairBy          time.Time `json:"repair_by,omitzero"` // when the next delivery is expected at the latest

	Withheld *Withholding  `json:"withheld,omitempty"`
	Counts   NoteCounts    `json:"counts"`
	Objects  []NoteObject  `json:"objects"`
	Problems []NoteProblem `json:"problems"`
	Changes  []NoteChange  `json:"changes,omitempty"` // since the version before
}

// A Text is said in both languages.
type Text struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

// A Withholding says why nothing of a delivery was taken.
type Withholding struct {
	Code   string `json:"code"`
	Why    Text   `json:"why"`
	Repair Text   `json:"repair"`
}

// NoteCounts count records. The first three are of the delivery that made this version.
type NoteCounts struct {
	Read        int64 `json:"read"`
	Accepted    int64 `json:"accepted"` // 0 when the delivery was withheld
	Quarantined int64 `json:"quarantined"`
	Waiting     int64 `json:"waiting"`  // for the producer, those of earlier deliveries included
	Earlier     int64 `json:"earlier"`  // of these, from earlier deliveries
	Repaired    int64 `json:"repaired"` // since the version before
}

// A NoteObject is one object of the delivery, as it was received. The id is a keyed hash of its bytes.
type NoteObject struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Bytes       int64     `json:"bytes"`
	ModifiedAt  time.Time `json:"modified_at,omitzero"`
	Read        int64     `json:"read"`
	Quarantined int64     `json:"quarantined"`
}

// A NoteProblem is one kind of problem in one column.
type NoteProblem struct {
	Code    string      `json:"code"`
	Column  string      `json:"column,omitempty"`        // ours; empty when it is the whole record
	Theirs  string      `json:"source_column,omitempty"` // the producer's name of it
	Meaning *Text       `json:"column_meaning,omitempty"`
	Records int64       `json:"records"`         // that wait with this problem
	New     int64       `json:"new"`             // of these, in this delivery
	Share   float64     `json:"share,omitempty"` // of the records that this delivery holds, in percent
	Wrong   Text        `json:"wrong"`
	Repair  Text        `json:"repair"`
	Places  []NotePlace `json:"places"` // at most MaxPlaces
}

// A NotePlace says where a record with a problem stands.
type NotePlace struct {
	Commit   int64  `json:"commit"`
	ObjectID string `json:"object_id"`
	Object   string `json:"object"`
	Place    string `json:"place"`
}

// A NoteChange counts the records with one problem before and after.
type NoteChange struct {
	Code   string `json:"code"`
	Column string `json:"column,omitempty"`
	Before int64  `json:"before"`
	After  int64  `json:"after"`
}

// A WaitingRecord is a record that waits for its producer, as a note is made of it.
type WaitingRecord struct {
	Place    NotePlace
	New      bool // it came with the delivery that the note is about
	Problems []WaitingProblem
}

// A WaitingProblem is one problem of such a record: what is wrong with its value is not kept.
type WaitingProblem struct {
	Code   string
	Column string
}

// WriteJSON writes the note for programs. Equal notes give equal bytes.
func (n *Note) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(n); err != nil {
		return fmt.Errorf("writing note %s: %w", n.ID, err)
	}
	return nil
}
