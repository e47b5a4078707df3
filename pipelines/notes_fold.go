package pipelines

import (
	"cmp"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/transforms"
)

// A waitingRecord is a record in quarantine that its producer has not answered for.
type waitingRecord struct {
	ref      recordRef
	commit   int64  // the entry that brought it
	name     string // of its object
	place    string
	key      [16]byte // zero where the record's key cannot be read
	problems []waitingProblem
}

type waitingProblem struct{ code, column string }

// signature is what stays the same when a record is delivered again as it was.
func (w *waitingRecord) signature() string {
	if w.key != ([16]byte{}) {
		return string(w.key[:])
	}
	return w.said()
}

func (w *waitingRecord) said() string {
	var b strings.Builder
	for _, p := range w.problems {
		b.WriteString(p.code + "\x00" + p.column + "\x00")
	}
	return b.String()
}

// A noteFold goes through a feed's entries in order and knows, after each, which records wait for
// the producer. It rests on the log and on the rejects and rows that the log names, and on nothing
// else that could change.
//
// A record waits until an entry says that it is dealt with: it came out of quarantine by a replay or
// a new normaliser; a later delivery holds its key, or its object again under the same name; or a
// later delivery is the whole. A record that was delivered again and is still wrong waits as the new
// one. What was withheld waits until a delivery is taken, or another withheld in its place.
type noteFold struct {
	lake   *lake.Lake
	feed   *configs.Feed
	tokens func() (transforms.Tokenizer, error)
	waits  map[recordRef]*waitingRecord
	done   map[recordRef]struct{} // dealt with, though the lake still has it in quarantine
	kept   map[recordRef]*waitingRecord
	held   *lake.Entry // the newest delivery, when it was withheld
	names  map[string]string
	last   int64 // the newest delivery that was taken
	live   []lake.File
	commit map[recordRef]int64 // the entry that first brought a record
}

func newNoteFold(l *lake.Lake, f *configs.Feed, tokens func() (transforms.Tokenizer, error)) *noteFold {
	return &noteFold{lake: l, feed: f, tokens: tokens, waits: map[recordRef]*waitingRecord{}, done: map[recordRef]struct{}{},
		names: map[string]string{}, commit: map[recordRef]int64{}}
}

// apply takes in the feed's next entry.
func (n *noteFold) apply(e lake.Entry) error {
	for _, o := range e.Objects {
		n.names[o.ID] = o.Name
	}
	n.live = slices.DeleteFunc(n.live, func(f lake.File) bool {
		return slices.Contains(e.Replaces, f.Ref()) || slices.Contains(e.Replaces, f.Path)
	})
	rejected := map[recordRef]*waitingRecord{}
	for _, f := range e.Files {
		if f.CommitNo == 0 {
			f.CommitNo = e.No
		}
		if f.Dataset == rejectsDataset {
			n.live = append(n.live, f)
		}
		if f.Dataset == rejectsDataset || f.Dataset == withheldDataset {
			if err := n.read(f, rejected); err != nil {
				return err
			}
		}
	}
	switch e.Kind {
	case lake.Withheld:
		n.held, n.kept = &e, rejected
		return nil
	case lake.Delivery:
		n.held, n.kept, n.last = nil, nil, e.No
		if err := n.answer(e, rejected); err != nil {
			return err
		}
		for ref, w := range rejected {
			n.waits[ref] = w
			delete(n.done, ref)
		}
		return nil
	}
	return n.again()
}

// again looks at all that is in quarantine now, after a replay or a new normaliser.
func (n *noteFold) again() error {
	clear(n.waits)
	for _, f := range n.live {
		if err := n.read(f, n.waits); err != nil {
			return err
		}
	}
	maps.DeleteFunc(n.waits, func(ref recordRef, w *waitingRecord) bool {
		_, done := n.done[ref]
		return done || n.whole() && w.commit < n.last
	})
	return nil
}

// read gathers the records of a file of rejects.
func (n *noteFold) read(f lake.File, into map[recordRef]*waitingRecord) error {
	rows, err := readRejects(n.lake, f)
	if err != nil {
		return err
	}
	for _, row := range rows {
		ref := recordRef{row.Object, row.RowNo}
		w := into[ref]
		if w == nil {
			first, known := n.commit[ref]
			if !known || f.Dataset == withheldDataset {
				first = f.CommitNo
			}
			if f.Dataset == rejectsDataset {
				n.commit[ref] = first
			}
			w = &waitingRecord{ref: ref, commit: first, name: n.names[lake.FormatID(row.Object)], place: row.Place, key: row.Key}
			into[ref] = w
		}
		w.problems = append(w.problems, waitingProblem{row.Code, row.Column})
	}
	return nil
}

// whole says that each delivery of the feed is all that there is.
func (n *noteFold) whole() bool { return n.feed.Deletes == "absent_from_snapshot" }

// namedByProducer says that an object which comes again under its name takes the place of the one
// before: the names of files are their producer's, and those of a snapshot's parts are always the same.
// Other connectors name what they ask for, such as a page, whatever it holds this time.
func namedByProducer(f *configs.Feed) bool {
	switch f.Connector.Kind {
	case "files", "sftp", "s3":
		return true
	}
	return f.Delivery == "snapshot"
}

// answer takes out what a delivery deals with.
func (n *noteFold) answer(e lake.Entry, rejected map[recordRef]*waitingRecord) error {
	names := map[string]bool{}
	for _, o := range e.Objects {
		names[o.Name] = namedByProducer(n.feed)
	}
	byKey := map[[16]byte][]recordRef{}
	for ref, w := range n.waits {
		switch {
		case n.whole() || names[w.name]:
			n.settle(ref)
		case w.key != [16]byte{}:
			byKey[w.key] = append(byKey[w.key], ref)
		}
	}
	for _, w := range rejected {
		n.settle(byKey[w.key]...)
		delete(byKey, w.key)
	}
	return n.answerKeys(e, byKey)
}

func (n *noteFold) settle(refs ...recordRef) {
	for _, ref := range refs {
		delete(n.waits, ref)
		n.done[ref] = struct{}{}
	}
}

// answerKeys looks for the keys of waiting records among the rows of a delivery.
func (n *noteFold) answerKeys(e lake.Entry, byKey map[[16]byte][]recordRef) error {
	for _, f := range e.Files {
		if f.Dataset != e.Dataset {
			continue
		}
		if len(byKey) == 0 {
			return nil
		}
		tokens, err := n.tokens()
		if err != nil {
			return err
		}
		err = readLakeFile(n.lake, f, func(file *os.File, size int64) error {
			return transforms.ReadKeys(file, size, func(key []byte) {
				token := transforms.RecordToken(tokens, string(key))
				n.settle(byKey[token]...)
				delete(byKey, token)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// waiting lists what waits after the entries so far, by commit, object and place. A withheld
// delivery that is the whole speaks for all that came before it.
func (n *noteFold) waiting() []*waitingRecord {
	all := maps.Clone(n.waits)
	if n.held != nil && n.whole() {
		clear(all)
	}
	maps.Copy(all, n.kept)
	return slices.SortedFunc(maps.Values(all), func(a, b *waitingRecord) int {
		return cmp.Or(cmp.Compare(a.commit, b.commit), strings.Compare(a.name, b.name), cmp.Compare(a.ref.rowNo, b.ref.rowNo),
			strings.Compare(string(a.ref.object[:]), string(b.ref.object[:])))
	})
}
