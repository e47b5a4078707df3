package unpack

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/klauspost/compress/zstd"

	"github.com/kp2mi/lindung/connectors"
)

// Gzip opens a gzip stream, also one of several members written one after another,
// which are one file.
type Gzip struct {
	MaxUnpacked connectors.Size `yaml:"max_unpacked" doc:"bytes that an object may unpack to; default 4GiB"`
	MaxRatio    int64           `yaml:"max_ratio" doc:"how many times its size an object may unpack to; default 250"`
}

// Check reports what is wrong with the settings.
func (s *Gzip) Check() error { return errors.Join(checkLimits(s.MaxUnpacked, s.MaxRatio)...) }

// Open yields the one file.
func (s *Gzip) Open(ctx context.Context, p Packed) iter.Seq2[Part, error] {
	b := &budget{maxUnpacked: s.MaxUnpacked, maxRatio: s.MaxRatio}
	return one(func() (io.Reader, error) {
		r, err := gzip.NewReader(bufio.NewReader(&packedReader{ctx, p.Body, b}))
		if err != nil {
			return nil, b.damaged("gzip stream", err)
		}
		return &unpackedReader{r, b, func(err error) error { return b.damaged("gzip stream", err) }}, nil
	})
}

// Zstd opens a Zstandard stream.
type Zstd struct {
	MaxUnpacked connectors.Size `yaml:"max_unpacked" doc:"bytes that an object may unpack to; default 4GiB"`
	MaxRatio    int64           `yaml:"max_ratio" doc:"how many times its size an object may unpack to; default 250"`
}

// maxWindow is how far back a Zstandard stream may refer, all of which is held in
// memory: what zstd --ultra -22 writes.
const maxWindow = 128 << 20

// Check reports what is wrong with the settings.
func (s *Zstd) Check() error { return errors.Join(checkLimits(s.MaxUnpacked, s.MaxRatio)...) }

// Open yields the one file.
func (s *Zstd) Open(ctx context.Context, p Packed) iter.Seq2[Part, error] {
	b := &budget{maxUnpacked: s.MaxUnpacked, maxRatio: s.MaxRatio}
	return func(yield func(Part, error) bool) {
		r, err := zstd.NewReader(&packedReader{ctx, p.Body, b}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			yield(Part{}, b.damaged("Zstandard stream", err))
			return
		}
		defer r.Close()
		yield(Part{Body: &wholeFrame{unpackedReader{r, b, func(err error) error {
			if errors.Is(err, zstd.ErrWindowSizeExceeded) {
				return errors.New("it was packed with zstd --long beyond 128 MiB: have it packed without --long")
			}
			return b.damaged("Zstandard stream", err)
		}}}}, nil)
	}
}

// wholeFrame makes an object without a single frame an error: the library reads
// nothing at all as a stream of nothing.
type wholeFrame struct{ unpackedReader }

func (w *wholeFrame) Read(b []byte) (int, error) {
	n, err := w.unpackedReader.Read(b)
	if err == io.EOF && w.budget.in == 0 {
		err = w.budget.damaged("Zstandard stream", io.ErrUnexpectedEOF)
	}
	return n, err
}

// Age opens a file that was encrypted with age (age-encryption.org), also in its
// armoured form.
type Age struct {
	Identity    connectors.Secret `yaml:"identity" doc:"the private key (AGE-SECRET-KEY-1…), as age-keygen writes it; name its file as ${file:PATH}"`
	Passphrase  connectors.Secret `yaml:"passphrase" doc:"for files that were encrypted with a passphrase instead of a key"`
	MaxUnpacked connectors.Size   `yaml:"max_unpacked" doc:"bytes that an object may hold; default 4GiB"`
}

// Check reports what is wrong with the settings. The key itself is looked at when
// a file is opened.
func (s *Age) Check() error {
	var problems []error
	if (s.Identity == "") == (s.Passphrase == "") {
		problems = append(problems, errors.New("identity, passphrase: give one of them (is the variable set?)"))
	}
	return errors.Join(append(problems, checkLimits(s.MaxUnpacked, 1)...)...)
}

// Open yields the one file.
func (s *Age) Open(ctx context.Context, p Packed) iter.Seq2[Part, error] {
	b := &budget{maxUnpacked: s.MaxUnpacked}
	return one(func() (io.Reader, error) {
		identities, err := s.identities()
		if err != nil {
			return nil, err
		}
		sealed := bufio.NewReader(&packedReader{ctx, p.Body, b})
		text := io.Reader(sealed)
		if head, _ := sealed.Peek(len(armor.Header)); string(head) == armor.Header {
			text = armor.NewReader(sealed)
		}
		r, err := age.Decrypt(text, identities...)
		if noMatch := (*age.NoIdentityMatchError)(nil); errors.As(err, &noMatch) {
			return nil, errors.New("it is encrypted for another key: have it encrypted for the public key that belongs to identity, or correct identity or passphrase")
		} else if err != nil {
			return nil, b.damaged("age file", plainCause(err))
		}
		return &unpackedReader{r, b, func(err error) error { return b.damaged("age file", plainCause(err)) }}, nil
	})
}

// plainCause tells a file that ends too early from one that was changed, which is
// all that the library's words say to somebody who only wants to read it.
func plainCause(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF
	}
	return errors.New("its seals do not fit its bytes")
}

// maxScrypt bounds how much memory (256 MiB) and time a file may demand for the
// passphrase; it is what age itself writes.
const maxScrypt = 18

// identities reads the key. The library's errors are not passed on: they may quote
// what they could not read.
func (s *Age) identities() ([]age.Identity, error) {
	if s.Passphrase != "" {
		identity, err := age.NewScryptIdentity(s.Passphrase.Reveal())
		if err != nil {
			return nil, errors.New("passphrase: it cannot be one")
		}
		identity.SetMaxWorkFactor(maxScrypt)
		return []age.Identity{identity}, nil
	}
	identities, err := age.ParseIdentities(strings.NewReader(s.Identity.Reveal()))
	if err != nil {
		return nil, errors.New("identity: it is no private key of age (AGE-SECRET-KEY-1…): name its file as ${file:PATH}")
	}
	return identities, nil
}

// one yields the only part of a stream.
func one(open func() (io.Reader, error)) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		r, err := open()
		yield(Part{Body: r}, err)
	}
}
