package transforms

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

func TestCountries(t *testing.T) {
	lists := testEnv(t).Lists
	for text, want := range map[string]string{
		"Hongkong": "HKG", "HONGKONG": "HKG", "Hong Kong SAR": "HKG", "Taiwan (R.O.C)": "TWN", "Malaysia Timur": "MYS", "Sabah": "MYS",
		"KSA": "SAU", "Saudi Arab": "SAU", "Korea (Korea Selatan)": "KOR", "Korsel": "KOR", "Korea (Korea Utara)": "PRK", "UEA": "ARE",
		"Turkiye": "TUR", "Türkiye": "TUR", "Yordania Hasyimia": "JOR", "Arab Suriah": "SYR", "Britania Rayaa": "GBR", "Hellenik (Yunani)": "GRC",
		"Hongaria": "HUN", "Slowakia": "SVK", "KonSwiss": "CHE", "Vatika": "VAT", "Montenregro": "MNE", "Negara Australia": "AUS",
		"Papua Guinea Baru": "PNG", "Arab Mesir": "EGY", "Srilanka": "LKA", "Kirgiztan": "KGZ", "Uzbeskistan": "UZB", "Eswantini": "SWZ",
		"kenya": "KEN", "Meksiko Serikat": "MEX", "Bolivaria Venezuela": "VEN", "Republik Moldova": "MDA", "Persemakmuran Dominika": "DMA",
		"Republik Dominika": "DOM", "Rep. Dem. Kongo": "COD", "Maladewa": "MDV", "Pulau Solomon": "SLB", "Hungaria": "HUN", "hkg": "HKG",
		"Negara Republik Indonesia": "", "Korea": "", "Kongo": "", "Dominika": "", "Atlantis": "", "": "",
	} {
		got, _ := lists.Resolve("country", text)
		if got != want {
			t.Errorf("Resolve(country, %q) = %q, want %q", text, got, want)
		}
	}
}

// Every code, name and English name of every list leads back to its own code.
func TestListsResolveTheirOwnNames(t *testing.T) {
	lists := testEnv(t).Lists
	for name, l := range lists.byName {
		if name == "regency" {
			continue // found by kind and name, see TestRegions
		}
		for _, e := range l.entries {
			for _, text := range []string{e.code, e.name, strings.ToUpper(e.name), " " + e.en + ". "} {
				if fold(text) == "" || name == "currency" && text != e.code { // several states share a currency's name
					continue
				}
				if got, ok := lists.Resolve(name, text); !ok || got != e.code {
					t.Errorf("Resolve(%s, %q) = %q, want %q", name, text, got, e.code)
				}
			}
		}
	}
}

// The only ambiguous spellings are the ones that are meant to be.
func TestAmbiguousSpellingsAreMeant(t *testing.T) {
	meant := []string{"kongo", "congo", "dominika", "korea", "virginislands", "kepulauanvirgin", "as"}
	for name, l := range testEnv(t).Lists.byName {
		if name == "regency" || name == "currency" {
			continue
		}
		for key, at := range l.index {
			if len(at) > 1 && !(name == "country" && slices.Contains(meant, key)) {
				t.Errorf("list %s: %q is ambiguous: %s and %s", name, key, l.entries[at[0]].label(), l.entries[at[1]].label())
			}
		}
	}
}

func TestNearest(t *testing.T) {
	lists := testEnv(t).Lists
	for _, tt := range []struct{ list, text, want string }{
		{"country", "Hongkoong", "Hong Kong (HKG)"},
		{"country", "Taiwwan", "Taiwan (TWN)"},
		{"country", "Saudi Aribia", "Arab Saudi (SAU)"},
		{"country", "Jepamg", "Jepang (JPN)"},
		{"country", "Atlantis", ""},
		{"category", "Gaji tidak dibayarr", "Gaji tidak dibayar (K03)"},
	} {
		got := ""
		if e := lists.byName[tt.list].nearest(tt.text); e != nil {
			got = e.label()
		}
		if got != tt.want {
			t.Errorf("nearest(%s, %q) = %q, want %q", tt.list, tt.text, got, tt.want)
		}
	}
}

func TestRegions(t *testing.T) {
	r := &testEnv(t).Lists.regions
	provinces := []struct{ system, code, name, want string }{
		{"kemendagri", "35", "Jawa Timur", "35"},
		{"", "35", "JATIM", "35"},
		{"", "", "Provinsi Jawa Timur", "35"},
		{"kemendagri", "94", "Papua Tengah", "94"},
		{"bps", "94", "Papua", "91"},
		{"bps", "94", "", "91"},
		{"kemendagri", "94", "", "94"},
		{"", "94", "Papua", "91"}, // the name settles it
		{"", "97", "", "95"},      // only BPS has 97
		{"", "94", "", RegionCodeSystem},
		{"kemendagri", "94", "Papua", RegionCodeSystem},
		{"kemendagri", "97", "", RegionCodeSystem},
		{"kemendagri", "97", "Papua Pegunungan", RegionCodeSystem},
		{"kemendagri", "35", "Jawa Barat", CodeConflict},
		{"kemendagri", "99", "", RegionUnknown},
		{"kemendagri", "", "Jawa Tiimur", RegionUnknown},
		{"kemendagri", "", "35", RegionUnknown},
	}
	for _, tt := range provinces {
		v := r.judgeProvince(tt.system, tt.code, tt.name)
		if got := verdictText(v); got != tt.want {
			t.Errorf("province (%s, %q, %q) = %s, want %s: %s", tt.system, tt.code, tt.name, got, tt.want, v.message)
		}
	}
	regencies := []struct{ system, code, name, want string }{
		{"kemendagri", "3525", "Kab. Gresik", "3525"},
		{"kemendagri", "35.25", "Gresik", "3525"},
		{"kemendagri", "", "Kabupaten Indramayu", "3212"},
		{"kemendagri", "", "Indramayu", "3212"},
		{"kemendagri", "", "Kota Surabaya", "3578"},
		{"kemendagri", "3209", "Cirebon", "3209"}, // the code says which Cirebon
		{"kemendagri", "", "Cirebon", RegionUnknown},
		{"kemendagri", "1101", "Kab. Aceh Selatan", "1101"},
		{"bps", "1103", "Aceh Selatan", "1101"},
		{"kemendagri", "1101", "Kab. Simeulue", RegionCodeSystem},
		{"kemendagri", "3525", "Kab. Lamongan", CodeConflict},
		{"kemendagri", "0001", "", RegionUnknown},
		{"kemendagri", "", "Kab. Entah", RegionUnknown},
	}
	for _, tt := range regencies {
		v := r.judgeRegency(tt.system, tt.code, tt.name)
		if got := verdictText(v); got != tt.want {
			t.Errorf("regency (%s, %q, %q) = %s, want %s: %s", tt.system, tt.code, tt.name, got, tt.want, v.message)
		}
	}
}

func verdictText(v verdict) string {
	if v.problem != "" {
		return v.problem
	}
	return v.found.code
}

// Every regency is found by its full name, and by its code and name in both systems.
func TestEveryRegencyIsFound(t *testing.T) {
	r := &testEnv(t).Lists.regions
	for system, codes := range r.regency {
		for code, e := range codes {
			if v := r.judgeRegency(system, code, e.name); v.found != e {
				t.Errorf("regency (%s, %s, %s) = %s", system, code, e.name, verdictText(v))
			}
			if v := r.judgeRegency(system, "", e.name); v.found != e {
				t.Errorf("regency %s = %s", e.name, verdictText(v))
			}
		}
	}
}

func TestLoadListsNamesTheFault(t *testing.T) {
	for want, fsys := range map[string]fstest.MapFS{
		"reading code list country.csv": {},
		"no rows below the header":      {"country.csv": {Data: []byte("# empty\niso3,iso2\n")}},
		`alias "X" leads to iso3 "XXX", which is not in country.csv`: {"country.csv": {Data: []byte("iso3,iso2,name_id,name_en\nHKG,HK,Hong Kong,Hong Kong\n")},
			"country_alias.csv": {Data: []byte("alias,iso3\nX,XXX\n")}},
	} {
		if _, err := LoadLists(fsys); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("LoadLists = %v, want %q in it", err, want)
		}
	}
}

// The distance is a metric as far as its limit lets one see.
func TestDistance(t *testing.T) {
	word := rapid.StringMatching(`[a-d]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b, 100)
		if d != distance(b, a, 100) {
			t.Fatalf("distance(%q, %q) is not symmetric", a, b)
		}
		if (d == 0) != (a == b) {
			t.Fatalf("distance(%q, %q) = %d", a, b, d)
		}
		if limited := distance(a, b, 3); limited != min(d, 3) {
			t.Fatalf("distance(%q, %q) with limit 3 = %d, want %d", a, b, limited, min(d, 3))
		}
	})
}

func FuzzCountry(f *testing.F) {
	for _, seed := range []string{"Hongkong", "Korea", "Republik Republik", "ＨＯＮＧ　ＫＯＮＧ", "the of the", "\x00\xff", "Côte d’Ivoire"} {
		f.Add(seed)
	}
	lists := testEnv(f).Lists
	l := lists.byName["country"]
	f.Fuzz(func(t *testing.T, text string) {
		found, candidates := l.find(text)
		if found == nil {
			found, _ = findState(l, text, candidates)
		}
		if fold(fold(text)) != fold(text) {
			t.Fatalf("folding %q twice differs from once", text)
		}
		if found == nil {
			l.nearest(text)
			return
		}
		for _, name := range []string{found.code, found.name} {
			if again, _ := l.find(name); again != found {
				t.Fatalf("%q is %s, whose own name %q is not", text, found.code, name)
			}
		}
	})
}
