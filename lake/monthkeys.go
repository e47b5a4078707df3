package lake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

const monthKeyMode = 0o600

// ErrKeyGone is wrapped by every error that means that the key of a landed month is not
// there: the month was shredded on purpose, or the key was lost.
var ErrKeyGone = errors.New("the landing key is gone")

// A monthKey opens and closes the objects that one source delivered in one month.
// Deleting its file is how a month of raw data is erased, copies in backups included.
type monthKey struct{ identity *age.X25519Identity }

func (l *Lake) monthKeyPath(source, month string) string {
	return filepath.Join(l.master.folder, "landing", source, month+".key")
}

// monthKey gives the key of a month. The file is looked at each time, since a key that
// was deleted must not live on in a running process.
func (l *Lake) monthKey(source, month string) (monthKey, error) {
	path := l.monthKeyPath(source, month)
	name := source + "/" + month
	sealed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = l.keyGone(source, month, path)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if errors.Is(err, ErrKeyGone) {
		delete(l.months, name)
		return monthKey{}, err
	}
	if err != nil {
		return monthKey{}, fmt.Errorf("reading landing key: %w", err)
	}
	if key, known := l.months[name]; known {
		return key, nil
	}
	key, err := openMonthKey(sealed, l.master)
	if err != nil {
		return monthKey{}, fmt.Errorf("opening landing key %s with master key %s: %w; restore the landing key, or load the master key that it was made with", path, l.master.ID(), err)
	}
	l.months[name] = key
	return key, nil
}

func openMonthKey(sealed []byte, master Master) (monthKey, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), master.identities()...)
	if err != nil {
		return monthKey{}, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return monthKey{}, err
	}
	identity, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		return monthKey{}, errors.New("it holds no age identity")
	}
	return monthKey{identity}, nil
}

// ensureMonthKey gives the key of a month and makes one for a month without objects. A
// month that has objects but no key was shredded or damaged: a second key would hide that.
func (l *Lake) ensureMonthKey(source, month string) (monthKey, error) {
	key, err := l.monthKey(source, month)
	if !errors.Is(err, ErrKeyGone) {
		return key, err
	}
	objects, listed := filepath.Glob(filepath.Join(l.landingDir(source, month), "*"+objectSuffix))
	if listed != nil {
		return monthKey{}, fmt.Errorf("listing landed objects: %w", listed)
	}
	if len(objects) > 0 {
		return l.monthKey(source, month) // another process may have made it a moment ago
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return monthKey{}, fmt.Errorf("making a landing key: %w", err)
	}
	sealed, err := sealMonthKey(monthKey{identity}, l.master)
	if err != nil {
		return monthKey{}, fmt.Errorf("making a landing key: %w", err)
	}
	if _, err := l.fs.put("landing key", l.monthKeyPath(source, month), sealed, privateMode, monthKeyMode); err != nil {
		return monthKey{}, fmt.Errorf("keeping a landing key: %w", err)
	}
	return l.monthKey(source, month) // the one that was first there, whoever made it
}

// sealMonthKey closes a month's key so that the master key opens it.
func sealMonthKey(key monthKey, master Master) ([]byte, error) {
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, master.identity.Recipient())
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, key.identity.String()+"\n"); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}
