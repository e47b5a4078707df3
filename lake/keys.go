package lake

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
)

const (
	masterFormat    = "1"
	masterMode      = 0o600
	landingHMACSize = 32
)

// A Master is the key of a project's landing: an age identity that opens the monthly
// landing keys, and the secret that names landed objects. Both stand in one file, so that
// one file is all that has to be kept safe. It prints as ***.
type Master struct {
	identity *age.X25519Identity
	secret   []byte
	folder   string // where its file lies; the monthly keys are kept below it

	before *age.X25519Identity // during a rotation: the one that is being replaced
	was    []string            // the ids of those that were replaced, oldest first
}

// identities open what is sealed for this key, and, while it is being replaced, for the one before.
func (m Master) identities() []age.Identity {
	if m.before != nil {
		return []age.Identity{m.identity, m.before}
	}
	return []age.Identity{m.identity}
}

// Replaces says whether this key is the one of an id, or came in its place: then it opens all that
// the other did.
func (m Master) Replaces(id string) bool { return id == m.ID() || slices.Contains(m.was, id) }

func newMaster() (Master, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return Master{}, err
	}
	secret := make([]byte, landingHMACSize)
	if _, err := rand.Read(secret); err != nil {
		return Master{}, err
	}
	return Master{identity: identity, secret: secret}, nil
}

// ID names the key without revealing it, for manifests, backups and messages. It is a
// checksum as well: a mistyped key has another id.
func (m Master) ID() string {
	if m.identity == nil {
		return ""
	}
	h := sha256.New()
	h.Write([]byte(m.identity.String()))
	h.Write(m.secret)
	return "mk-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// String hides the key from every formatting verb.
func (m Master) String() string { return "***" }

// GoString hides the key from %#v.
func (m Master) GoString() string { return "***" }

// MarshalJSON hides the key from encoders and structured logs.
func (m Master) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

// WriteMaster makes a new random master key and writes it to path (keys/master.key),
// readable by its owner only. It never replaces a key: without the old one, everything
// landed so far would be lost.
func WriteMaster(path string) (Master, error) {
	m, err := newMaster()
	if err != nil {
		return Master{}, fmt.Errorf("making a master key: %w", err)
	}
	fs := newFsys(nil)
	if err := fs.adopt(filepath.Dir(path), privateMode); err != nil {
		return Master{}, fmt.Errorf("writing master key %s: %w", path, err)
	}
	existed, err := fs.put("master", path, m.text(), privateMode, masterMode)
	if err != nil {
		return Master{}, fmt.Errorf("writing master key %s: %w", path, err)
	}
	if existed {
		return Master{}, fmt.Errorf("writing master key %s: a key is there already and is never replaced; load it, or move it away if nothing was landed with it", path)
	}
	m.folder = filepath.Dir(path)
	return m, nil
}

// text is the content of a key's file.
func (m Master) text() []byte {
	var b bytes.Buffer
	b.WriteString("# Lindung master key. Whoever holds this file can read every landed object;\n")
	b.WriteString("# without it nobody can. Keep a copy offline, and never in a repository.\n")
	fmt.Fprintf(&b, "format: %s\nid: %s\nidentity: %s\nlanding-hmac: %s\n",
		masterFormat, m.ID(), m.identity, hex.EncodeToString(m.secret))
	if len(m.was) > 0 {
		fmt.Fprintf(&b, "replaced: %s\n", strings.Join(m.was, " "))
	}
	if m.before != nil {
		fmt.Fprintf(&b, "identity-before: %s\n", m.before)
	}
	return b.Bytes()
}

// LoadMaster reads the master key from path (keys/master.key).
func LoadMaster(path string) (Master, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Master{}, fmt.Errorf("loading master key %s: %w; restore the file from its backup, or let lindung init make one for a new project", path, err)
	}
	if err != nil {
		return Master{}, fmt.Errorf("loading master key %s: %w", path, err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return Master{}, fmt.Errorf("loading master key %s: its mode is %04o, so that others can read it; run: chmod 600 %s", path, mode, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Master{}, fmt.Errorf("loading master key %s: %w", path, err)
	}
	m, err := parseMaster(text)
	if err != nil {
		return Master{}, fmt.Errorf("loading master key %s: %w", path, err)
	}
	m.folder = filepath.Dir(path)
	return m, nil
}

// parseMaster reads the text of a key file. No message repeats a value: each may be secret.
func parseMaster(text []byte) (Master, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if _, twice := values[name]; !found || twice {
			return Master{}, fmt.Errorf("line %d is not a new \"name: value\"; restore the file from its backup", n)
		}
		values[name] = strings.TrimSpace(value)
	}
	if err := lines.Err(); err != nil {
		return Master{}, err
	}
	if f := values["format"]; f != masterFormat {
		return Master{}, fmt.Errorf("its format is %q and this program reads %s; use the version of lindung that wrote it, or a newer one", f, masterFormat)
	}
	identity, err := age.ParseX25519Identity(values["identity"])
	if err != nil {
		return Master{}, errors.New("the line identity: holds no age identity; restore the file from its backup")
	}
	secret, err := hex.DecodeString(values["landing-hmac"])
	if err != nil || len(secret) != landingHMACSize {
		return Master{}, fmt.Errorf("the line landing-hmac: does not hold %d hexadecimal digits; restore the file from its backup", 2*landingHMACSize)
	}
	m := Master{identity: identity, secret: secret, was: strings.Fields(values["replaced"])}
	if before, ok := values["identity-before"]; ok {
		if m.before, err = age.ParseX25519Identity(before); err != nil {
			return Master{}, errors.New("the line identity-before: holds no age identity; restore the file from its backup")
		}
	}
	if id := m.ID(); id != values["id"] {
		return Master{}, errors.New("the line id: does not belong to the key in the file: a character was changed; restore the file from its backup")
	}
	return m, nil
}
