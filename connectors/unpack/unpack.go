// Package unpack opens what an object was packed into: compression, archives,
// encryption, and those in one another.
//
// The landing keeps an object as it was served, so opening it belongs between the
// landing and the formats: [Around] puts layers around a format, and whatever
// decodes an object (a run, a replay, a look into quarantine) opens it in the same
// way. This package owns passwords, the names inside archives and the limits on
// what an object may unpack to. It must not know what the bytes inside mean.
//
// A name inside an archive is a name and never a path: nothing is written under
// it. What is packed is not to be trusted, so limits count the bytes that really
// come out, whatever the archive says of itself.
package unpack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/connectors/formats"
)

// Settings are the settings of one layer, as a format rule's YAML writes them
// under `unpack` (`yaml` tags; `doc` tags describe them).
type Settings interface {
	// Check reports what is wrong with the settings, without an object and without
	// looking into secrets, which may be missing when a project is only looked at.
	Check() error
	// Open yields what lies in a packed object, in a stable order. A part's body is
	// read before the next part is asked for. At most one error comes, last.
	Open(ctx context.Context, p Packed) iter.Seq2[Part, error]
}

// A Packed is what a layer opens.
type Packed struct {
	Body io.Reader
	// TempDir is where an archive that must be read back and forth may lie
	// meanwhile; nobody else may read there.
	TempDir string
}

// A Part is one thing that was packed: its name in there, "" where there is only
// one, and its bytes.
type Part struct {
	Name string
	Body io.Reader
}

// A Kind is one kind of layer: what a format rule names in `unpack[].kind`.
type Kind struct {
	Name    string
	Summary string
	// New returns settings with the defaults filled in; YAML is decoded over them.
	New func() Settings
}

// Kinds lists all kinds by name.
func Kinds() []Kind {
	return []Kind{
		{"age", "a file encrypted with age", func() Settings { return &Age{MaxUnpacked: defaultUnpacked} }},
		{"gzip", "a gzip stream", func() Settings { return &Gzip{MaxUnpacked: defaultUnpacked, MaxRatio: defaultRatio} }},
		{"zip", "the members of a ZIP archive, also with a password", func() Settings {
			return &Zip{Members: []string{"**"}, MaxMembers: 1000, MaxUnpacked: defaultUnpacked, MaxRatio: defaultRatio}
		}},
		{"zstd", "a Zstandard stream", func() Settings { return &Zstd{MaxUnpacked: defaultUnpacked, MaxRatio: defaultRatio} }},
	}
}

// Lookup finds a kind by name.
func Lookup(name string) (Kind, bool) {
	kinds := Kinds()
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}

// Around returns a format that first opens the layers, the outermost first, and
// then decodes every part. The records of all parts are numbered through, and the
// place of each names the member that it stands in.
func Around(format formats.Settings, layers []Settings, tempDir string) formats.Settings {
	if len(layers) == 0 {
		return format
	}
	return &packedFormat{format: format, layers: layers, tempDir: tempDir}
}

type packedFormat struct {
	format  formats.Settings
	layers  []Settings
	tempDir string
}

// Check reports what is wrong with the layers and the format.
func (p *packedFormat) Check() error {
	var problems []error
	for i, layer := range p.layers {
		if err := layer.Check(); err != nil {
			problems = append(problems, fmt.Errorf("unpack, layer %d: %w", i+1, err))
		}
	}
	if format, ok := p.format.(interface{ Check() error }); ok {
		problems = append(problems, format.Check())
	}
	return errors.Join(problems...)
}

// Decode yields the records of one packed object.
func (p *packedFormat) Decode(ctx context.Context, name string, r io.Reader) iter.Seq2[*formats.Batch, error] {
	return func(yield func(*formats.Batch, error) bool) {
		d := opening{ctx: ctx, p: p, name: name, yield: func(b *formats.Batch) bool { return yield(b, nil) }}
		if err := d.open(p.layers, "", r); err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// errStopped says that the caller wants no more batches.
var errStopped = errors.New("stopped")

// An opening is one object on its way through the layers.
type opening struct {
	ctx   context.Context
	p     *packedFormat
	name  string
	rows  int64 // records so far, over all members
	yield func(*formats.Batch) bool
}

// open opens the layers that are left; member names what r holds, within the object.
func (d *opening) open(layers []Settings, member string, r io.Reader) error {
	if len(layers) == 0 {
		return d.decode(member, r)
	}
	if err := layers[0].Check(); err != nil {
		return fmt.Errorf("unpacking %s: %w", within(member, d.name), err)
	}
	for part, err := range layers[0].Open(d.ctx, Packed{Body: r, TempDir: d.p.tempDir}) {
		if err != nil {
			return fmt.Errorf("unpacking %s: %w", within(member, d.name), err)
		}
		if err := d.open(layers[1:], within(part.Name, member), part.Body); err != nil {
			return err
		}
		// A checksum stands at the end, and a decoder may know before it that there
		// are no more records.
		if _, err := io.Copy(io.Discard, part.Body); err != nil {
			return fmt.Errorf("unpacking %s: %w", within(within(part.Name, member), d.name), err)
		}
	}
	return nil
}

func (d *opening) decode(member string, r io.Reader) error {
	from := d.rows
	for b, err := range d.p.format.Decode(d.ctx, within(member, d.name), r) {
		if err != nil {
			return err
		}
		d.rows += int64(b.Len())
		if !d.yield(b.Within(member, from)) {
			return errStopped
		}
	}
	return nil
}

// within says where a member lies, in words that a person can follow.
func within(member, whole string) string {
	switch {
	case member == "":
		return whole
	case whole == "":
		return member
	}
	return member + " in " + whole
}

// The limits of a layer unless its settings say otherwise.
const (
	defaultUnpacked = 4 * connectors.GiB
	defaultRatio    = 250
	// A small file of one letter shrinks more than any data, and harms nobody.
	freeOfRatio = 16 * connectors.MiB
)

func checkLimits(maxUnpacked connectors.Size, maxRatio int64) (problems []error) {
	if maxUnpacked <= 0 {
		problems = append(problems, errors.New("max_unpacked: must be more than 0"))
	}
	if maxRatio < 1 {
		problems = append(problems, errors.New("max_ratio: must be at least 1"))
	}
	return problems
}

// A budget counts what really goes into a layer and comes out of it.
type budget struct {
	maxUnpacked connectors.Size
	maxRatio    int64 // 0: there is nothing that could expand
	in, out     connectors.Size
	failed      error // why the packed bytes could not be read
}

func (b *budget) unpacked(n int) error {
	b.out += connectors.Size(n)
	if b.out > b.maxUnpacked {
		return fmt.Errorf("it unpacks to more than max_unpacked (%s): ask for smaller files, or raise the limit", b.maxUnpacked)
	}
	if b.maxRatio > 0 && b.out > freeOfRatio && int64(b.out) > int64(max(b.in, 1))*b.maxRatio {
		return fmt.Errorf("it unpacks to more than %d times its size, which no data do: ask its sender what it is, or raise max_ratio", b.maxRatio)
	}
	return nil
}

// packedReader counts what goes in.
type packedReader struct {
	ctx    context.Context
	r      io.Reader
	budget *budget
}

func (p *packedReader) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.r.Read(b)
	p.budget.in += connectors.Size(n)
	if err != nil && err != io.EOF {
		p.budget.failed = err
	}
	return n, err
}

// damaged words bytes that are not what they should be. What could not be read at
// all keeps its own words.
func (b *budget) damaged(what string, err error) error {
	switch {
	case b.failed != nil:
		return b.failed
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the %s is cut short: ask for the whole file (%w)", what, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("it is no whole %s: ask for the file again, or correct unpack: %w", what, err)
}

// unpackedReader counts what comes out and words what went wrong.
type unpackedReader struct {
	r      io.Reader
	budget *budget
	word   func(error) error
}

func (u *unpackedReader) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	if over := u.budget.unpacked(n); over != nil {
		return 0, over
	}
	if err != nil && err != io.EOF {
		err = u.word(err)
	}
	return n, err
}

// matches reports whether a member's name fits one of the patterns. Capitals do not
// matter, and a pattern without / looks at the last part of the name only, as in
// `match` of a format rule.
func matches(patterns []string, name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(strings.ToLower(p), name) })
}

func fits(pattern, name string) bool {
	if !strings.Contains(pattern, "/") {
		name = path.Base(name)
	}
	return connectors.MatchGlob(pattern, name)
}
