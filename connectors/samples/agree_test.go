package samples

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"
)

// list reads a code list of the project, which the sample's own tables must
// agree with.
func list(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "configs", "reference", name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comment = '#'
	lines, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		out = append(out, row)
	}
	return out
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// spellings gives every folded spelling of a list's codes.
func spellings(t *testing.T, name, code, aliases string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, row := range list(t, name) {
		for _, s := range append([]string{row[code], row["name"], row["name_id"], row["name_en"]}, strings.Split(row["aliases"], ";")...) {
			if s != "" {
				out[fold(s)] = row[code]
			}
		}
	}
	if aliases != "" {
		for _, row := range list(t, aliases) {
			out[fold(row["alias"])] = row[code]
		}
	}
	return out
}

func TestTheTablesAgreeWithTheCodeLists(t *testing.T) {
	country := spellings(t, "country", "iso3", "country_alias")
	for _, c := range countries {
		same(t, c.name, country[fold(c.name)], c.iso)
		for _, alias := range aliasOf[c.iso] {
			same(t, alias, country[fold(alias)], c.iso)
		}
	}
	for _, c := range caseCountries {
		same(t, c.text, country[fold(c.text)], c.code)
	}
	for _, wrong := range misspelt {
		if iso, known := country[fold(wrong)]; known {
			t.Errorf("%q is meant to be unknown and is %s", wrong, iso)
		}
	}
	for _, r := range remit2021.countries {
		if r.name != "" && country[fold(r.name)] == "" {
			t.Errorf("%q is not in the country list", r.name)
		}
	}
	province := spellings(t, "province", "kemendagri", "province_alias")
	for _, p := range provinces {
		same(t, p.name, province[fold(p.name)], p.code)
	}
	regency := map[string]string{}
	for _, row := range list(t, "regency") {
		regency[row["kemendagri"]] = fold(row["name"])
	}
	unitCodes := spellings(t, "unit", "code", "")
	for p, all := range regencies {
		if unitCodes[fold(provinces[p].unit)] != provinces[p].unit || units[provinceUnit[p]].code != provinces[p].unit {
			t.Errorf("province %s: unit %s is not in the unit list", provinces[p].name, provinces[p].unit)
		}
		for _, r := range all {
			same(t, r.code, regency[r.code], fold(r.name))
		}
	}
	category := spellings(t, "category", "code", "category_alias")
	for _, c := range caseCategories {
		same(t, c.text, category[fold(c.text)], c.code)
		if alias := categoryAliases[c.code]; alias != "" {
			same(t, alias, category[fold(alias)], c.code)
		}
	}
	for _, x := range []struct {
		list   string
		labels []label
	}{{"channel", caseChannels}, {"relation", caseRelations}, {"procedure", caseProcedures}, {"sex", caseSexes}} {
		known := spellings(t, x.list, "code", "")
		for _, l := range x.labels {
			same(t, l.text, known[fold(l.text)], l.code)
		}
	}
	for name, texts := range map[string][]string{
		"status": caseSteps, "scheme": schemes[:4], "employer_type": slices.Concat(sectors[:], employers[:]), "outcome": {"PENUH", "SEBAGIAN", "TIDAK"},
		"path": {"PIDANA", "PERDATA", "PHI", "MEDIASI", "KLAIM", "KONSULTASI", "KLARIFIKASI"}, "closure_reason": {closures[0].reason, closures[1].reason,
			closures[2].reason, closures[3].reason, "LIMPAH_KL"}, "placement_status": {"SELESAI", "BATAL"},
	} {
		known := spellings(t, name, "code", "")
		for _, text := range texts {
			if known[fold(text)] == "" {
				t.Errorf("%q is not in the list %s", text, name)
			}
		}
	}
	job := spellings(t, "occupation", "code", "occupation_alias")
	for _, o := range occupations {
		if job[fold(o.title)] == "" {
			t.Errorf("%q is not in the occupation list", o.title)
		}
	}
	currency := spellings(t, "currency", "code", "")
	for _, c := range countries {
		if currency[fold(c.currency)] == "" {
			t.Errorf("%s is no currency", c.currency)
		}
	}
}

// sourceFile is what the test needs of a source's YAML.
type sourceFile struct {
	Source string `yaml:"source"`
	Origin string `yaml:"origin"`
	Feeds  map[string]struct {
		Dataset   string            `yaml:"dataset"`
		Fields    map[string]string `yaml:"fields"`
		Ignore    []string          `yaml:"ignore"`
		Connector map[string]any    `yaml:"connector"`
	} `yaml:"feeds"`
}

func readSource(t *testing.T, name string) sourceFile {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "configs", "sources", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var s sourceFile
	if err := yaml.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	if secret := string(raw); strings.Contains(secret, ClientSecret) || strings.Contains(secret, APIKey) {
		t.Errorf("%s.yaml holds a secret", name)
	}
	return s
}

// paths lists the dotted paths of a JSON item.
func paths(prefix string, item map[string]any) (out []string) {
	for k, v := range item {
		if inner, ok := v.(map[string]any); ok {
			out = append(out, paths(prefix+k+".", inner)...)
			continue
		}
		out = append(out, prefix+k)
	}
	return out
}

func TestTheSourcesNameWhatIsServed(t *testing.T) {
	now := Deliveries()[2]
	c := serve(t, New(Options{Seed: 1, Scale: .01}), &now)
	c.logIn()
	first := func(path string) []string {
		var answer struct {
			Data []map[string]any `json:"data"`
		}
		if err := yaml.Unmarshal([]byte(c.get(path, nil)), &answer); err != nil || len(answer.Data) == 0 {
			t.Fatalf("%s: %v", path, err)
		}
		return paths("", answer.Data[0])
	}
	served := map[string][]string{
		FeedPlacementFiles: dropHeader[:], FeedRemittances: strings.Split(strings.TrimSpace(remitHeader), ";"),
		FeedPlacements2025: first("/siskop2mi/v1/placements"), FeedCases: first("/pengaduan/v1/kasus"), FeedEvents: first("/pengaduan/v1/peristiwa"),
	}
	for feed, register := range map[string]*register{"pelindungan_returns": &returnsRegister, "pelindungan_stays": &staysRegister, "pelindungan_capacity": &capacityRegister,
		"pelindungan_legal_aid": &legalRegister, "pemberdayaan_events": &empowermentRegister, "pemberdayaan_businesses": &businessRegister,
		"kredit_loans": &loanRegister, "keterampilan_trainings": &trainingRegister, "keterampilan_candidates": &candidateRegister,
		"perwakilan_cases": &missionRegister, "jaminan_sosial_members": &memberRegister, "jaminan_sosial_claims": &claimRegister,
		"tata_kelola_licences": &licenceRegister, "tata_kelola_sanctions": &sanctionRegister, "tata_kelola_vacancies": &vacancyRegister, "tata_kelola_villages": &villageRegister,
		"proses_registrations": &registrationRegister, "proses_identity_checks": &identityRegister, "proses_arrivals": &arrivalRegister,
		"proses_reintegration": &reintegrationRegister, "kerja_sama_indicators": &indicatorRegister, "kerja_sama_programmes": &programmeRegister,
		"kerja_sama_commitments": &commitmentRegister, "kerja_sama_budget": &budgetRegister, "kerja_sama_calendar": &calendarRegister} {
		served[feed] = append([]string{"diperbarui"}, register.fields...)
	}
	for _, name := range []string{"bp3mi_units", "siskop2mi", "pengaduan", "remitansi", "pelindungan", "pemberdayaan", "kredit", "keterampilan", "perwakilan", "jaminan_sosial",
		"tata_kelola", "proses", "kerja_sama"} {
		s := readSource(t, name)
		same(t, "source of "+name, s.Source, name)
		same(t, "origin of "+name, s.Origin, "sample")
		for feed, f := range s.Feeds {
			got := map[string]bool{}
			for ours, theirs := range f.Fields {
				got[theirs] = true
				if !slices.Contains(served[feed], theirs) {
					t.Errorf("%s: %s is mapped to %s, which is not served", feed, ours, theirs)
				}
			}
			for _, column := range served[feed] {
				if !got[column] && !slices.Contains(f.Ignore, column) {
					t.Errorf("%s: %s is served and not mapped", feed, column)
				}
			}
			delete(served, feed)
		}
	}
	if len(served) > 0 {
		t.Errorf("no source names %v", served)
	}
	same(t, "origin of published", readSource(t, "published").Origin, "reference")
}
