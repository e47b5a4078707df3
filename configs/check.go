package configs

import (
	"fmt"
	"maps"
	"slices"
)

// fault reports a mistake at a key of a struct that was decoded from a file.
func (l *loader) fault(file string, of any, key, format string, args ...any) {
	e := Error{File: file, Message: fmt.Sprintf(format, args...)}
	if n := l.nodes[of]; n != nil {
		at := n.keyPlace(key)
		e.Line, e.Column = at.line, at.column
	}
	l.errs = append(l.errs, e)
}

// finish checks what the declaration of a feed cannot say: how its keys go together. Keys that
// are wrong in themselves are reported already and pass here.
func (l *loader) finish(f *Feed) {
	f.node = l.nodes[f]
	file := f.Source.File
	fault := func(key, format string, args ...any) { l.fault(file, f, key, format, args...) }
	if f.Periods.From != "" && f.Periods.To != "" && f.Periods.From > f.Periods.To {
		l.fault(file, &f.Periods, "from", "the period begins in %s, after it ends in %s; swap them", f.Periods.From, f.Periods.To)
	}
	switch {
	case f.Deletes == "absent_from_snapshot" && f.Delivery != "snapshot" && f.Delivery != "":
		fault("deletes", `"deletes: absent_from_snapshot" needs "delivery: snapshot", not %q: only a whole delivery shows what is gone`, f.Delivery)
	case f.Deletes == "key_sweep" && f.Delivery == "snapshot":
		fault("deletes", `"deletes: key_sweep" goes with changes or append; a snapshot shows what is gone: write absent_from_snapshot`)
	}
	if f.Part != "" && f.Role == "crosscheck" {
		fault("part", `"part" does not go with "role: crosscheck", which is compared with the whole dataset; take it out`)
	}
	switch whole := f.Delivery == "snapshot" || f.Deletes == "key_sweep"; {
	case whole && f.Shrink != nil:
		f.ShrinkLimit = *f.Shrink
	case whole:
		f.ShrinkLimit = defaultShrinkLimit
	case f.Shrink != nil && f.Delivery != "":
		fault("shrink_limit", `"shrink_limit" needs "delivery: snapshot", not %q, or "deletes: key_sweep"; take it out`, f.Delivery)
	}
	if f.Volume.Max > 0 && f.Volume.Min > f.Volume.Max {
		l.fault(file, &f.Volume, "min", "\"min\" is %d, above \"max\": %d; swap them", f.Volume.Min, f.Volume.Max)
	}
	if f.Expected.By == "" && f.Expected.LateAfter > 0 {
		l.fault(file, &f.Expected, "late_after", "\"late_after\" needs \"by\": it says later than what")
	}
	for i, r := range f.Formats {
		if r.Match == "" && i+1 < len(f.Formats) {
			l.errs = append(l.errs, Error{File: file, Line: f.Formats[i+1].Line, Column: f.Formats[i+1].column(),
				Message: fmt.Sprintf("format rule %d is never reached, because rule %d has no match and takes everything; move it up", i+2, i+1)})
			break
		}
	}
	l.checkCodes(f)
	l.checkDataset(f)
	l.checkSections(f)
}

func (s Section) column() int {
	if s.node == nil {
		return 0
	}
	return s.node.at.column
}

// checkCodes finds two spellings of one code that lead to different codes of ours.
func (l *loader) checkCodes(f *Feed) {
	n := l.nodes[f]
	for _, fieldName := range slices.Sorted(maps.Keys(f.Codes)) {
		codes := n.get("codes").get(fieldName)
		seen := map[string]string{}
		for _, e := range codes.entries {
			if first, ok := seen[fold(e.key)]; ok {
				l.errs = append(l.errs, Error{File: f.Source.File, Line: e.at.line, Column: e.at.column,
					Message: fmt.Sprintf("code %q of %q is the same as %q, because capitals do not matter; keep one", e.key, fieldName, first)})
				continue
			}
			seen[fold(e.key)] = e.key
		}
	}
}

// checkDataset holds the names in a feed to what the dataset offers.
func (l *loader) checkDataset(f *Feed) {
	if l.opt.Datasets == nil || f.Dataset == "" {
		return
	}
	file := f.Source.File
	fields, known := l.opt.Datasets[f.Dataset]
	if !known {
		names := slices.Sorted(maps.Keys(l.opt.Datasets))
		l.fault(file, f, "dataset", "dataset %q is not known%s", f.Dataset, meant("datasets", f.Dataset, names))
		return
	}
	n := l.nodes[f]
	check := func(name string, at place) {
		if !slices.Contains(fields, name) {
			l.errs = append(l.errs, Error{File: file, Line: at.line, Column: at.column,
				Message: fmt.Sprintf("%q is not a field of dataset %s%s", name, f.Dataset, meant("fields", name, fields))})
		}
	}
	for _, key := range []string{"fields", "codes"} {
		if m := n.get(key); m != nil {
			for _, e := range m.entries {
				check(e.key, e.at)
			}
		}
	}
	if m := n.get("key"); m != nil {
		for _, item := range m.items {
			if item.shape == text {
				check(item.text, item.at)
			}
		}
	}
}

// checkSections holds the connector, the formats and what they unpack to their kinds' declarations.
func (l *loader) checkSections(f *Feed) {
	l.checkSection("connector", f.Connector, l.opt.Connectors, f)
	for _, r := range f.Formats {
		l.checkSection("format", r.Section, l.opt.Formats, f)
		for _, layer := range r.Unpack {
			l.checkSection("layer", layer, l.opt.Unpack, f)
		}
	}
}

func (l *loader) checkSection(what string, s Section, kinds Kinds, f *Feed) {
	if kinds == nil || s.Kind == "" {
		return
	}
	fresh, known := kinds[s.Kind]
	if !known {
		l.errs = append(l.errs, AsErrors(s.Errorf("%s %q is not known%s", what, s.Kind, meant("kinds", s.Kind, slices.Sorted(maps.Keys(kinds)))), f.Source.File, s.Line)...)
		return
	}
	l.errs = append(l.errs, AsErrors(s.Check(fresh()), f.Source.File, s.Line)...)
}

// checkProject finds the mistakes that only show when the files are seen together.
func (l *loader) checkProject(p *Project) {
	sources := map[string]*Source{}
	feeds := map[string]*Feed{}
	var first *Source // the first that is not reference data
	var counting []*Feed
	for _, s := range slices.Clone(p.Sources) {
		if other, taken := sources[s.Name]; taken && s.Name != "" {
			l.fault(s.File, s, "source", "source %q is declared in %s too; give each source one file and one name", s.Name, other.File)
		} else {
			sources[s.Name] = s
		}
		switch {
		case s.Origin == "" || s.Origin == OriginReference:
		case first == nil:
			first = s
		case s.Origin != first.Origin:
			l.fault(s.File, s, "origin", "source %q has %s data and source %q (%s) has %s data; they never share a project: move one of them to a project of its own",
				s.Name, s.Origin, first.Name, first.File, first.Origin)
		}
		for _, f := range s.Feeds {
			if other, taken := feeds[f.Name]; taken {
				l.errs = append(l.errs, Error{File: s.File, Line: f.Line, Column: l.feedColumn(s, f),
					Message: fmt.Sprintf("feed %q is declared in %s:%d too; feed names are unique in a project: rename one", f.Name, other.Source.File, other.Line)})
				continue
			}
			feeds[f.Name] = f
			if f.Role == "authoritative" && f.Dataset != "" {
				l.checkOverlap(f, counting)
				counting = append(counting, f)
			}
		}
	}
}

// checkClock keeps the fixed clock of the sample world away from real data: there it would date
// deliveries wrongly for ever.
func (l *loader) checkClock(p *Project, file *projectFile) {
	origin := p.Origin()
	if p.Clock.IsZero() || origin == OriginSample || (origin == OriginReference && len(l.errs) > 0) {
		return // with other mistakes about, the sample source may only be the one that could not be read
	}
	l.fault(ProjectFile, &file.Project, "clock", "\"clock\" stands still and works only in a project with sample data; this one has %s data: take it out", origin)
}

func (l *loader) feedColumn(s *Source, f *Feed) int {
	if n := l.nodes[s]; n != nil && n.get("feeds") != nil {
		return n.get("feeds").keyPlace(f.Name).column
	}
	return 0
}

// checkOverlap refuses two feeds that are both the truth about the same months: every row would
// count twice. Feeds that each name another part of the dataset do not overlap.
func (l *loader) checkOverlap(f *Feed, others []*Feed) {
	for _, o := range others {
		months, same := f.SameRows(o)
		if !same {
			continue
		}
		key := "role"
		if n := l.nodes[f]; n != nil && n.get("periods") != nil {
			key = "periods"
		}
		l.fault(f.Source.File, f, key, "feeds %q and %q (%s:%d) are both authoritative for dataset %s (%s); part their periods, make one alternative or crosscheck, or name in both the part of the dataset that each alone holds",
			f.Name, o.Name, o.Source.File, o.Line, f.Dataset, months)
	}
}
