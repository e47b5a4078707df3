package transforms

import (
	"strings"
)

// regions knows provinces and regencies in both official code systems. The systems agree up to
// 82 and collide in Papua, where 94 is Papua for BPS and Papua Tengah for Kemendagri: a code
// means nothing without its system.
type regions struct {
	province map[string]map[string]*entry // system -> code -> province
	regency  map[string]map[string]*entry // system -> code -> regency
	byName   map[string][]*entry          // folded regency name, with and without its kind
	names    *list                        // provinces by name and alias
}

const (
	kemendagri = "kemendagri"
	bps        = "bps"
)

func otherSystem(system string) string {
	if system == bps {
		return kemendagri
	}
	return bps
}

func (r *regions) addProvinces(l *list, rows []map[string]string) {
	r.names = l
	r.province = map[string]map[string]*entry{kemendagri: {}, bps: {}}
	for i, row := range rows {
		e := &l.entries[i]
		r.province[kemendagri][row["kemendagri"]] = e
		if row["bps"] != "" {
			r.province[bps][row["bps"]] = e
		}
	}
}

func (r *regions) addRegencies(l *list, rows []map[string]string) {
	r.regency = map[string]map[string]*entry{kemendagri: {}, bps: {}}
	r.byName = make(map[string][]*entry, 3*len(rows))
	for i, row := range rows {
		e := &l.entries[i]
		r.regency[kemendagri][row["kemendagri"]] = e
		if row["bps"] != "" {
			r.regency[bps][row["bps"]] = e
		}
		kind, bare := regencyKind(e.name)
		r.byName[kind+fold(bare)] = append(r.byName[kind+fold(bare)], e)
		r.byName[fold(bare)] = append(r.byName[fold(bare)], e)
	}
}

// vintages lists the province codes that an identity number may begin with: those of today in
// both systems, and East Timor's, which is on numbers given before 1999.
func (r *regions) vintages() map[string]bool {
	known := map[string]bool{"54": true}
	for _, system := range r.province {
		for code := range system {
			known[code] = true
		}
	}
	return known
}

// regencyKind parts a regency's name into its kind ("kabupaten", "kota" or "" when the name does
// not say) and the rest.
func regencyKind(name string) (kind, bare string) {
	rest := strings.TrimSpace(name)
	for _, k := range []struct{ prefix, kind string }{
		{"kabupaten administrasi ", "kabupaten"}, {"kabupaten ", "kabupaten"}, {"kab. ", "kabupaten"},
		{"kab.", "kabupaten"}, {"kab ", "kabupaten"}, {"kota administrasi ", "kota"}, {"kota adm. ", "kota"},
		{"kota ", "kota"}, {"kodya ", "kota"}, {"kotamadya ", "kota"},
	} {
		if after, ok := cutPrefix(rest, k.prefix); ok {
			kind, rest = k.kind, strings.TrimSpace(after)
			break
		}
	}
	return kind, rest
}

// provinceByName finds a province by name or alias, with or without the word itself.
func (r *regions) provinceByName(name string) (*entry, []int) {
	name = strings.TrimSpace(name)
	for _, prefix := range []string{"provinsi ", "propinsi ", "prov. ", "prov.", "prov ", "prop. "} {
		if rest, ok := cutPrefix(name, prefix); ok {
			name = strings.TrimSpace(rest)
			break
		}
	}
	if isDigits(name) { // a code in the name's place says nothing of its system
		return nil, nil
	}
	return r.names.find(name)
}

// regencyByName finds a regency by name. A bare name that is both a kabupaten and a kota is
// ambiguous and answered with both.
func (r *regions) regencyByName(name string) (*entry, []*entry) {
	kind, bare := regencyKind(name)
	at := r.byName[kind+fold(bare)]
	if len(at) == 1 {
		return at[0], nil
	}
	return nil, at
}

// regencyCode writes a regency code as four digits: 35.25 and 3525 are one.
func regencyCode(code string) string {
	if len(code) == 5 && code[2] == '.' {
		return code[:2] + code[3:]
	}
	return code
}

// provinceCode cuts the zeros off a province that is written as if it were a regency: 3200 is 32.
func provinceCode(code string) string {
	if len(code) == 4 && code[2:] == "00" {
		return code[:2]
	}
	return code
}

// verdict is the answer to a code and a name that may or may not agree.
type verdict struct {
	found   *entry
	problem string // problem code
	message string
}

// judgeProvince joins a province's code and name. The feed's system decides what the code means;
// the name is a cross-check that finds feeds which declare one system and send the other.
func (r *regions) judgeProvince(system, code, name string) verdict {
	var named *entry
	if name != "" {
		var candidates []int
		if named, candidates = r.provinceByName(name); named == nil {
			return r.unknownProvince(name, candidates)
		}
	}
	if code == "" {
		return verdict{found: named}
	}
	code = provinceCode(code)
	declared := system
	if declared == "" {
		declared = kemendagri
	}
	coded, other := r.province[declared][code], r.province[otherSystem(declared)][code]
	switch {
	case coded == nil && other == nil:
		return verdict{problem: RegionUnknown, message: "province code " + shown(code) + ": in neither code system; correct the source"}
	case system == "" && named == nil && coded != nil && other != nil && coded != other:
		return verdict{problem: RegionCodeSystem, message: "province code " + shown(code) + ": means different provinces to Kemendagri and BPS; set region_codes in units:"}
	case named == nil && coded == nil, named != nil && coded != named && other == named:
		if system == "" {
			return verdict{found: other}
		}
		return verdict{problem: RegionCodeSystem, message: "province code " + shown(code) + ": is " + other.name + " in the " + otherSystem(declared) +
			" system, but the feed declares " + declared + "; correct region_codes in units: or the source"}
	case named != nil && coded != named:
		return verdict{problem: CodeConflict, message: "province code " + shown(code) + ": is " + labelOr(coded, other) + ", but the name says " + named.name + "; correct the source"}
	}
	return verdict{found: coded}
}

func (r *regions) unknownProvince(name string, candidates []int) verdict {
	if len(candidates) > 0 {
		return verdict{problem: RegionUnknown, message: "province " + quoted(name, true) + ": ambiguous; give the code as well"}
	}
	near := r.names.nearest(name)
	if near == nil {
		return verdict{problem: RegionUnknown, message: "province " + quoted(name, false) + ": not in the province list; add an alias to codes: in the feed or correct the source"}
	}
	return verdict{problem: RegionUnknown, message: "province " + quoted(name, true) + ": not in the province list; nearest is " + near.label() + "; add an alias to codes: in the feed or correct the source"}
}

// judgeRegency joins a regency's code and name in the same way.
func (r *regions) judgeRegency(system, code, name string) verdict {
	code = regencyCode(code)
	declared := system
	if declared == "" {
		declared = kemendagri
	}
	coded, other := r.regency[declared][code], r.regency[otherSystem(declared)][code]
	if code != "" && coded == nil && other == nil {
		return verdict{problem: RegionUnknown, message: "regency code " + shown(code) + ": in neither code system; correct the source"}
	}
	named, candidates := r.regencyByName(name)
	if name != "" && named == nil {
		for _, c := range candidates { // the code settles which of two namesakes is meant
			if c == coded {
				return verdict{found: coded}
			}
		}
		if len(candidates) > 0 {
			return verdict{problem: RegionUnknown, message: "regency " + quoted(name, true) + ": both " + candidates[0].label() + " and " +
				candidates[1].label() + "; write Kabupaten or Kota before the name"}
		}
		return verdict{problem: RegionUnknown, message: "regency " + quoted(name, false) + ": not in the regency list; correct the source"}
	}
	switch {
	case code == "":
		return verdict{found: named}
	case named == nil && system == "" && coded != other && coded != nil && other != nil:
		return verdict{problem: RegionCodeSystem, message: "regency code " + shown(code) + ": means different regencies to Kemendagri and BPS; set region_codes in units:"}
	case named == nil && coded != nil, named != nil && coded == named:
		return verdict{found: coded}
	case other != nil && (named == nil || other == named):
		if system == "" {
			return verdict{found: other}
		}
		return verdict{problem: RegionCodeSystem, message: "regency code " + shown(code) + ": is " + other.name + " in the " + otherSystem(declared) +
			" system, but the feed declares " + declared + "; correct region_codes in units: or the source"}
	}
	return verdict{problem: CodeConflict, message: "regency code " + shown(code) + ": is " + labelOr(coded, other) + ", but the name says " + named.name + "; correct the source"}
}

func labelOr(a, b *entry) string {
	if a == nil {
		a = b
	}
	return a.name
}
