package samples

import (
	"net/http"
	"strconv"
)

// Activities of six partners in the form of the IATI standard 2.03. Partners and
// their references are real; the activities, their amounts and dates are invented,
// round, and called samples in their titles.

type iatiActivity struct {
	serial      string
	title       string
	sector      string // OECD DAC purpose code
	year        int    // in which it starts; it ends after three
	committed   int    // in thousands of the publisher's currency
	indonesia   int    // percentage of the activity that is about Indonesia
	implementer string // reference of who carries it out, where it is another partner
}

type iatiPublisher struct {
	slug, ref, name, kind, currency string
	funding                         string // reference of the participating agency, where the reporting one is the government
	activities                      []iatiActivity
}

var iatiPublishers = []iatiPublisher{
	{"giz", "XM-DAC-5-52", "GIZ", "10", "EUR", "", []iatiActivity{
		{"C01", "German language for nurses and youth", "11330", 2023, 3000, 100, ""}, {"C02", "Mentoring of returned workers for business", "32130", 2025, 1200, 100, ""}}},
	{"bmz", "DE-1", "BMZ", "10", "EUR", "", []iatiActivity{{"C01", "Centres for migration and development", "15190", 2023, 5000, 60, "XM-DAC-5-52"}}},
	{"dfat", "AU-5", "DFAT", "10", "AUD", "", []iatiActivity{{"C01", "Safe migration and protection from exploitation", "15190", 2022, 4000, 40, "XM-DAC-47066"}}},
	{"ilo", "XM-DAC-41302", "ILO", "40", "USD", "", []iatiActivity{{"C01", "Migrant worker resource centres", "16070", 2024, 2500, 100, ""}}},
	{"iom", "XM-DAC-47066", "IOM", "40", "USD", "", []iatiActivity{{"C01", "Data on international migration", "15190", 2024, 900, 100, ""}}},
	{"jica", "XM-DAC-701-8", "JICA", "10", "JPY", "", []iatiActivity{{"C01", "Japanese language and specified skills", "11330", 2024, 400000, 100, ""}}},
	{"odakorea", "KR-GOV-010", "ODA Korea", "10", "KRW", "KR-GOV-051", []iatiActivity{{"C01", "Vocational training before departure", "11330", 2023, 2000000, 100, ""}}},
}

// iati serves the activities of one publisher as they are at the sample's day: money
// of a quarter is published when the quarter is over.
func (s *services) iati(rw http.ResponseWriter, r *http.Request) {
	on, _ := local(momentOf(s.now()))
	for i := range iatiPublishers {
		if p := &iatiPublishers[i]; p.slug+".xml" == r.PathValue("file") {
			rw.Header().Set("Content-Type", "application/xml; charset=utf-8")
			_, _ = rw.Write(p.appendXML(nil, on))
			return
		}
	}
	http.NotFound(rw, r)
}

func (p *iatiPublisher) appendXML(b []byte, today int) []byte {
	b = append(b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<!-- `+sampleMark+` -->`+"\n"+`<iati-activities version="2.03" generated-datetime="`...)
	b = append(appendDay(b, today, iso), `T00:00:00Z">`+"\n"...)
	for i := range p.activities {
		if a := &p.activities[i]; dayNumber(a.year, 2, 1) <= today { // it is published when its money is committed
			b = p.appendActivity(b, a, today)
		}
	}
	return append(b, "</iati-activities>\n"...)
}

func (p *iatiPublisher) appendActivity(b []byte, a *iatiActivity, today int) []byte {
	organisation := func(role, ref, kind string) {
		b = append(b, `<participating-org role="`+role+`" ref="`+ref+`" type="`+kind+`"/>`...)
	}
	date := func(kind string, day int) {
		b = append(appendDay(append(b, `<activity-date type="`+kind+`" iso-date="`...), day, iso), `"/>`...)
	}
	status := "2"
	if dayNumber(a.year+3, 1, 1) <= today {
		status = "4"
	}
	b = append(b, `<iati-activity default-currency="`+p.currency+`" xml:lang="en" hierarchy="1" last-updated-datetime="`...)
	b = append(appendDay(b, today, iso), `T00:00:00Z"><iati-identifier>`+p.ref+`-CONTOH-`+a.serial+`</iati-identifier>`...)
	b = append(b, `<reporting-org ref="`+p.ref+`" type="`+p.kind+`"><narrative>`+p.name+`</narrative></reporting-org>`...)
	b = append(b, `<title><narrative>Sample: `+a.title+`</narrative><narrative xml:lang="id">Contoh: `+a.title+`</narrative></title>`...)
	b = append(b, `<description type="1"><narrative>`+sampleMark+`</narrative></description>`...)
	organisation("1", p.ref, p.kind)
	if p.funding != "" {
		organisation("3", p.funding, p.kind)
	}
	if a.implementer != "" {
		organisation("4", a.implementer, "40")
	}
	b = append(b, `<activity-status code="`+status+`"/>`...)
	date("1", dayNumber(a.year, 1, 1))
	date("2", dayNumber(a.year, 2, 1))
	date("3", dayNumber(a.year+2, 12, 31))
	b = append(b, `<recipient-country code="ID" percentage="`+strconv.Itoa(a.indonesia)+`"/>`...)
	if a.indonesia < 100 {
		b = append(b, `<recipient-country code="PH" percentage="`+strconv.Itoa(100-a.indonesia)+`"/>`...)
	}
	b = append(b, `<sector vocabulary="1" code="`+a.sector+`" percentage="100"/>`...)
	b = append(b, `<budget type="1" status="2"><period-start iso-date="`+strconv.Itoa(a.year)+`-01-01"/><period-end iso-date="`+strconv.Itoa(a.year)+
		`-12-31"/><value value-date="`+strconv.Itoa(a.year)+`-01-02">`+strconv.Itoa(a.committed/3)+`000</value></budget>`...)
	b = p.appendTransaction(b, a, "2", dayNumber(a.year, 2, 1), a.committed)
	for quarter := range 12 { // twelve equal parts, each paid in the last month of a quarter
		if paid := dayNumber(a.year+quarter/4, 3*(quarter%4)+3, 15); paid+30 <= today {
			b = p.appendTransaction(b, a, "3", paid, a.committed/12)
		}
	}
	return append(b, "</iati-activity>\n"...)
}

func (p *iatiPublisher) appendTransaction(b []byte, a *iatiActivity, kind string, day, thousands int) []byte {
	b = append(b, `<transaction><transaction-type code="`+kind+`"/><transaction-date iso-date="`...)
	b = append(appendDay(b, day, iso), `"/><value value-date="`...)
	b = append(appendDay(b, day, iso), `">`+strconv.Itoa(thousands)+`000</value><provider-org ref="`+p.ref+`"/>`...)
	if a.implementer != "" {
		b = append(b, `<receiver-org ref="`+a.implementer+`"/>`...)
	}
	return append(b, `</transaction>`...)
}
