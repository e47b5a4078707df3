package transforms

import "strings"

// What people and forms are shown of the code lists.

// A Code is one entry of a code list.
type Code struct {
	Code string
	ID   string // name in Indonesian
	EN   string // name in English, or ""
}

// Entries lists a code list in file order.
func (l *Lists) Entries(name string) []Code {
	one := l.byName[name]
	if one == nil {
		return nil
	}
	codes := make([]Code, len(one.entries))
	for i, e := range one.entries {
		codes[i] = Code{Code: e.code, ID: e.name, EN: e.en}
	}
	return codes
}

// knows says whether a text is a code, a name or an alias of a list.
func (l *Lists) knows(name, text string) bool {
	one := l.byName[name]
	if one == nil {
		return false
	}
	found, candidates := one.find(text)
	if found == nil && name == "country" {
		found, _ = findState(one, text, candidates)
	}
	return found != nil
}

// knowsRegion says whether a text names, or is the code of, a province or regency, as the field
// asks for.
func (l *Lists) knowsRegion(in Input, text string) bool {
	regency := strings.HasPrefix(in.Name, "regency")
	if in.Kind == RegionCodeInput {
		wide := 2
		if regency {
			wide = 4
		}
		return len(regencyCode(text)) == wide && (l.regions.has(kemendagri, text) || l.regions.has(bps, text))
	}
	if regency {
		found, several := l.regions.regencyByName(text)
		return found != nil || len(several) > 0
	}
	found, _ := l.regions.provinceByName(text)
	return found != nil
}

// has says whether a code of a province or regency is in a code system.
func (r *regions) has(system, code string) bool {
	code = regencyCode(code)
	return r.province[system][code] != nil || r.regency[system][code] != nil
}
