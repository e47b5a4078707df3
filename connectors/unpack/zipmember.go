package unpack

import (
	"archive/zip"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// How a member may be packed, and the flags that matter here (APPNOTE.TXT 4.4).
const (
	methodAES      = 99
	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3
	flagStrong     = 1 << 6
)

// methods are the other ways to pack, by the names that programs give them.
var methods = map[uint16]string{1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "BZip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}

// member opens a member: decrypts it, unpacks it, and checks at its end that its
// size and its checksum are what the directory says.
//
// Only the packed bytes are taken from the library, which knows no encryption.
func (s *Zip) member(ctx context.Context, m zipMember, b *budget) (io.Reader, error) {
	raw, err := m.file.OpenRaw()
	if err != nil {
		return nil, wordZip(err)
	}
	packed := io.Reader(&packedReader{ctx, raw, b})
	method, hasSum := m.file.Method, true
	switch {
	case m.file.Flags&flagStrong != 0:
		return nil, errors.New("it is encrypted in PKWARE's own way, which is not read: ask for an archive with AES as WinZip and 7-Zip write it")
	case m.file.Flags&flagEncrypted != 0 && s.Password == "":
		return nil, errors.New("it is encrypted: set password under unpack")
	case method == methodAES:
		var how aesHow
		if how, err = aesHowOf(m.file.Extra); err != nil {
			return nil, err
		}
		method, hasSum = how.method, how.hasSum
		packed, err = newAESReader(packed, int64(m.file.CompressedSize64), how, s.Password)
	case m.file.Flags&flagEncrypted != 0:
		packed, err = newZipCryptoReader(packed, checkByte(m.file), s.Password)
	}
	if err != nil {
		return nil, s.word(m.file, b, err)
	}
	unpacked := packed
	switch method {
	case zip.Store:
	case zip.Deflate:
		unpacked = flate.NewReader(packed)
	default:
		name := methods[method]
		if name == "" {
			name = fmt.Sprintf("method %d", method)
		}
		return nil, fmt.Errorf("it is packed with %s, which is not read: ask for an archive packed with Deflate, as most programs do", name)
	}
	sum := &summedReader{r: unpacked, packed: packed, size: m.file.UncompressedSize64}
	if hasSum {
		sum.crc, sum.want = crc32.NewIEEE(), m.file.CRC32
	}
	return &unpackedReader{sum, b, func(err error) error { return s.word(m.file, b, err) }}, nil
}

// word words what went wrong with a member. With the old encryption a wrong
// password passes one time in 256, and shows as damage.
func (s *Zip) word(f *zip.File, b *budget, err error) error {
	corrupt := flate.CorruptInputError(0)
	switch {
	case b.failed != nil:
		return b.failed
	case errors.Is(err, errPassword):
		return err
	case errors.As(err, &corrupt):
		err = zip.ErrFormat
	}
	if f.Flags&flagEncrypted != 0 && f.Method != methodAES {
		return fmt.Errorf("%w, or password is not the right one", wordZip(err))
	}
	return wordZip(err)
}

// A summedReader checks at the end of a member that all of it came.
type summedReader struct {
	r      io.Reader
	packed io.Reader
	size   uint64
	read   uint64
	crc    hash.Hash32 // nil: the encryption has a better check
	want   uint32
}

func (s *summedReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if s.read += uint64(n); s.read > s.size {
		return 0, zip.ErrFormat
	}
	if s.crc != nil {
		_, _ = s.crc.Write(p[:n])
	}
	if err != io.EOF {
		return n, err
	}
	// The seal of an encrypted member stands behind what was packed.
	if _, err := io.Copy(io.Discard, s.packed); err != nil {
		return n, err
	}
	switch {
	case s.read < s.size:
		return n, io.ErrUnexpectedEOF
	case s.crc != nil && s.crc.Sum32() != s.want:
		return n, zip.ErrChecksum
	}
	return n, io.EOF
}
