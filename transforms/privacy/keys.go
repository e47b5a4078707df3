// Package privacy keeps identifiers out of the warehouse: it owns the token keys and turns an
// identifier into a keyed token.
//
// The number of possible identity numbers is small enough to try them all, so a plain hash would
// be reversible; a token cannot be made or checked without the key, which lies outside the data.
// The package must not know datasets, files or feeds.
package privacy

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyBytes is the length of the secret: as long as the hash behind the tokens.
const keyBytes = 32

// fileHeader opens every key file and names its format.
const fileHeader = "lindung-token-key-v1"

// Keys holds the secret that tokens are made with. Its id can be shown: it tells which key made a
// set of tokens without telling the key.
type Keys struct {
	id     string
	secret [keyBytes]byte
}

// ErrDemoKey refuses the published demonstration key where real data is read.
var ErrDemoKey = errors.New("the demonstration key is public and serves sample data only; run `lindung init` or write a key of your own to keys/tokens.key")

// GenerateKeys makes new keys from a source of randomness; nil means the system's.
func GenerateKeys(random io.Reader) (Keys, error) {
	if random == nil {
		random = rand.Reader
	}
	var secret [keyBytes]byte
	if _, err := io.ReadFull(random, secret[:]); err != nil {
		return Keys{}, fmt.Errorf("drawing a token key: %w", err)
	}
	return keysOf(secret), nil
}

// DemoKeys is the fixed key of sample projects: the same sample gives the same tokens everywhere.
// Check refuses it for anything but sample data.
func DemoKeys() Keys {
	return keysOf(sha256.Sum256([]byte("lindung demonstration token key: public, for sample data only")))
}

func keysOf(secret [keyBytes]byte) Keys {
	sum := sha256.Sum256(append([]byte("lindung key id\x00"), secret[:]...))
	return Keys{id: hex.EncodeToString(sum[:6]), secret: secret}
}

// ID names the key. It is safe to print and is written into manifests.
func (k Keys) ID() string { return k.id }

// String keeps the secret out of messages and logs.
func (k Keys) String() string { return "token key " + k.id }

// GoString keeps the secret out of %#v.
func (k Keys) GoString() string { return k.String() }

// IsDemo says whether this is the published demonstration key.
func (k Keys) IsDemo() bool { return k.secret == DemoKeys().secret }

// Check says whether the key may be used for data of this origin (sample, real or reference).
func (k Keys) Check(origin string) error {
	if k.id == "" {
		return errors.New("checking the token key: no key; generate or load one first")
	}
	if k.IsDemo() && origin != "sample" {
		return fmt.Errorf("checking the token key for %s data: %w", origin, ErrDemoKey)
	}
	return nil
}

// Write stores the key at path, readable by its owner alone. It never replaces a key that is
// there: data tokenised with it could no longer be joined.
func (k Keys) Write(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the key folder: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".tokens-*") // 0600, O_EXCL
	if err != nil {
		return fmt.Errorf("writing the token key: %w", err)
	}
	defer os.Remove(tmp.Name())
	text := fmt.Sprintf("%s\nid %s\nkey %s\n", fileHeader, k.id, base64.StdEncoding.EncodeToString(k.secret[:]))
	_, err = tmp.WriteString(text)
	if err == nil {
		err = tmp.Sync()
	}
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("writing the token key: %w", err)
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("writing the token key: %s exists; keep it, or move it away together with all data made with it", path)
		}
		return fmt.Errorf("writing the token key: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening the key folder: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("syncing the key folder: %w", err)
	}
	return nil
}

// WriteKeys draws a new key and stores it at path.
func WriteKeys(path string) error {
	k, err := GenerateKeys(nil)
	if err != nil {
		return err
	}
	return k.Write(path)
}

// WriteDemoKeys stores the demonstration key at path, for a project of sample data.
func WriteDemoKeys(path string) error { return DemoKeys().Write(path) }

// Adopt puts the key file next in the place of the one at path, which is gone then: the tokens that were
// made with it have been replaced.
func Adopt(next, path string) error {
	if _, err := readKeys(next); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("putting the new token key in its place: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// LoadKeys reads the key at path. It refuses a file that others can read, one whose id does not
// fit its key, and the demonstration key unless the project holds sample data.
func LoadKeys(path string, sample bool) (Keys, error) {
	k, err := readKeys(path)
	if err != nil {
		return Keys{}, err
	}
	origin := "real"
	if sample {
		origin = "sample"
	}
	return k, k.Check(origin)
}

func readKeys(path string) (Keys, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Keys{}, fmt.Errorf("reading the token key: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return Keys{}, fmt.Errorf("reading the token key: %s can be read by others (mode %04o); run chmod 600 on it", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Keys{}, fmt.Errorf("reading the token key: %w", err)
	}
	k, err := parseKeys(string(text))
	if err != nil {
		return Keys{}, fmt.Errorf("reading the token key %s: %w", path, err)
	}
	return k, nil
}

func parseKeys(text string) (Keys, error) {
	const remedy = "; restore the file from a backup"
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 3 || lines[0] != fileHeader {
		return Keys{}, errors.New("not a token key file" + remedy)
	}
	id, okID := strings.CutPrefix(lines[1], "id ")
	encoded, okKey := strings.CutPrefix(lines[2], "key ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !okID || !okKey || err != nil || len(raw) != keyBytes {
		return Keys{}, errors.New("damaged" + remedy)
	}
	k := keysOf([keyBytes]byte(raw))
	if k.id != id {
		return Keys{}, errors.New("its id does not fit its key" + remedy)
	}
	return k, nil
}
