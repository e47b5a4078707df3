package unpack

import (
	"archive/zip"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/kp2mi/lindung/connectors"
)

// Zip opens the members of a ZIP archive, in the order of its directory. Folders
// and hidden members (what macOS adds) are passed over. An archive in which two
// members have one name, or one name leads out of it, is refused as a whole: it was
// made to be read in two ways.
//
// The archive is read back and forth, so it lies in the run's temporary folder
// meanwhile, under no name.
type Zip struct {
	Members     []string          `yaml:"members" doc:"patterns of the members to take; without a / they look at the last part of the name; default all"`
	Password    connectors.Secret `yaml:"password" doc:"for members that are encrypted: AES as WinZip and 7-Zip write it, or the old ZipCrypto"`
	MaxMembers  int               `yaml:"max_members" doc:"more members are an error; default 1000"`
	MaxUnpacked connectors.Size   `yaml:"max_unpacked" doc:"bytes that an object may unpack to; default 4GiB"`
	MaxRatio    int64             `yaml:"max_ratio" doc:"how many times its size an object may unpack to; default 250"`
}

// Check reports what is wrong with the settings.
func (s *Zip) Check() error {
	problems := checkLimits(s.MaxUnpacked, s.MaxRatio)
	if len(s.Members) == 0 {
		problems = append(problems, errors.New(`members: give at least one pattern, such as "*.csv"`))
	}
	for _, pattern := range s.Members {
		if err := connectors.CheckGlob(pattern); err != nil {
			problems = append(problems, fmt.Errorf("members: %w", err))
		}
	}
	if s.MaxMembers < 1 {
		problems = append(problems, errors.New("max_members: must be at least 1"))
	}
	return errors.Join(problems...)
}

// Open yields the members that the patterns take.
func (s *Zip) Open(ctx context.Context, p Packed) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		if err := s.open(ctx, p, func(part Part) bool { return yield(part, nil) }); err != nil {
			yield(Part{}, err)
		}
	}
}

func (s *Zip) open(ctx context.Context, p Packed, yield func(Part) bool) error {
	b := &budget{maxUnpacked: s.MaxUnpacked, maxRatio: s.MaxRatio}
	archive, size, err := spool(&packedReader{ctx, p.Body, b}, p.TempDir, s.MaxUnpacked)
	if archive != nil {
		defer discard(archive)
	}
	if err != nil {
		return err
	}
	members, err := s.list(archive, size)
	if err != nil {
		return err
	}
	// From here on only what is read of the members counts as packed.
	b.in = 0
	for _, m := range members {
		body, err := s.member(ctx, m, b)
		if err != nil {
			return fmt.Errorf("member %s: %w", m.name, err)
		}
		if !yield(Part{Name: m.name, Body: body}) {
			return nil
		}
	}
	return nil
}

// spool copies an archive to a file without a name: what ends this process also
// ends the file.
func spool(r io.Reader, dir string, limit connectors.Size) (*os.File, int64, error) {
	file, err := os.CreateTemp(dir, "archive-")
	if err != nil {
		return nil, 0, fmt.Errorf("making room for the archive in the temporary folder: %w", err)
	}
	// Where an open file keeps its name, discard removes it.
	_ = os.Remove(file.Name())
	size, err := io.Copy(file, io.LimitReader(r, int64(limit)+1))
	if err == nil && size > int64(limit) {
		err = fmt.Errorf("the archive alone is larger than max_unpacked (%s): ask for smaller files, or raise the limit", limit)
	}
	return file, size, err
}

func discard(file *os.File) {
	_ = file.Close()
	_ = os.Remove(file.Name())
}

// A zipMember is a member that is taken.
type zipMember struct {
	name string
	file *zip.File
}

// list reads the directory of an archive and finds the members that are taken.
func (s *Zip) list(archive *os.File, size int64) ([]zipMember, error) {
	bounded := &directoryReader{ReaderAt: archive, left: directoryBytes(s.MaxMembers)}
	z, err := zip.NewReader(bounded, size)
	switch {
	case errors.Is(err, errDirectory) || err == nil && len(z.File) > s.MaxMembers:
		return nil, fmt.Errorf("the archive has more than max_members (%d) members: raise the limit if that is right", s.MaxMembers)
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("it is no whole ZIP archive: ask for the file again, or correct unpack (%w)", io.ErrUnexpectedEOF)
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, fmt.Errorf("it is no whole ZIP archive: ask for the file again, or correct unpack: %w", err)
	}
	bounded.left = -1
	var taken []zipMember
	names, seen := []string{}, map[string]bool{}
	for _, f := range z.File {
		name, err := memberName(f)
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, fmt.Errorf("two members are called %s: which one is meant cannot be known; ask for an archive without doubles", name)
		}
		seen[name] = true
		if f.Mode().IsDir() || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
			continue
		}
		names = append(names, name)
		if !matches(s.Members, name) {
			continue
		}
		if !f.Mode().IsRegular() {
			return nil, fmt.Errorf("member %s is a link or a device, not a file: ask for an archive with the file itself", name)
		}
		taken = append(taken, zipMember{name, f})
	}
	if len(taken) == 0 {
		return nil, fmt.Errorf("no member fits %q (there are: %s): correct members", s.Members, someOf(names))
	}
	return taken, apart(taken, size)
}

func someOf(names []string) string {
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > 10:
		return strings.Join(names[:10], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

const (
	maxName = 512
	// insecureParts of Windows: a drive, a stream.
	insecureParts = ":"
)

// memberName is the name of a member with / between its parts. It goes into places
// and messages only, but one that leads out shows what the archive is for.
func memberName(f *zip.File) (string, error) {
	name := f.Name
	if !utf8.ValidString(name) {
		// Without a mark for UTF-8 names are in the code page of the first PCs.
		decoded, err := charmap.CodePage437.NewDecoder().String(name)
		if err != nil || !f.NonUTF8 {
			return "", errors.New("the name of a member is no text: ask for an archive with plain names")
		}
		name = decoded
	}
	name = strings.TrimSuffix(strings.ReplaceAll(name, `\`, "/"), "/")
	if len(name) > maxName || !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, insecureParts) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", fmt.Errorf("the name of a member (%.80q) is too long, leads out of the archive or holds control characters: ask its sender what it is", name)
	}
	return path.Clean(name), nil
}

// apart makes sure that members do not share bytes, by which a small archive could
// hold more than it has.
func apart(members []zipMember, size int64) error {
	type span struct{ from, to int64 }
	spans := make([]span, len(members))
	for i, m := range members {
		from, err := m.file.DataOffset()
		if err != nil {
			return fmt.Errorf("member %s: %w", m.name, wordZip(err))
		}
		length := m.file.CompressedSize64
		if length > uint64(size-from) {
			return fmt.Errorf("member %s: %w", m.name, wordZip(zip.ErrFormat))
		}
		spans[i] = span{from, from + int64(length)}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return errors.New("two members share the same bytes, as in an archive that was made to unpack without end: ask its sender what it is")
		}
	}
	return nil
}

// wordZip words what the library found.
func wordZip(err error) error {
	switch {
	case errors.Is(err, zip.ErrChecksum):
		return errors.New("its checksum does not fit: ask for the file again")
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("it is damaged or cut short: ask for the file again (%w)", io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("it cannot be unpacked: ask for the file again: %w", err)
}

// errDirectory says that the directory of an archive does not end.
var errDirectory = errors.New("the directory of the archive is too long")

// directoryBytes is what the directory of an archive may take: the library holds
// all of it in memory.
func directoryBytes(members int) int64 { return 256<<10 + int64(members)*2*maxName }

// A directoryReader bounds what is read of an archive to find its members.
type directoryReader struct {
	io.ReaderAt
	left int64 // negative: without bounds
}

// ReadAt reads on within the bounds.
func (d *directoryReader) ReadAt(p []byte, at int64) (int, error) {
	if d.left >= 0 {
		if d.left < int64(len(p)) {
			return 0, errDirectory
		}
		d.left -= int64(len(p))
	}
	return d.ReaderAt.ReadAt(p, at)
}
