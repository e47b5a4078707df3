package formats

import (
	"fmt"
	"strings"
)

// An iatiActivity is what is kept of an activity while it is read. Its elements may
// come in any order: the order of the standard is older than many files.
type iatiActivity struct {
	version, currency, language, updated, hierarchy, humanitarian string

	identifier, status                               string
	reporter, reporterType, reporterName, secondhand string
	titles                                           []iatiText
	dates                                            [4]string // planned and actual start, planned and actual end
	orgs                                             []iatiOrg
	recipients, sectors                              []iatiPart
	parents, children                                []string
	collaboration, flowType, aidType, finance        string
	counts                                           [3]int // flows by kind
	flows                                            []iatiFlow
	recipientsCheck, sectorsCheck                    string
}

// An iatiText is a narrative in one language.
type iatiText struct{ language, text string }

// An iatiOrg is an organisation that takes part, by reference or, without one, by name.
type iatiOrg struct{ ref, name, role, kind, activity string }

func (o iatiOrg) label() string {
	if o.ref != "" {
		return o.ref
	}
	return o.name
}

// An iatiPart is a country, region or sector with its part of the whole.
type iatiPart struct {
	code, vocabulary, percentage string
	country                      bool
}

func (a *iatiActivity) reset(version string) {
	*a = iatiActivity{version: version, titles: a.titles[:0], orgs: a.orgs[:0], recipients: a.recipients[:0], sectors: a.sectors[:0],
		parents: a.parents[:0], children: a.children[:0], flows: a.flows[:0]}
}

// settle works out, once all elements are known, what rests on several of them.
func (a *iatiActivity) settle() {
	a.recipients = oneVocabulary(a.recipients)
	a.recipientsCheck = checkParts(a.recipients)
	a.sectorsCheck = checkParts(dacSectors(a.sectors))
}

// bounded refuses an activity that grows beyond what may be held.
func (d *iatiDecoder) bounded() error {
	if d.xml.base+int64(d.xml.pos)-d.begin > d.settings.MaxActivity {
		return fmt.Errorf("it has more than max_activity_bytes (%d): raise the limit if the file is right", d.settings.MaxActivity)
	}
	return nil
}

// An iatiAttr is where the value of an attribute goes.
type iatiAttr struct {
	name string
	into *string
}

// own takes attributes of the element that started.
func (d *iatiDecoder) own(attrs ...iatiAttr) (err error) {
	for _, a := range attrs {
		if *a.into, err = d.xml.ownText(a.name); err != nil {
			return err
		}
	}
	return nil
}

// readActivity reads the activity whose element has started, to its end.
func (d *iatiDecoder) readActivity() error {
	a := &d.act
	if err := d.own(iatiAttr{"default-currency", &a.currency}, iatiAttr{"last-updated-datetime", &a.updated}, iatiAttr{"hierarchy", &a.hierarchy}, iatiAttr{"humanitarian", &a.humanitarian}); err != nil {
		return err
	}
	if a.version == "" { // an activity alone says it itself, in d-portal's namespace
		a.version = string(d.xml.attr("version"))
	}
	var err error
	if a.language, err = d.language(); err != nil {
		return err
	}
	return d.xml.children(func() error {
		if d.xml.foreign() {
			return d.xml.skip()
		}
		if err := d.element(); err != nil {
			return err
		}
		return d.bounded()
	})
}

// element reads one element of an activity.
func (d *iatiDecoder) element() (err error) {
	a := &d.act
	switch name := string(d.xml.name); name {
	case "iati-identifier":
		a.identifier, err = d.text()
	case "reporting-org":
		if err = d.own(iatiAttr{"ref", &a.reporter}, iatiAttr{"type", &a.reporterType}, iatiAttr{"secondary-reporter", &a.secondhand}); err == nil {
			a.reporterName, err = d.narrative()
		}
	case "title":
		var titles []iatiText
		titles, err = d.narratives()
		a.titles = append(a.titles, titles...)
	case "participating-org":
		var o iatiOrg
		o, err = d.org()
		a.orgs = append(a.orgs, o)
	case "activity-status":
		err = d.code(&a.status)
	case "activity-date":
		err = d.date()
	case "recipient-country", "recipient-region":
		err = d.part(&a.recipients, name == "recipient-country")
	case "sector":
		err = d.part(&a.sectors, false)
	case "related-activity":
		err = d.related()
	case "collaboration-type":
		err = d.code(&a.collaboration)
	case "default-flow-type":
		err = d.code(&a.flowType)
	case "default-finance-type":
		err = d.code(&a.finance)
	case "default-aid-type":
		err = d.aid(&a.aidType)
	case "transaction", "budget", "planned-disbursement":
		err = d.flow(name)
	default:
		err = d.xml.skip()
	}
	return err
}

// code takes the attribute code of an element that holds nothing else of ours.
func (d *iatiDecoder) code(into *string) (err error) {
	if *into, err = d.xml.ownText("code"); err != nil {
		return err
	}
	return d.xml.skip()
}

// aid takes the type of aid in the DAC's vocabulary; the others say other things.
func (d *iatiDecoder) aid(into *string) error {
	vocabulary, err := d.xml.ownText("vocabulary")
	if err != nil || vocabulary != "" && vocabulary != "1" {
		if err == nil {
			err = d.xml.skip()
		}
		return err
	}
	return d.code(into)
}

// text is the text directly inside the element that started, with runs of blanks made
// one.
func (d *iatiDecoder) text() (string, error) {
	var text []byte
	for {
		kind, err := d.xml.next()
		if err != nil || kind == xmlEnd {
			return strings.Join(strings.Fields(string(text)), " "), err
		}
		if kind == xmlText {
			text = append(text, d.xml.text...)
		} else if err = d.xml.skip(); err != nil {
			return "", err
		}
		if err = d.bounded(); err != nil {
			return "", err
		}
	}
}

// language is what the element that started says of its language, or the activity's.
// d-portal calls the prefix of xml:lang otherwise, so that any prefix will do.
func (d *iatiDecoder) language() (string, error) {
	text, err := d.xml.attrText("lang")
	if err != nil || text == "" {
		return d.act.language, err
	}
	return iatiLanguage(text), nil
}

// iatiLanguages are the three-letter codes (ISO 639-2) of the languages in which
// IATI's publishers write, with the two letters that the standard wants.
var iatiLanguages = map[string]string{
	"eng": "en", "ind": "id", "fra": "fr", "fre": "fr", "spa": "es", "deu": "de", "ger": "de", "por": "pt", "nld": "nl", "dut": "nl",
	"kor": "ko", "jpn": "ja", "zho": "zh", "chi": "zh", "ara": "ar", "rus": "ru", "ita": "it", "dan": "da", "swe": "sv", "nor": "no", "fin": "fi",
}

func iatiLanguage(text string) string {
	text, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(text)), "-")
	if two := iatiLanguages[text]; two != "" {
		return two
	}
	return text
}

// narratives are the texts of the element that started, by language. Version 1.0x
// wrote the text without narratives.
func (d *iatiDecoder) narratives() (texts []iatiText, err error) {
	outer, err := d.language()
	var bare []byte
	for err == nil {
		kind, nextErr := d.xml.next()
		if err = nextErr; err != nil || kind == xmlEnd {
			break
		}
		switch {
		case kind == xmlText:
			bare = append(bare, d.xml.text...)
		case string(d.xml.name) != "narrative" || d.xml.foreign():
			err = d.xml.skip()
		default:
			t := iatiText{language: outer}
			if len(d.xml.attr("lang")) > 0 {
				t.language, err = d.language()
			}
			if err == nil {
				t.text, err = d.text()
			}
			if t.text != "" {
				texts = append(texts, t)
			}
		}
		if err == nil {
			err = d.bounded()
		}
	}
	if text := strings.Join(strings.Fields(string(bare)), " "); text != "" && len(texts) == 0 {
		texts = append(texts, iatiText{outer, text})
	}
	return texts, err
}

// narrative is the first of the narratives.
func (d *iatiDecoder) narrative() (string, error) {
	texts, err := d.narratives()
	if err != nil || len(texts) == 0 {
		return "", err
	}
	return texts[0].text, nil
}

func (d *iatiDecoder) org() (o iatiOrg, err error) {
	if err = d.own(iatiAttr{"ref", &o.ref}, iatiAttr{"role", &o.role}, iatiAttr{"type", &o.kind}, iatiAttr{"activity-id", &o.activity}); err == nil {
		o.name, err = d.narrative()
	}
	return o, err
}

func (d *iatiDecoder) part(into *[]iatiPart, country bool) error {
	p := iatiPart{country: country}
	if err := d.own(iatiAttr{"code", &p.code}, iatiAttr{"vocabulary", &p.vocabulary}, iatiAttr{"percentage", &p.percentage}); err != nil {
		return err
	}
	if country {
		p.code, p.vocabulary = strings.ToUpper(p.code), ""
	} else if p.vocabulary = iatiVocabulary(p.vocabulary); p.code == "" {
		return d.xml.skip() // sectors of version 1.0x may have a name alone
	}
	*into = append(*into, p)
	return d.xml.skip()
}

// iatiVocabulary is a vocabulary's number: the DAC's when none is given, and of the
// names of version 1.0x those that the DAC's lists have.
func iatiVocabulary(text string) string {
	switch text {
	case "", "DAC":
		return "1"
	case "DAC-3":
		return "2"
	}
	return text
}

// date takes one of the four dates. Version 1.0x called them by words.
func (d *iatiDecoder) date() error {
	kind, err := d.xml.ownText("type")
	if err != nil {
		return err
	}
	day, err := d.xml.ownText("iso-date")
	if err != nil {
		return err
	}
	at := -1
	switch kind {
	case "1", "start-planned":
		at = 0
	case "2", "start-actual":
		at = 1
	case "3", "end-planned":
		at = 2
	case "4", "end-actual":
		at = 3
	}
	if at >= 0 && d.act.dates[at] == "" {
		d.act.dates[at] = isoDay(day)
	}
	return d.xml.skip()
}

// isoDay cuts the time zone off a day, which xsd:date allows: "2020-05-01Z".
func isoDay(text string) string {
	if len(text) > 10 && (text[10] == 'Z' || text[10] == '+' || text[10] == '-') {
		return text[:10]
	}
	return text
}

func (d *iatiDecoder) related() error {
	var kind, ref string
	if err := d.own(iatiAttr{"type", &kind}, iatiAttr{"ref", &ref}); err != nil {
		return err
	}
	switch {
	case ref == "":
	case kind == "1":
		d.act.parents = append(d.act.parents, ref)
	case kind == "2":
		d.act.children = append(d.act.children, ref)
	}
	return d.xml.skip()
}
