package unpack

import (
	"archive/zip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/kp2mi/lindung/connectors"
)

// This file reads what archive/zip does not: encrypted members. The modules that do
// (alexmullins/zip and its fork yeka/zip) are copies of the whole package as it was
// ten years ago, without what has been repaired since; the encryptions themselves
// are small. AES is WinZip's AE-1 and AE-2 as their published notes describe them,
// ZipCrypto is the one of APPNOTE.TXT 6.1. 7-Zip and Info-ZIP write the archives of
// the tests.

var errPassword = errors.New("the password does not open it: correct password under unpack")

// aesHow says how a member is encrypted with AES.
type aesHow struct {
	keyBytes int
	method   uint16 // how it was packed before
	hasSum   bool   // AE-1 keeps the checksum of the clear bytes, AE-2 does not
}

// aesHowOf reads the extra field 0x9901 of a member.
func aesHowOf(extra []byte) (how aesHow, err error) {
	for len(extra) >= 4 {
		id, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; size > len(extra) {
			break
		}
		if field := extra[:size]; id == 0x9901 && size >= 7 {
			version, strength := binary.LittleEndian.Uint16(field), field[4]
			if version < 1 || version > 2 || string(field[2:4]) != "AE" || strength < 1 || strength > 3 {
				break
			}
			return aesHow{keyBytes: 8 + 8*int(strength), method: binary.LittleEndian.Uint16(field[5:]), hasSum: version == 1}, nil
		}
		extra = extra[size:]
	}
	return how, errors.New("it does not say how it is encrypted: ask for the archive again")
}

const (
	aesMAC        = 10 // bytes of the seal
	aesVerifier   = 2
	aesIterations = 1000
)

// An aesReader decrypts a member and checks its seal at the end.
type aesReader struct {
	r       io.Reader // what is packed and encrypted
	tail    io.Reader // and its seal
	block   cipher.Block
	mac     hash.Hash
	counter uint64
	pad     [aes.BlockSize]byte
	used    int // bytes of pad
	ended   error
}

func newAESReader(r io.Reader, size int64, how aesHow, password connectors.Secret) (io.Reader, error) {
	salt := make([]byte, how.keyBytes/2+aesVerifier)
	body := size - int64(len(salt)) - aesMAC
	if body < 0 {
		return nil, zip.ErrFormat
	}
	if _, err := io.ReadFull(r, salt); err != nil {
		return nil, err
	}
	salt, verifier := salt[:how.keyBytes/2], salt[how.keyBytes/2:]
	keys, err := pbkdf2.Key(sha1.New, password.Reveal(), salt, aesIterations, 2*how.keyBytes+aesVerifier)
	if err != nil {
		return nil, fmt.Errorf("making the key from the password: %w", err)
	}
	if subtle.ConstantTimeCompare(keys[2*how.keyBytes:], verifier) != 1 {
		return nil, errPassword
	}
	block, err := aes.NewCipher(keys[:how.keyBytes])
	if err != nil {
		return nil, fmt.Errorf("making the key from the password: %w", err)
	}
	return &aesReader{r: io.LimitReader(r, body), tail: r, block: block,
		mac: hmac.New(sha1.New, keys[how.keyBytes:2*how.keyBytes]), used: aes.BlockSize}, nil
}

func (a *aesReader) Read(p []byte) (int, error) {
	if a.ended != nil {
		return 0, a.ended
	}
	n, err := a.r.Read(p)
	_, _ = a.mac.Write(p[:n])
	a.decrypt(p[:n])
	if err == io.EOF {
		err = a.seal()
	}
	a.ended = err
	return n, err
}

// decrypt goes on with the counter, which WinZip writes with its lowest byte first;
// the counters of crypto/cipher run the other way.
func (a *aesReader) decrypt(p []byte) {
	for i := range p {
		if a.used == len(a.pad) {
			a.counter++
			clear(a.pad[:])
			binary.LittleEndian.PutUint64(a.pad[:], a.counter)
			a.block.Encrypt(a.pad[:], a.pad[:])
			a.used = 0
		}
		p[i] ^= a.pad[a.used]
		a.used++
	}
}

func (a *aesReader) seal() error {
	var want [aesMAC]byte
	if _, err := io.ReadFull(a.tail, want[:]); err != nil {
		return io.ErrUnexpectedEOF
	}
	if !hmac.Equal(a.mac.Sum(nil)[:aesMAC], want[:]) {
		return zip.ErrChecksum
	}
	return io.EOF
}

// checkByte is what the last byte before an old-style encrypted member decrypts to.
func checkByte(f *zip.File) byte {
	if f.Flags&flagDescriptor != 0 {
		// The time as it was written, which Modified is not.
		return byte(f.ModifiedTime >> 8)
	}
	return byte(f.CRC32 >> 24)
}

// A zipCryptoReader decrypts a member with PKWARE's old cipher, which keeps nobody
// out who wants in; but offices use it.
type zipCryptoReader struct {
	r    io.Reader
	keys [3]uint32
}

func newZipCryptoReader(r io.Reader, check byte, password connectors.Secret) (io.Reader, error) {
	z := &zipCryptoReader{r: r, keys: [3]uint32{0x12345678, 0x23456789, 0x34567890}}
	for _, b := range []byte(password.Reveal()) {
		z.update(b)
	}
	var head [12]byte
	if _, err := io.ReadFull(z, head[:]); err != nil {
		return nil, err
	}
	if head[11] != check {
		return nil, errPassword
	}
	return z, nil
}

func (z *zipCryptoReader) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	for i, c := range p[:n] {
		t := z.keys[2] | 2
		p[i] = c ^ byte((t*(t^1))>>8)
		z.update(p[i])
	}
	return n, err
}

func (z *zipCryptoReader) update(b byte) {
	z.keys[0] = crc32.IEEETable[byte(z.keys[0])^b] ^ z.keys[0]>>8
	z.keys[1] = (z.keys[1]+z.keys[0]&0xff)*134775813 + 1
	z.keys[2] = crc32.IEEETable[byte(z.keys[2])^byte(z.keys[1]>>24)] ^ z.keys[2]>>8
}
