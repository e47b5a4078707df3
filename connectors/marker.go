package connectors

import (
	"errors"
	"log/slog"
	"path"
	"strings"
)

// This file is about markers: small files whose being there says that another one
// is whole.

// splitMarker takes a marker's template apart at its placeholder.
func splitMarker(template string) (before, placeholder, after string) {
	for _, known := range []string{"{name}", "{stem}"} {
		if before, after, ok := strings.Cut(template, known); ok {
			return before, known, after
		}
	}
	return template, "", ""
}

func (r fileRules) checkMarker() error {
	before, placeholder, after := splitMarker(r.marker)
	if r.marker != "" && (before+after == "" || strings.ContainsAny(before+after, "{}/\\*") || placeholder == "" && strings.HasPrefix(r.marker, ".")) {
		return errors.New("marker: write how a marker is called after its file, such as {name}.ok or {stem}.done, or the one name of a folder's marker, such as _SUCCESS")
	}
	return nil
}

// markerOf is the name of a file's marker.
func (r fileRules) markerOf(name string) string {
	before, placeholder, after := splitMarker(r.marker)
	folder, file := path.Split(name)
	switch placeholder {
	case "{name}":
		return folder + before + file + after
	case "{stem}":
		return folder + before + strings.TrimSuffix(file, path.Ext(file)) + after
	}
	return folder + before
}

// isMarker reports whether a file of this name marks another one, whether that is
// there or not.
func (r fileRules) isMarker(name string) bool {
	before, placeholder, after := splitMarker(r.marker)
	file := path.Base(name)
	if placeholder == "" {
		return r.marker != "" && file == r.marker
	}
	return len(file) > len(before)+len(after) && strings.HasPrefix(file, before) && strings.HasSuffix(file, after)
}

// partMarkers takes the markers out of a listing.
func (r fileRules) partMarkers(found map[string]fileMark) map[string]fileMark {
	if r.marker == "" {
		return nil
	}
	marks := map[string]fileMark{}
	for name, mark := range found {
		if r.isMarker(name) {
			marks[name] = mark
			delete(found, name)
		}
	}
	return marks
}

// marked reports whether a file's marker says that it is whole. A marker that is
// older than its file was made for the file that lay there before.
func (r fileRules) marked(name string, file fileMark, marks map[string]fileMark) bool {
	if r.marker == "" {
		return true
	}
	mark, ok := marks[r.markerOf(name)]
	if ok && !mark.Mtime.Before(file.Mtime) {
		return true
	}
	r.log.Info("file left for a later pull: its marker is not there, or is older than the file",
		slog.String("file", r.place(name)), slog.String("marker", r.place(r.markerOf(name))))
	return false
}

// ownMarker is the marker of one file alone, which goes where the file goes.
func (p *filePlan) ownMarker(name string) (marker string, ok bool) {
	if _, placeholder, _ := splitMarker(p.rules.marker); placeholder == "" {
		return "", false
	}
	marker = p.rules.markerOf(name)
	_, ok = p.marks[marker]
	return marker, ok
}
