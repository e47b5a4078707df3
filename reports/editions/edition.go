package editions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kp2mi/lindung/figures"
)

// What an edition is.
const (
	Draft    = "draft"
	Approved = "approved" // and frozen: nothing changes it
	Replaced = "replaced" // a draft that a later edition of its subject came after
)

// FiguresFile is what an edition keeps of the figures that its files print, so that they can be
// verified when the release is gone. RevisionsFile says what changed since the edition before.
const (
	FiguresFile   = "figures.json"
	RevisionsFile = "revisions.json"
	RevisionsText = "revisions.txt"
	notesFolder   = "notes"
)

// A Person is a user of the operating system.
type Person struct {
	Name string `json:"name"`
	UID  int    `json:"uid"`
}

// same says that two persons cannot be told apart. Accounts of one name may have two numbers where
// a folder is reached from several machines.
func (p Person) same(o Person) bool { return p.UID == o.UID || p.Name != "" && p.Name == o.Name }

// A File is one file of an edition.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func describe(name string, content []byte) File {
	sum := sha256.Sum256(content)
	return File{Name: name, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// A Release is where an edition's figures come from.
type Release struct {
	ID      string    `json:"id"`
	Content string    `json:"content,omitempty"`
	AsOf    time.Time `json:"as_of"`
	LogHead int64     `json:"log_head"`
	LogHash string    `json:"log_hash"`
	Newest  string    `json:"newest"` // the newest release that the edition knows of: of a frozen month, a later one
}

// An Edition is one numbered report of a subject, with what became of it.
type Edition struct {
	ID        string       `json:"edition"`
	Kind      string       `json:"kind"`
	Subject   string       `json:"subject"`
	No        int          `json:"no"`
	Title     figures.Text `json:"title"`
	Sample    bool         `json:"sample,omitempty"`
	Release   Release      `json:"release"`
	Files     []File       `json:"files"` // the report, by name
	Kept      []File       `json:"kept"`  // figures and revisions
	Hash      string       `json:"hash"`  // over the files and what is kept
	After     string       `json:"after,omitempty"`
	DraftedBy Person       `json:"drafted_by"`
	DraftedAt time.Time    `json:"drafted_at"`

	State      string      `json:"state"`
	Notes      []Note      `json:"notes,omitempty"`
	Approval   *Approval   `json:"approval,omitempty"`
	Deliveries []Delivered `json:"deliveries,omitempty"`
}

// A Note is what the owning unit says of a draft.
type Note struct {
	Unit string    `json:"unit"`
	File File      `json:"file"` // within the edition
	By   Person    `json:"by"`
	At   time.Time `json:"at"`
}

// An Approval is a second person's, of exactly these files.
type Approval struct {
	Hash string    `json:"hash"`
	By   Person    `json:"by"`
	At   time.Time `json:"at"`
}

// A Delivered edition was brought to a place.
type Delivered struct {
	To    string    `json:"to"`
	Place string    `json:"place"`
	Hash  string    `json:"hash"`
	By    Person    `json:"by"`
	At    time.Time `json:"at"`
}

// ErrRefused is wrapped when the rules of publication forbid what was asked.
var ErrRefused = errors.New("refused")

// ErrUnknown is wrapped when there is no such edition.
var ErrUnknown = errors.New("no such edition")

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrRefused, fmt.Errorf(format, args...))
}

// hashOf is the hash of an edition: of the names and hashes of all its files.
func hashOf(lists ...[]File) string {
	h := sha256.New()
	for _, list := range lists {
		for _, f := range list {
			fmt.Fprintf(h, "%s %d %s\n", f.Name, f.Bytes, f.SHA256)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Delivery is how the edition was brought to a place of that name; nil where it was not.
func (e *Edition) Delivery(to, place string) *Delivered {
	for i, d := range e.Deliveries {
		if d.To == to && d.Place == place && d.Hash == e.Hash {
			return &e.Deliveries[i]
		}
	}
	return nil
}

// Has says whether a file of this content is one of the report's.
func (e *Edition) Has(content []byte) bool {
	sum := describe("", content).SHA256
	for _, f := range e.Files {
		if f.SHA256 == sum {
			return true
		}
	}
	return false
}

// RecordFile goes with an edition wherever it is delivered.
const RecordFile = "edition.json"

// Record says what an approved edition is, for those who get it: its files with their hashes, and when
// it was approved. It names no person.
func (e *Edition) Record() ([]byte, error) {
	record := struct {
		Mark     string       `json:"mark,omitempty"`
		Edition  string       `json:"edition"`
		Title    figures.Text `json:"title"`
		Release  Release      `json:"release"`
		Files    []File       `json:"files"`
		Kept     []File       `json:"kept"`
		Hash     string       `json:"hash"`
		After    string       `json:"after,omitempty"`
		Approved time.Time    `json:"approved,omitzero"`
	}{Edition: e.ID, Title: e.Title, Release: e.Release, Files: e.Files, Kept: e.Kept, Hash: e.Hash, After: e.After}
	if e.Sample {
		record.Mark = figures.SampleMark
	}
	if e.Approval != nil {
		record.Approved = e.Approval.At
	}
	text, err := json.MarshalIndent(record, "", " ")
	return append(text, '\n'), err
}

// String is the person for messages.
func (p Person) String() string {
	if p.Name == "" {
		return fmt.Sprintf("user %d", p.UID)
	}
	return p.Name
}
