package lake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// EntryFormat is the newest format of log entries that this program writes and reads. An entry is
// written in the oldest format that holds it: one that tells no token key and is about no key is still
// of format 4, one that was not withheld of format 3, one that left nothing out of format 2, and one
// without headers of format 1.
const EntryFormat = 5

// The kinds of log entries.
const (
	Delivery    = "delivery"    // a feed's new objects and the rows made of them
	Replay      = "replay"      // records out of quarantine, normalised again
	Renormalise = "renormalise" // old objects under a newer normaliser; replaces files
	Withheld    = "withheld"    // objects and their rejects, kept out of the data by a threshold

	// These are about keys and of no feed: see rewrite.go and shred.go.
	Retokenise = "retokenise" // every file with tokens, written again under another token key
	Shred      = "shred"      // the key of a source's month is destroyed, and its objects with it
)

// ErrNewerFormat is wrapped when the log was written by a newer version of the program.
var ErrNewerFormat = errors.New("the log entry has a newer format than this program reads")

// An ObjectRecord says what became of one landed object.
type ObjectRecord struct {
	ID          string            `json:"id"` // see FormatID
	Name        string            `json:"name"`
	MediaType   string            `json:"media_type,omitempty"`
	Month       string            `json:"month"` // where it was landed: "2024-01"
	ModifiedAt  time.Time         `json:"modified_at,omitzero"`
	Bytes       int64             `json:"bytes"`
	Records     int64             `json:"records"`
	Accepted    int64             `json:"accepted"`
	Quarantined int64             `json:"quarantined"`
	Meta        map[string]string `json:"meta,omitempty"`
	// LeftOut are the rows that rules of the feed took for no records; they are not in Records.
	LeftOut []LeftOut `json:"left_out,omitempty"`
}

// A LeftOut counts the rows of an object that a rule took for no records.
type LeftOut struct {
	Rule  string `json:"rule"`  // the setting: stop_at, footer_rows, …
	Place string `json:"place"` // of the first
	Rows  int64  `json:"rows"`
}

// A ReplayedObject counts what an entry took from an object that an earlier one landed.
type ReplayedObject struct {
	ID          string `json:"id"`
	Month       string `json:"month"`
	CommitNo    int64  `json:"commit_no"` // the entry that brought the object
	Records     int64  `json:"records"`
	Accepted    int64  `json:"accepted"`
	Quarantined int64  `json:"quarantined"`
}

// A Header is what the objects of a delivery had for columns, by which the next delivery's changes
// are known. It holds names and forms of columns, never a value.
type Header struct {
	Objects string         `json:"objects"` // the names that share it, with # for digits
	Columns []HeaderColumn `json:"columns"`
}

// A HeaderColumn is one column, and in words what its texts looked like; "" when too few did.
type HeaderColumn struct {
	Name string `json:"name"`
	Form string `json:"form,omitempty"`
}

// An Entry is one commit: the only thing that makes objects and files count. What a feed
// read, the rows made of it, and where the feed goes on stand in one entry, so that none of
// them can exist without the others.
type Entry struct {
	Format  int       `json:"format"`
	No      int64     `json:"no"`   // 1, 2, 3, … without a gap
	Prev    string    `json:"prev"` // hash of the entry before; empty in the first
	Kind    string    `json:"kind"`
	RunID   string    `json:"run_id,omitempty"`
	Feed    string    `json:"feed"`
	Source  string    `json:"source"`
	Dataset string    `json:"dataset"`
	Origin  string    `json:"origin"`
	KnownAt time.Time `json:"known_at"`         // when the delivery became known
	Reason  string    `json:"reason,omitempty"` // for people
	// ReasonCode is the same for programs; entries of formats before 4 have none.
	ReasonCode string `json:"reason_code,omitempty"`

	Objects  []ObjectRecord   `json:"objects,omitempty"`
	Replayed []ReplayedObject `json:"replayed,omitempty"`
	Files    []File           `json:"files,omitempty"`
	// Replaces takes files out of the data: a path for every delivery that brought it, or
	// a File.Ref for one.
	Replaces []string `json:"replaces,omitempty"`
	// Position is where the feed goes on; absent when this entry does not move it.
	Position json.RawMessage `json:"position,omitempty"`

	// Headers are those that are new or changed since the feed's entries before.
	Headers []Header `json:"headers,omitempty"`

	// TokenKey is the id of the key that made the tokens in Files or Rewrites; entries of formats
	// before 5 have none.
	TokenKey string    `json:"token_key,omitempty"`
	Rewrites []Rewrite `json:"rewrites,omitempty"` // of a retokenise
	Shredded string    `json:"shredded,omitempty"` // the month that a shred destroys, "2024-01"

	NormaliserVersion int    `json:"normaliser_version"`
	CodeVersion       string `json:"code_version,omitempty"`
	ConfigHash        string `json:"config_hash,omitempty"` // of the source's file, by which the entry was read
}

// An entry's file is one line of JSON that ends in its own checksum. The chain protects
// every entry but the newest, and the checksum protects that one. This envelope is the
// same in all formats, so that an older program can tell a newer entry from a damaged one.
const (
	sealOpen  = `,"sha256":"`
	sealClose = "\"}\n"
	sealSize  = len(sealOpen) + 64 + len(sealClose)
)

// canonical brings an entry to the one form that it is written in.
func (e Entry) canonical() Entry {
	switch {
	case e.TokenKey != "" || e.keyWork():
		e.Format = 5
	case e.ReasonCode != "":
		e.Format = 4
	case slices.ContainsFunc(e.Objects, func(o ObjectRecord) bool { return len(o.LeftOut) > 0 }):
		e.Format = 3
	case len(e.Headers) > 0:
		e.Format = 2
	default:
		e.Format = 1
	}
	e.KnownAt = canonicalTime(e.KnownAt)
	if string(e.Position) == "null" {
		e.Position = nil
	}
	objects := make([]ObjectRecord, len(e.Objects))
	for i, o := range e.Objects {
		o.ModifiedAt = canonicalTime(o.ModifiedAt)
		objects[i] = o
	}
	files := make([]File, len(e.Files))
	for i, f := range e.Files {
		f.KnownAt, f.Feed, f.Normaliser = canonicalTime(f.KnownAt), "", 0
		files[i] = f
	}
	e.Objects, e.Files = objects, files
	rewrites := make([]Rewrite, len(e.Rewrites))
	for i, w := range e.Rewrites {
		w.File.KnownAt, w.File.Feed, w.File.Normaliser, w.File.CommitNo = time.Time{}, "", 0, 0
		rewrites[i] = w
	}
	e.Rewrites = rewrites
	return e
}

func canonicalTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// encodeEntry gives the bytes of an entry's file: equal entries, equal bytes.
func encodeEntry(e Entry) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e.canonical()); err != nil {
		return nil, err
	}
	body := bytes.TrimSuffix(b.Bytes(), []byte("}\n"))
	sum := sha256.Sum256(body)
	return fmt.Appendf(body, "%s%s%s", sealOpen, hex.EncodeToString(sum[:]), sealClose), nil
}

// decodeEntry reads an entry's file. It accepts exactly what encodeEntry writes.
func decodeEntry(data []byte) (Entry, error) {
	body, err := unseal(data)
	if err != nil {
		return Entry{}, err
	}
	body = append(bytes.Clone(body), '}')
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(body, &head); err != nil {
		return Entry{}, fmt.Errorf("it is not an entry: %w", err)
	}
	if head.Format > EntryFormat {
		return Entry{}, fmt.Errorf("%w: format %d, and this program reads up to %d; use the version of lindung that wrote it, or a newer one", ErrNewerFormat, head.Format, EntryFormat)
	}
	var e Entry
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return Entry{}, fmt.Errorf("it is not an entry of format %d: %w", head.Format, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Entry{}, errors.New("something follows the entry")
	}
	again, err := encodeEntry(e)
	if err != nil {
		return Entry{}, fmt.Errorf("it is not an entry: %w", err)
	}
	if !bytes.Equal(again, data) {
		return Entry{}, errors.New("it is not written the way that lindung writes it")
	}
	return e, nil
}

// unseal checks the checksum and gives what it covers.
func unseal(data []byte) ([]byte, error) {
	if len(data) < sealSize {
		return nil, errors.New("it is cut off")
	}
	body, seal := data[:len(data)-sealSize], data[len(data)-sealSize:]
	sum := sha256.Sum256(body)
	if want := sealOpen + hex.EncodeToString(sum[:]) + sealClose; string(seal) != want {
		return nil, errors.New("its checksum does not match its content")
	}
	return body, nil
}

func entryHash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// check refuses an entry that could not be understood, or not be followed, later.
func (e Entry) check() error {
	if e.keyWork() {
		return e.checkKeyWork()
	}
	switch e.Kind {
	case Delivery, Replay, Renormalise, Withheld:
	default:
		return fmt.Errorf("kind %q is none of %s, %s, %s, %s, %s, %s", e.Kind, Delivery, Replay, Renormalise, Withheld, Retokenise, Shred)
	}
	if len(e.Rewrites) > 0 || e.Shredded != "" {
		return fmt.Errorf("only entries of kind %s and %s are about keys", Retokenise, Shred)
	}
	for _, n := range []struct{ what, name string }{{"feed", e.Feed}, {"source", e.Source}, {"dataset", e.Dataset}} {
		if err := checkName(n.what, n.name); err != nil {
			return err
		}
	}
	if e.KnownAt.IsZero() {
		return errors.New("it has no knowledge time")
	}
	if (e.Kind == Withheld) != (e.ReasonCode != "") {
		return errors.New("a withheld delivery, and nothing else, has a reason code")
	}
	if len(e.Position) > 0 && !json.Valid(e.Position) {
		return errors.New("its position is not JSON")
	}
	for _, o := range e.Objects {
		if err := checkObject(o.ID, o.Month, o.Records, o.Accepted+o.Quarantined); err != nil {
			return err
		}
	}
	for _, o := range e.Replayed {
		if err := checkObject(o.ID, o.Month, o.Records, o.Accepted+o.Quarantined); err != nil {
			return err
		}
	}
	for _, f := range e.Files {
		if err := f.checkPath(); err != nil {
			return err
		}
		if f.Source != e.Source {
			return fmt.Errorf("file %s is of source %s and the entry of %s", f.Path, f.Source, e.Source)
		}
	}
	return nil
}

func checkObject(id, month string, records, used int64) error {
	if _, err := ParseID(id); err != nil {
		return err
	}
	if !monthPattern.MatchString(month) {
		return fmt.Errorf("object %s: month %q: write it as 2024-01", id, month)
	}
	if used > records {
		return fmt.Errorf("object %s: %d records were accepted or quarantined and only %d read", id, used, records)
	}
	return nil
}
