package lake

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

const (
	objectSuffix = ".zst.age"
	objectMode   = 0o400
	// A window of 1 MiB bounds what packing and unpacking hold in memory, whatever the object.
	packWindow = 1 << 20
)

// ErrTooLarge is wrapped by Land when an object has more bytes than it may have.
var ErrTooLarge = errors.New("the object is larger than its limit")

// Landed says what became of an object's bytes.
type Landed struct {
	ID      [16]byte
	Bytes   int64 // as the source served them
	Stored  int64 // as they lie on disk
	Existed bool  // the same bytes were landed before, under the same source and month
}

// Land keeps the bytes of r for good: packed, encrypted under the key of the source and
// month, and on disk when it returns. An object is named by a keyed hash of its content,
// so that the same bytes land once and a name tells nothing to those without the key.
// Memory does not grow with the object. maxBytes must be positive: what a source may send
// is always bounded, by the bytes that really come and not by what it announced.
func (l *Lake) Land(source, month string, r io.Reader, maxBytes int64) (Landed, error) {
	landed, err := l.land(source, month, r, maxBytes)
	if err != nil {
		return Landed{}, fmt.Errorf("landing an object of %s in %s: %w", source, month, err)
	}
	return landed, nil
}

func (l *Lake) land(source, month string, r io.Reader, maxBytes int64) (Landed, error) {
	if err := checkLanding(source, month); err != nil {
		return Landed{}, err
	}
	if maxBytes <= 0 {
		return Landed{}, errors.New("no limit was given; set limits.max_bytes of the feed")
	}
	key, err := l.ensureMonthKey(source, month)
	if err != nil {
		return Landed{}, err
	}
	tmp, err := l.fs.create("object", l.landingDir(source, month), privateMode)
	if err != nil {
		return Landed{}, err
	}
	landed, err := l.pack(tmp, key, r, maxBytes)
	if err != nil {
		tmp.discard()
		return Landed{}, err
	}
	path := l.objectPath(source, month, landed.ID)
	if landed.Existed, err = tmp.install(path, objectMode); err != nil {
		return Landed{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Landed{}, err
	}
	landed.Stored = info.Size()
	return landed, nil
}

// pack sends r through the hash, the compression and the encryption, in one pass.
func (l *Lake) pack(w io.Writer, key monthKey, r io.Reader, maxBytes int64) (Landed, error) {
	sealed, err := age.Encrypt(w, key.identity.Recipient())
	if err != nil {
		return Landed{}, fmt.Errorf("encrypting: %w", err)
	}
	packed, err := l.packer(sealed)
	if err != nil {
		return Landed{}, fmt.Errorf("packing: %w", err)
	}
	defer func() {
		packed.Reset(nil) // the pool keeps buffers, not files
		l.packs.Put(packed)
	}()
	mac := l.contentHash()
	n, err := io.Copy(io.MultiWriter(mac, packed), io.LimitReader(r, maxBytes))
	if err == nil && n == maxBytes {
		err = checkEnded(r, maxBytes)
	}
	if err == nil {
		err = packed.Close()
	}
	if err != nil {
		return Landed{}, err
	}
	if err := sealed.Close(); err != nil {
		return Landed{}, fmt.Errorf("encrypting: %w", err)
	}
	landed := Landed{Bytes: n}
	copy(landed.ID[:], mac.Sum(nil))
	return landed, nil
}

// checkEnded tells an object of exactly the limit from a larger one.
func checkEnded(r io.Reader, limit int64) error {
	var one [1]byte
	n, err := io.ReadFull(r, one[:])
	if n > 0 {
		return fmt.Errorf("%w of %d bytes; raise limits.max_bytes of the feed if that is right", ErrTooLarge, limit)
	}
	if err != io.EOF {
		return err
	}
	return nil
}

func (l *Lake) packer(w io.Writer) (*zstd.Encoder, error) {
	if p, ok := l.packs.Get().(*zstd.Encoder); ok {
		p.Reset(w)
		return p, nil
	}
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packWindow), zstd.WithEncoderLevel(zstd.SpeedDefault))
}

func (l *Lake) contentHash() hash.Hash { return hmac.New(sha256.New, l.master.secret) }

func checkLanding(source, month string) error {
	if err := checkName("source", source); err != nil {
		return err
	}
	if !monthPattern.MatchString(month) {
		return fmt.Errorf("month %q: write it as 2024-01", month)
	}
	return nil
}

func (l *Lake) landingDir(source, month string) string {
	return filepath.Join(l.dir, landingFolder, source, month)
}

func (l *Lake) objectPath(source, month string, id [16]byte) string {
	return filepath.Join(l.landingDir(source, month), FormatID(id)+objectSuffix)
}

// OpenObject gives a landed object's bytes as the source served them. Damage is found on
// the way: a read that reaches the end has seen exactly the bytes that were landed under
// this id, and otherwise ends in an error. The caller must read to the end to rely on that.
func (l *Lake) OpenObject(source, month string, id [16]byte) (io.ReadCloser, error) {
	o, err := l.openObject(source, month, id)
	if err != nil {
		return nil, fmt.Errorf("opening landed object %s of %s in %s: %w", FormatID(id), source, month, err)
	}
	return o, nil
}

func (l *Lake) openObject(source, month string, id [16]byte) (*object, error) {
	if err := checkLanding(source, month); err != nil {
		return nil, err
	}
	f, err := os.Open(l.objectPath(source, month, id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; restore it from a backup of the landing", err)
	}
	if err != nil {
		return nil, err
	}
	key, err := l.monthKey(source, month)
	if err != nil {
		f.Close()
		return nil, err
	}
	sealed, err := age.Decrypt(f, key.identity)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("decrypting: %w; restore it from a backup of the landing", err)
	}
	packed, err := zstd.NewReader(sealed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(packWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("unpacking: %w", err)
	}
	return &object{file: f, packed: packed, mac: l.contentHash(), id: id}, nil
}

// object reads a landed object and checks, at its end, that its content has its id.
type object struct {
	file   *os.File
	packed *zstd.Decoder
	mac    hash.Hash
	id     [16]byte
	err    error
}

// Read gives the next bytes. io.EOF means that all of them were the right ones.
func (o *object) Read(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.packed.Read(p)
	o.mac.Write(p[:n])
	if err == io.EOF {
		err = o.checkEnd()
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("reading landed object %s: %w; restore it from a backup of the landing", FormatID(o.id), err)
	}
	o.err = err
	return n, err
}

func (o *object) checkEnd() error {
	if !hmac.Equal(o.mac.Sum(nil)[:16], o.id[:]) {
		return errors.New("its content is not what was landed under this name")
	}
	return io.EOF
}

// Close releases the file and the decoder.
func (o *object) Close() error {
	o.packed.Close()
	return o.file.Close()
}
