package connectors

import (
	"context"
	"errors"
	"io"
	"time"
)

// A resumedBody reads a file that lies on another machine, and goes on where it
// was when the connection breaks. Whoever opens the file anew makes sure that it
// is still the one that was listed.
type resumedBody struct {
	ctx    context.Context
	end    func()
	rules  fileRules
	env    Env
	retry  Retry
	now    time.Time
	name   string
	listed fileMark
	// open gives the bytes from an offset on. An error that may pass is a
	// temporaryError.
	open func(ctx context.Context, offset int64) (io.ReadCloser, error)
	// passed sees every byte once, in order; nil for no interest in them.
	passed func([]byte)
	// finish is asked at the end whether what was read is what is there.
	finish func(ctx context.Context) error

	current io.ReadCloser
	offset  int64
	ended   error
}

// start bounds the whole transfer and opens the file, so that a file that cannot
// be had is an error before its object is given out.
func (b *resumedBody) start(ctx context.Context, totalTimeout time.Duration) error {
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithTimeoutCause(ctx, totalTimeout, errTooLong)
	b.end = cancel
	err := b.retry.do(b.ctx, b.env, b.now, b.rules.place(b.name), func() (err error) {
		b.current, err = b.open(b.ctx, 0)
		return err
	})
	if err != nil {
		if b.current != nil {
			_ = b.current.Close()
		}
		cancel()
		return b.rules.unavailable("opening", b.name, err)
	}
	return nil
}

func (b *resumedBody) Read(p []byte) (n int, err error) {
	if b.ended != nil || len(p) == 0 {
		return 0, b.ended
	}
	err = b.retry.do(b.ctx, b.env, b.now, b.rules.place(b.name), func() (err error) {
		n, err = b.some(p)
		return err
	})
	if err == io.EOF {
		if err = b.finish(b.ctx); err == nil {
			err = io.EOF
		}
	}
	if err != nil && err != io.EOF {
		n, err = 0, b.rules.unavailable("reading", b.name, err)
	}
	b.ended = err
	return n, err
}

// some reads once. After a break it opens the file again first.
func (b *resumedBody) some(p []byte) (n int, err error) {
	if b.current == nil {
		if b.current, err = b.open(b.ctx, b.offset); err != nil {
			return 0, err
		}
	}
	n, err = b.current.Read(p)
	if b.offset += int64(n); b.offset > b.listed.Size {
		return 0, errChanged
	}
	if b.passed != nil {
		b.passed(p[:n])
	}
	switch {
	case n > 0:
		// Whatever came with these bytes comes again when there are none.
		return n, nil
	case err == io.EOF && b.offset < b.listed.Size:
		return 0, errChanged
	case err != nil && err != io.EOF:
		_ = b.current.Close()
		b.current = nil
	}
	return n, err
}

func (b *resumedBody) Close() (err error) {
	if b.current != nil {
		err = b.current.Close()
		b.current = nil
	}
	if b.ended == nil {
		b.ended = errors.New("reading a file that was closed")
	}
	b.end()
	return err
}
