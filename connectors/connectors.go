// Package connectors speaks the protocols of other people's systems and yields
// objects: the exact bytes that a source served, with a name, a media type and
// the position to go on from.
//
// It owns everything between a source and its bytes: authentication, paging,
// rate limits, retries, deadlines, size caps. It must not know datasets, what a
// record means, or where objects are kept. A connector keeps no state between
// pulls (the position that it needs comes in with the request and leaves with
// the objects; a note of work under way likewise) and starts no goroutine.
//
// Beside them lie the two stores that copies of releases are put into, [FolderStore]
// and [S3Store], which speak the same protocols in the other direction and know no
// more of what they carry.
//
// Each kind of connector is one settings type whose YAML is the `connector:`
// block of a feed; see [Kind] and the files named after the kinds.
package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"time"
)

// A Role says what an object is for.
type Role int

const (
	// Data objects hold records.
	Data Role = iota
	// Keys objects hold only the keys that the source has at present; what is
	// missing from them was deleted there.
	Keys
)

// String names the role for logs.
func (r Role) String() string {
	if r == Keys {
		return "keys"
	}
	return "data"
}

// An Object is one piece of a source as it was served: a file, a page.
type Object struct {
	// Name says what the object is, in the source's words; it is unique within
	// a pull and the same when the same thing is pulled again:
	// "2024-01-15/bp3mi_jatim_2023.csv", "placements/page-000003.json".
	Name string
	// MediaType is what the source said, or what the name suggests.
	MediaType string
	// ModifiedAt is zero when the source does not say.
	ModifiedAt time.Time
	// Role tells data from key listings.
	Role Role
	// Meta holds what else is worth keeping (etag, address); never a secret.
	Meta map[string]string
	// Position is where the next pull goes on once this object and all before
	// it are committed; nil leaves the position unchanged.
	Position json.RawMessage
	// Body is read once, and before the next object is asked for. It is closed
	// by whoever reads it.
	Body io.ReadCloser
}

// A Window is the half-open interval [From, To) of a backfill; the zero window
// means "no limits".
type Window struct{ From, To time.Time }

// IsZero reports whether the window sets no limits.
func (w Window) IsZero() bool { return w.From.IsZero() && w.To.IsZero() }

// A Request says what to pull.
type Request struct {
	// Position is the one committed last, nil at first.
	Position json.RawMessage
	// Window is set by a backfill. Then Position is neither used nor moved: a
	// backfill looks back, it does not skip what is new. A source that cannot
	// limit by time yields everything.
	Window Window
	// Lookback is how far before Position to ask again, for rows that were
	// committed late; a source without instants to ask by ignores it.
	Lookback time.Duration
	// Now is the time of the pull.
	Now time.Time
	// Sweep asks for Keys objects too, from sources that have them.
	Sweep bool
	// Whole says that what does not come is taken for deleted: either everything that the
	// source has comes, changed or not, or, when nothing changed, nothing. A connector
	// whose settings are no [Whole] is not asked.
	Whole bool
	// Note is nil where nothing is kept from pull to pull, such as a mere look.
	Note *Note
}

// A Note is kept for a connector from a pull that ends before it is done (a crash, a source
// that goes away) to the next pull of the same feed, so that it can take up what the source
// is already preparing. It is a hint: one that is lost costs work and never data.
type Note struct {
	// Left is what the pull before left; nil when it was done, or left nothing.
	Left json.RawMessage
	// Leave keeps a note, in place of the one before.
	Leave func(json.RawMessage) error
}

// A Connector reads one source. Pull yields what is new, in a stable order, and
// at most one error, last: a pull with an error is discarded whole. Reading the
// same source at the same position twice yields the same objects.
type Connector interface {
	Pull(ctx context.Context, req Request) iter.Seq2[*Object, error]
}

// A Tester is a Connector that can prove its connection and its right to read without
// reading. Of others, the first object's first bytes are the proof.
type Tester interface {
	Test(ctx context.Context) error
}

// A Whole is Settings whose connector can do what Request.Whole asks for. Whole says what in
// the settings stands against it: then, and of a kind that is none, a pull brings what
// changed, and what is absent from it means nothing.
type Whole interface {
	Whole() error
}

// Env is all that a connector may take from outside its own settings.
type Env struct {
	// HTTP carries requests; nil stands for the connector's own transport.
	HTTP http.RoundTripper
	// Dir is the project folder; local paths are relative to it.
	Dir string
	// Log receives retries and files left out; nil means silence.
	Log *slog.Logger
	// Retried is told of every attempt that is made again; nil for no interest.
	Retried func()
	// Sleep waits; nil stands for a real timer. With one injected, waiting
	// times carry no jitter, so that a test can name them.
	Sleep func(context.Context, time.Duration) error
}

// Settings are the settings of one kind of connector, as a feed's YAML writes
// them (`yaml` tags; `doc` tags describe them). Connect checks all of them and
// touches neither network nor disk.
type Settings interface {
	Connect(Env) (Connector, error)
}

// ErrUnavailable is wrapped by every error that means: the source could not be
// reached, or refused us. Trying later, or talking to the source's owner, may
// help; changing our code will not.
var ErrUnavailable = errors.New("source unavailable")

// logger returns the log to write to, never nil.
func (e Env) logger() *slog.Logger {
	if e.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return e.Log
}

// again waits before another attempt at what failed for a passing reason, and lets it be
// known. what says what is tried, in words that hold no secret.
func (e Env) again(ctx context.Context, what string, problem error, attempt int, wait time.Duration) error {
	e.logger().Warn("source answers badly, trying again", slog.String("what", what),
		slog.String("problem", problem.Error()), slog.Int("attempt", attempt), slog.Duration("wait", wait))
	if err := e.sleep(ctx, wait); err != nil {
		return err
	}
	if e.Retried != nil {
		e.Retried()
	}
	return nil
}

// sleep waits for d or until ctx ends.
func (e Env) sleep(ctx context.Context, d time.Duration) error {
	if e.Sleep != nil {
		return e.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
