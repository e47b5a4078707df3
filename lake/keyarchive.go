package lake

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// maxKeyArchive bounds what is read of an archive of keys. A key is a few hundred bytes.
const maxKeyArchive = 256 << 20

// A KeyFile is one file of the keys folder.
type KeyFile struct {
	Path string // relative to the keys folder, with slashes
	Data []byte
}

// NewRecoveryKey makes a key pair for archives of keys. The secret half goes to path, which must
// not exist, and belongs offline; the public half is returned, and may lie anywhere.
func NewRecoveryKey(path string) (recipient string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("making a recovery key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, masterMode)
	if err != nil {
		return "", fmt.Errorf("making a recovery key: %w", err)
	}
	recipient = identity.Recipient().String()
	_, err = fmt.Fprintf(f, "# Opens the key archives of lindung backup --recipient %s\n# Keep it offline, with two people. Whoever holds it and such an archive can read everything.\n%s\n", recipient, identity)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("making a recovery key: %w", err)
	}
	return recipient, syncFolder(filepath.Dir(path))
}

// ArchiveKeys writes every file of the keys folder to w as a tar archive, encrypted for a recipient
// (age1…) or, where that is "", in clear. An armored one is text, which can be printed and typed in
// again. It returns how many there are.
func ArchiveKeys(w io.Writer, folder, recipient string, armored bool) (files int, err error) {
	if armored {
		text := armor.NewWriter(w)
		defer func() { err = errors.Join(err, text.Close()) }()
		w = text
	}
	files, err = archiveKeys(w, folder, recipient)
	if err != nil {
		return 0, fmt.Errorf("archiving the keys in %s: %w", folder, err)
	}
	return files, nil
}

func archiveKeys(w io.Writer, folder, recipient string) (files int, err error) {
	sealed := io.WriteCloser(nopCloser{w})
	if recipient != "" {
		to, err := age.ParseX25519Recipient(recipient)
		if err != nil {
			return 0, fmt.Errorf("the recipient is not one of age (age1…): %w", err)
		}
		if sealed, err = age.Encrypt(w, to); err != nil {
			return 0, err
		}
	}
	archive := tar.NewWriter(sealed)
	keys, err := KeyFiles(folder)
	for _, k := range keys {
		if err == nil {
			err = archive.WriteHeader(&tar.Header{Name: k.Path, Mode: masterMode, Size: int64(len(k.Data))})
		}
		if err == nil {
			_, err = archive.Write(k.Data)
		}
	}
	return len(keys), errors.Join(err, archive.Close(), sealed.Close())
}

// KeyFiles reads every file of the keys folder, by path.
func KeyFiles(folder string) (files []KeyFile, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || isTmp(d.Name()) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err == nil {
			files = append(files, KeyFile{filepath.ToSlash(name), data})
		}
		return err
	})
	return files, err
}

type nopCloser struct{ io.Writer }

// Close does nothing: the writer belongs to somebody else.
func (nopCloser) Close() error { return nil }

// OpenKeyArchive reads an archive of keys, whole or not at all. identity is the file of the recovery
// key that it was encrypted for; "" for one that was written in clear.
func OpenKeyArchive(path, identity string) ([]KeyFile, error) {
	files, err := openKeyArchive(path, identity)
	if err != nil {
		return nil, fmt.Errorf("opening the key archive %s: %w", path, err)
	}
	return files, nil
}

func openKeyArchive(path, identity string) ([]KeyFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	if head, _ := in.Peek(len(armor.Header)); string(head) == armor.Header {
		in = bufio.NewReader(armor.NewReader(in))
	}
	intro, _ := in.Peek(len("age-encryption.org/"))
	encrypted := string(intro) == "age-encryption.org/"
	content := io.Reader(in)
	switch {
	case encrypted && identity == "":
		return nil, errors.New("it is encrypted: name the file of its recovery key with --identity")
	case encrypted:
		text, err := os.ReadFile(identity)
		if err != nil {
			return nil, err
		}
		identities, err := age.ParseIdentities(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s holds no age identity", identity) // the parser's words may quote it
		}
		if content, err = age.Decrypt(in, identities...); err != nil {
			return nil, fmt.Errorf("the recovery key in %s does not open it: %w", identity, err)
		}
	}
	return readKeys(io.LimitReader(content, maxKeyArchive))
}

func readKeys(content io.Reader) ([]KeyFile, error) {
	var files []KeyFile
	archive := tar.NewReader(content)
	for {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("it is no archive of keys, or damaged: %w", err)
		}
		if head.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(head.Name)) {
			return nil, fmt.Errorf("it is no archive of keys: it has an entry %q", head.Name)
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			return nil, fmt.Errorf("it is damaged: %w", err)
		}
		files = append(files, KeyFile{head.Name, data})
	}
	// What follows the archive's own end is read too: only then age has seen the last of its seals.
	if _, err := io.Copy(io.Discard, content); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	if len(files) == 0 {
		return nil, errors.New("there is no key in it")
	}
	return files, nil
}

// MasterOf gives the master key among the files of an archive.
func MasterOf(files []KeyFile) (Master, error) {
	for _, f := range files {
		if f.Path == "master.key" {
			m, err := parseMaster(f.Data)
			if err != nil {
				return Master{}, fmt.Errorf("reading master.key of the key archive: %w", err)
			}
			return m, nil
		}
	}
	return Master{}, errors.New("the key archive holds no master.key")
}

// RestoreKeys puts the keys of an archive that are missing into the keys folder, and gives their paths. A key
// that is there is never replaced; an archive that has another master key is refused, since its landing keys
// would not open.
func RestoreKeys(folder string, files []KeyFile) (restored []string, err error) {
	for _, k := range files {
		there, err := os.ReadFile(filepath.Join(folder, "master.key"))
		if k.Path == "master.key" && err == nil && !bytes.Equal(there, k.Data) {
			return nil, fmt.Errorf("restoring keys into %s: the archive is of another master key, or was written before the master key was rotated; name the newest one", folder)
		}
	}
	fs := newFsys(nil)
	if err := fs.adopt(folder, privateMode); err != nil {
		return nil, fmt.Errorf("restoring keys: %w", err)
	}
	for _, k := range files {
		existed, err := fs.put("key", filepath.Join(folder, filepath.FromSlash(k.Path)), k.Data, privateMode, masterMode)
		if err != nil {
			return restored, fmt.Errorf("restoring keys: %w", err)
		}
		if !existed {
			restored = append(restored, k.Path)
		}
	}
	return restored, nil
}
