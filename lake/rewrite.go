package lake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Rewrite puts one file in the place of another that holds the same rows under another token
// key. It holds for the whole log and not from its entry on: whoever asks what was known at an
// earlier time reads the new file too, so that no file with tokens of a key that was given up is
// ever needed again. Such a file is garbage from then on.
type Rewrite struct {
	From string `json:"from"` // the path of the file that was
	File File   `json:"file"`
}

// keyWork says that an entry is about keys, and so of no feed.
func (e Entry) keyWork() bool { return e.Kind == Retokenise || e.Kind == Shred }

// written lists the files that are new with an entry.
func (e Entry) written() []File {
	files := slices.Clone(e.Files)
	for _, w := range e.Rewrites {
		files = append(files, w.File)
	}
	return files
}

func (e Entry) checkKeyWork() error {
	switch {
	case e.Feed != "" || e.Dataset != "" || len(e.Objects)+len(e.Replayed)+len(e.Files)+len(e.Replaces)+len(e.Position) > 0:
		return fmt.Errorf("a %s is of no feed and brings nothing", e.Kind)
	case e.KnownAt.IsZero():
		return errors.New("it has no knowledge time")
	case e.Reason == "":
		return fmt.Errorf("a %s needs a reason", e.Kind)
	case e.Kind == Shred && len(e.Rewrites) > 0:
		return errors.New("a shred writes no file")
	case e.Kind == Shred:
		return checkLanding(e.Source, e.Shredded)
	case e.Source != "" || e.Shredded != "" || e.TokenKey == "":
		return errors.New("a retokenise is of every source, and names the new token key")
	}
	for _, w := range e.Rewrites {
		if err := w.File.checkPath(); err != nil {
			return err
		}
	}
	return nil
}

// checkRewrites refuses tokens of a key that was given up, and a rewriting of what is not there or is
// another thing.
func checkRewrites(e Entry, entries []loggedEntry) error {
	if key := tokenKeyOf(entries); e.Kind != Retokenise && e.TokenKey != "" && key != "" && e.TokenKey != key {
		return fmt.Errorf("%w: its tokens are of key %s, which was given up for %s", ErrConflict, e.TokenKey, key)
	}
	if len(e.Rewrites) == 0 {
		return nil
	}
	have := map[string]File{}
	for _, old := range entries {
		for _, f := range old.Files {
			have[f.Path] = f
		}
	}
	for _, w := range e.Rewrites {
		old, known := have[w.From]
		if !known {
			return fmt.Errorf("it rewrites %s, which no entry names; take a new snapshot and decide again", w.From)
		}
		if f := w.File; f.Dataset != old.Dataset || f.Source != old.Source || f.Period != old.Period || f.Rows != old.Rows {
			return fmt.Errorf("file %s is not the rows of %s under another key", f.Path, w.From)
		}
		delete(have, w.From) // twice is once too often
	}
	return nil
}

// tokenKeyOf is the key that tokens are made with since the newest retokenise; "" before the first.
func tokenKeyOf(entries []loggedEntry) string {
	for _, e := range slices.Backward(entries) {
		if e.Kind == Retokenise {
			return e.TokenKey
		}
	}
	return ""
}

// TokenKey gives the id of the key that tokens are made with: of the newest retokenise, or "" before
// the first, when the project's key is the only one that there ever was.
func (l *Lake) TokenKey() (string, error) {
	chain, err := l.chain()
	return tokenKeyOf(chain), err
}

// TokenKey gives the id of the key that tokens are made with, as the entries of a snapshot tell it.
func (s Snapshot) TokenKey() string {
	for _, e := range slices.Backward(s.Entries) {
		if e.Kind == Retokenise {
			return e.TokenKey
		}
	}
	return ""
}

// rewrites say by which file each file that was rewritten is read now.
type rewrites map[string]File

func rewritesOf[E any](entries []E, entry func(E) Entry) rewrites {
	all := rewrites{}
	for _, e := range entries {
		for _, w := range entry(e).Rewrites {
			all[w.From] = w.File
		}
	}
	return all
}

// apply gives an entry as it is to be read now. Entries in the log never change; what they say of
// files that were rewritten is said of the newest ones.
func (all rewrites) apply(e Entry) Entry {
	if len(all) == 0 {
		return e
	}
	e.Files, e.Replaces = slices.Clone(e.Files), slices.Clone(e.Replaces)
	for i, old := range e.Files {
		if now, rewritten := all.newest(old.Path); rewritten {
			now.CommitNo, now.KnownAt = old.CommitNo, old.KnownAt
			e.Files[i] = now
		}
	}
	for i, name := range e.Replaces {
		path, commit, of := strings.Cut(name, "@")
		if now, rewritten := all.newest(path); rewritten {
			e.Replaces[i] = now.Path
			if of {
				e.Replaces[i] += "@" + commit
			}
		}
	}
	return e
}

func (all rewrites) newest(path string) (f File, rewritten bool) {
	for next, ok := all[path]; ok; next, ok = all[f.Path] {
		f, rewritten = next, true
	}
	return f, rewritten
}
