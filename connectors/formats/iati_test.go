package formats

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func newIATI(change func(*IATI)) *IATI {
	kind, _ := Lookup("iati")
	s := kind.New().(*IATI)
	if change != nil {
		change(s)
	}
	return s
}

func flows(s *IATI) { s.Records = "flows" }

// iatiFile wraps activities into a file, as publishers write it.
func iatiFile(activities ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<iati-activities version="2.03" generated-datetime="2026-01-02T00:00:00Z">` + strings.Join(activities, "\n") + `</iati-activities>`
}

// iatiOne is an activity with what nearly all have; more stands inside it.
func iatiOne(more string) string {
	return `<iati-activity default-currency="AUD" hierarchy="2" humanitarian="0" last-updated-datetime="2026-01-01T00:00:00Z" xml:lang="EN">
  <iati-identifier> AU-5-INA1 </iati-identifier>
  <reporting-org ref="AU-5" type="10" secondary-reporter="0"><narrative>DFAT &amp; partners</narrative></reporting-org>
  <title><narrative>Safe migration</narrative><narrative xml:lang="IND">Migrasi aman</narrative></title>` + more + `</iati-activity>`
}

// cellsOf gives the named columns of every record, one line each: cells, place, fault.
func cellsOf(t *testing.T, s *IATI, in string, columns ...string) string {
	t.Helper()
	got, err := decodeAll(s, strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i, row := range got.rows {
		var cells []string
		for _, c := range columns {
			at := slices.Index(got.header, c)
			if at < 0 {
				t.Fatalf("there is no column %s", c)
			}
			cells = append(cells, row[at])
		}
		fmt.Fprintf(&b, "%s: %s", got.places[i], strings.Join(cells, "|"))
		if got.faults[i] != "" {
			b.WriteString(" !" + got.faults[i])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestIATIReadsAnActivity(t *testing.T) {
	in := iatiFile(iatiOne(`
  <description><narrative>Not kept</narrative></description>
  <participating-org role="1" ref="AU-5" type="10"/><participating-org role="4" ref="XM-DAC-47066"/>
  <participating-org role="4"><narrative>Migrant; Care</narrative></participating-org>
  <activity-status code="2"/>
  <activity-date type="1" iso-date="2024-07-01"/><activity-date type="2" iso-date="2024-08-01Z"/><activity-date type="3" iso-date="2027-06-30"/>
  <recipient-country code="ID" percentage="60"/><recipient-country code="ph" percentage="15"/><recipient-region code="789" percentage="25"/><recipient-region vocabulary="2" code="35" percentage="25"/>
  <sector code="15190" percentage="66.67"/><sector vocabulary="1" code="16070" percentage="33.33"/><sector vocabulary="7" code="8"/>
  <collaboration-type code="1"/><default-flow-type code="10"/><default-finance-type code="110"/><default-aid-type vocabulary="2" code="A"/><default-aid-type code="C01"/>
  <related-activity type="1" ref="AU-5-INA"/><related-activity type="2" ref="AU-5-INA1-A"/><related-activity type="2" ref="AU-5-INA1-B"/>
  <transaction><value>1</value></transaction><transaction><value>2</value></transaction><planned-disbursement><value>3</value></planned-disbursement>`))
	want := []string{"AU-5-INA1", "AU-5", "10", "DFAT & partners", "0",
		"Safe migration", "en", "Safe migration", "Migrasi aman", "2", "2024-07-01", "2024-08-01", "2027-06-30", "",
		"2", "AU-5-INA", "AU-5-INA1-A; AU-5-INA1-B", "0", "AUD", "en",
		"AU-5", "", "", "XM-DAC-47066; Migrant, Care",
		"ID=60; PH=15", "1:789=25", "complete", "1:15190=66.67; 1:16070=33.33; 7:8", "complete",
		"1", "10", "110", "C01", "2", "0", "1", "2026-01-01T00:00:00Z", "2.03"}
	got, err := decodeAll(newIATI(nil), strings.NewReader(in))
	if err != nil || len(got.rows) != 1 || !slices.Equal(got.header, iatiActivityHeader) || got.places[0] != "activity 1" {
		t.Fatalf("%v %v", got, err)
	}
	for i, name := range got.header {
		if got.rows[0][i] != want[i] {
			t.Errorf("%s is %q, want %q", name, got.rows[0][i], want[i])
		}
	}
}

func TestIATILanguages(t *testing.T) {
	titles := func(attr, inside string) string {
		return iatiFile(`<iati-activity ` + attr + `><title>` + inside + `</title></iati-activity>`)
	}
	for _, c := range []struct{ name, in, want string }{
		{"missing is the activity's", titles(`xml:lang="en"`, `<narrative>A</narrative>`), "A|en|A||en"},
		{"capitals", titles(`xml:lang="EN"`, `<narrative xml:lang="ID">B</narrative><narrative>A</narrative>`), "A|en|A|B|en"},
		{"three letters", titles(`xml:lang="ENG"`, `<narrative xml:lang="ind">B</narrative><narrative xml:lang="eng">A</narrative>`), "A|en|A|B|en"},
		{"a region", titles(`xml:lang="en-GB"`, `<narrative>A</narrative>`), "A|en|A||en"},
		{"none at all", titles(``, `<narrative>A</narrative>`), "A||||"},
		{"the first one where the activity's is not there", titles(`xml:lang="en"`, `<narrative xml:lang="ko">가</narrative><narrative xml:lang="fr">F</narrative>`), "가|ko|||en"},
		{"of two in one language the first", titles(`xml:lang="en"`, `<narrative>A</narrative><narrative>Z</narrative>`), "A|en|A||en"},
		{"an empty narrative is none", titles(`xml:lang="en"`, `<narrative/><narrative> A
		  b </narrative>`), "A b|en|A b||en"},
		{"version 1.0x: text without narratives", titles(`xml:lang="en"`, `A &amp; b`), "A & b|en|A & b||en"},
		{"d-portal calls the prefix otherwise", titles(`xmlns:n2="xml" n2:lang="es"`, `<narrative n2:lang="EN">A</narrative>`), "A|en|A||es"},
		{"a narrative of another namespace is passed over", titles(`xml:lang="en"`, `<x:narrative>no</x:narrative><narrative>A</narrative>`), "A|en|A||en"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cellsOf(t, newIATI(nil), c.in, "title", "title_language", "title_en", "title_id", "default_language"); got != "activity 1: "+c.want+"\n" {
				t.Errorf("got %swant %s", got, c.want)
			}
		})
	}
}

// All that is said of a flow, in one record for each recipient.
func TestIATIReadsFlows(t *testing.T) {
	in := iatiFile(iatiOne(`
  <transaction ref="T1" humanitarian="1"><transaction-type code="3"/><transaction-date iso-date="2025-03-04"/><value value-date="2025-03-05" currency="USD">-1234.50</value>
    <provider-org provider-activity-id="AU-5-INA1" ref="AU-5"><narrative>DFAT</narrative></provider-org><receiver-org ref="XM-DAC-47066" receiver-activity-id="XM-DAC-47066-X"/>
    <sector code="15136"/><recipient-country code="MY"/><flow-type code="20"/><finance-type code="421"/><aid-type code="B01"/></transaction>
  <budget type="2" status="1"><period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/><value>500</value></budget>
  <planned-disbursement type="1"><period-start iso-date="2026-01-01"/><value currency="IDR">7</value></planned-disbursement>
  <recipient-country code="ID" percentage="70"/><recipient-country code="MY" percentage="30"/>
  <sector code="15190"/><default-flow-type code="10"/><default-finance-type code="110"/><default-aid-type code="C01"/><related-activity type="1" ref="AU-5-INA"/>`))
	const all = "AU-5-INA1|AU-5|10|0|2|AU-5-INA|"
	got := cellsOf(t, newIATI(flows), in, iatiFlowHeader...)
	want := "activity 1, transaction 1, recipient 1: " + all + "|transaction|1|T1|3|||1|2025-03-04|||-1234.50|USD|2025-03-05|AU-5|DFAT|AU-5-INA1|XM-DAC-47066||XM-DAC-47066-X|1|MY||||single|flow|1:15136|single|flow|20|421|B01\n" +
		"activity 1, budget 1, recipient 1: " + all + "|budget|1|||2|1|0|2025-01-01|2025-01-01|2025-12-31|500|AUD||||||||1|ID|||70|complete|activity|1:15190|single|activity|10|110|C01\n" +
		"activity 1, budget 1, recipient 2: " + all + "|budget|1|||2|1|0|2025-01-01|2025-01-01|2025-12-31|500|AUD||||||||2|MY|||30|complete|activity|1:15190|single|activity|10|110|C01\n" +
		"activity 1, planned disbursement 1, recipient 1: " + all + "|planned_disbursement|1|||1||0|2026-01-01|2026-01-01||7|IDR||||||||1|ID|||70|complete|activity|1:15190|single|activity|10|110|C01\n" +
		"activity 1, planned disbursement 1, recipient 2: " + all + "|planned_disbursement|1|||1||0|2026-01-01|2026-01-01||7|IDR||||||||2|MY|||30|complete|activity|1:15190|single|activity|10|110|C01\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Parts are judged, not mended: the word says whether they can be relied on.
func TestIATIRecipients(t *testing.T) {
	country := func(parts ...string) (s string) {
		for _, p := range parts {
			code, percentage, has := strings.Cut(p, "=")
			if s += `<recipient-country code="` + code + `"`; has {
				s += ` percentage="` + percentage + `"`
			}
			s += "/>"
		}
		return s
	}
	for _, c := range []struct{ name, in, want string }{
		{"none", "", "|||unnamed"},
		{"one", country("ID"), "ID|||single"},
		{"one of 100", country("ID=100.0"), "ID||100.0|single"},
		{"one of 50", country("ID=50"), "ID||50|not_100"},
		{"one of 0", country("ID=0"), "ID||0|not_100"},
		{"two", country("ID=60", "MY=40"), "ID||60|complete MY||40|complete"},
		{"thirds", country("ID=33.33", "MY=33.33", "PH=33.33"), "ID||33.33|complete MY||33.33|complete PH||33.33|complete"},
		{"whole numbers must fit", country("ID=33", "MY=33", "PH=33"), "ID||33|not_100 MY||33|not_100 PH||33|not_100"},
		{"one without a percentage", country("ID=60", "MY"), "ID||60|missing MY|||missing"},
		{"more than all", country("ID=100", "MY=100"), "ID||100|not_100 MY||100|not_100"},
		{"no percentage at all", country("ID=half", "MY=50"), "ID||half|not_100 MY||50|not_100"},
		{"twice", country("ID=50", "ID=50"), "ID||50|repeated ID||50|repeated"},
		{"a country and a region", country("ID=60") + `<recipient-region code="998" percentage="40"/>`, "ID||60|complete |998|40|complete"},
		{"a region in two vocabularies is one", `<recipient-region vocabulary="2" code="35" percentage="100"/><recipient-region vocabulary="1" code="789" percentage="100"/>`, "|789|100|single"},
		{"only another vocabulary", `<recipient-region vocabulary="99" code="A" percentage="50"/><recipient-region vocabulary="99" code="B" percentage="50"/>`, "|A|50|complete |B|50|complete"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newIATI(flows)
			var got []string
			for line := range strings.Lines(cellsOf(t, s, iatiFile(iatiOne(c.in+`<transaction><value>1</value></transaction>`)), "recipient_country", "recipient_region", "recipient_percentage", "recipients")) {
				_, cells, _ := strings.Cut(strings.TrimSpace(line), ": ")
				got = append(got, cells)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What publishers leave out is left out: whether that is a fault is for the dataset to say.
func TestIATIKeepsWhatIsIncomplete(t *testing.T) {
	in := iatiFile(iatiOne(`<transaction><transaction-type/><transaction-date iso-date="2020-05-01T00:00:00"/><value currency="USD"/></transaction>
		<transaction><value value-date="2020-05-01+07:00">1<!-- thousands? -->,000 </value></transaction><transaction/>`))
	got := cellsOf(t, newIATI(flows), in, "transaction_type", "flow_date", "value", "currency", "value_date", "recipients")
	want := "activity 1, transaction 1, recipient 1: |2020-05-01T00:00:00||USD||unnamed\nactivity 1, transaction 2, recipient 1: ||1,000|AUD|2020-05-01|unnamed\nactivity 1, transaction 3, recipient 1: |||AUD||unnamed\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// The words of version 1.0x.
func TestIATIVersionOne(t *testing.T) {
	in := strings.Replace(iatiFile(`<iati-activity default-currency="EUR"><reporting-org ref="DE-1" type="10">BMZ</reporting-org>
		<transaction><value value-date="2012-02-03">5</value><transaction-type code="D">Disbursement</transaction-type><transaction-date iso-date="2012-02-01"/></transaction>
		<participating-org role="Funding" ref="DE-1">BMZ</participating-org><participating-org role="implementing">GIZ</participating-org>
		<activity-date type="start-planned" iso-date="2012-01-01"/><activity-date type="end-actual" iso-date="2013-01-01"/><activity-date type="other" iso-date="2013-01-01"/>
		<sector vocabulary="DAC" code="15190"/><sector vocabulary="DAC-3" code="151"/><sector>Migration</sector><recipient-country code="ID">Indonesia</recipient-country></iati-activity>`), "2.03", "1.04", 1)
	if got, want := cellsOf(t, newIATI(nil), in, "reporting_org", "funding_orgs", "implementing_orgs", "planned_start", "actual_end", "sectors", "recipient_countries", "iati_version"),
		"activity 1: BMZ|DE-1|GIZ|2012-01-01|2013-01-01|1:15190; 2:151|ID|1.04\n"; got != want {
		t.Errorf("got %swant %s", got, want)
	}
	if got, want := cellsOf(t, newIATI(flows), in, "transaction_type", "value", "currency"), "activity 1, transaction 1, recipient 1: D|5|EUR\n"; got != want {
		t.Errorf("got %swant %s", got, want)
	}
}

func TestIATISelectsWholeActivities(t *testing.T) {
	one := func(id, more string) string {
		return `<iati-activity><iati-identifier>` + id + `</iati-identifier>` + more + `</iati-activity>`
	}
	in := iatiFile(
		one("A", `<recipient-country code="ID" percentage="1"/><recipient-country code="MY" percentage="99"/><participating-org role="4" ref="KR-GOV-051"/>`),
		one("B", `<recipient-country code="MY"/>`),
		one("C", `<transaction><recipient-country code="ID"/></transaction><transaction><recipient-country code="MY"/></transaction>`),
		one("D", `<recipient-region code="ID"/><participating-org role="1" ref="KR-GOV-051"/>`))
	for _, c := range []struct {
		name, want string
		change     func(*IATI)
	}{
		{"no selection", "1 A 2 B 3 C 4 D", nil},
		{"a country, of the activity or of a transaction", "1 A 3 C", func(s *IATI) { s.Countries = []string{"ID"} }},
		{"an organisation", "1 A 4 D", func(s *IATI) { s.Participating = []string{"KR-GOV-051"} }},
		{"both", "1 A", func(s *IATI) { s.Participating, s.Countries = []string{"KR-GOV-051"}, []string{"ID", "SG"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.NewReplacer("activity ", "", ":", "", "\n", " ").Replace(cellsOf(t, newIATI(c.change), in, "iati_identifier"))
			if strings.TrimSpace(got) != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if got := cellsOf(t, newIATI(func(s *IATI) { flows(s); s.Countries = []string{"ID"} }), in, "iati_identifier", "recipient_country"); got !=
		"activity 3, transaction 1, recipient 1: C|ID\nactivity 3, transaction 2, recipient 1: C|MY\n" {
		t.Errorf("an activity is taken whole: %s", got)
	}
}

func TestIATIWrappings(t *testing.T) {
	const want = "activity 1: AU-5-INA1|DFAT & partners\n"
	plain := iatiFile(iatiOne(""))
	encoded := func(name string, encode func(string) (string, error)) string {
		text, err := encode(strings.Replace(strings.Replace(plain, "UTF-8", name, 1), "Safe", "Größe", 1))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, in := range map[string]string{
		"a byte order mark": "\xEF\xBB\xBF" + plain,
		"an activity alone": iatiOne(""),
		"foreign elements and attributes": strings.NewReplacer(`<iati-activity `, `<iati-activity d:index="9" i:hierarchy="7" `, `<title>`, `<d:iati-identifier>X</d:iati-identifier><title>`, `ref="AU-5"`, `d:ref="X" ref="AU-5"`).
			Replace(plain),
		"elements around it":                  strings.Replace(plain, "<iati-activity ", "<d:meta><iati-activity/></d:meta><note/><iati-activity ", 1),
		"a first comment":                     strings.Replace(plain, "<iati-activities", "<!-- by hand --><iati-activities", 1),
		"Latin-1":                             encoded("iso-8859-1", charmap.ISO8859_1.NewEncoder().String),
		"UTF-16":                              encoded("utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String),
		"not the UTF-16 that it calls itself": strings.Replace(plain, "UTF-8", "utf-16", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if got := cellsOf(t, newIATI(nil), in, "iati_identifier", "reporting_org"); got != want {
				t.Errorf("got %q", got)
			}
		})
	}
	for _, empty := range []string{`<?xml version="1.0" encoding="UTF-8"?><iati-activities generated-datetime="" version="2.03"/>` + "\n", iatiFile()} {
		if got := cellsOf(t, newIATI(nil), empty); got != "" {
			t.Errorf("an answer without activities: %q", got)
		}
	}
}

func TestIATIRefusesWhatItIsNot(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*IATI)
	}{
		{name: "a document type", in: `<!DOCTYPE iati-activities [<!ENTITY e "boom">]>` + iatiFile()[39:], want: "document type"},
		{name: "an entity", in: iatiFile(iatiOne("<title>&e;</title>")), want: "activity 1: byte"},
		{name: "a web page", in: "\r\n<!DOCTYPE html><html><body>Maintenance</body></html>", want: "web page"},
		{name: "XHTML", in: `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, want: "web page"},
		{name: "organisations", in: `<iati-organisations version="2.03"/>`, want: "organisations"},
		{name: "Solr's own answer", in: `<response><result numFound="1"/></response>`, want: "activity/iati"},
		{name: "another document", in: "<rss><channel/></rss>", want: "no file of IATI activities"},
		{name: "JSON", in: `{"error": "no key"}`, want: "not UTF-8 XML"},
		{name: "cut short", in: iatiFile(iatiOne("<title>"))[:300], want: "ends"},
		{name: "an encoding that nobody knows", in: strings.Replace(iatiFile(), "UTF-8", "EBCDIC", 1), want: "EBCDIC"},
		{name: "an activity without end", in: iatiFile(iatiOne("<title>" + strings.Repeat("<narrative>all work and no play</narrative>", 1000) + "</title>")), want: "max_activity_bytes", change: func(s *IATI) { s.MaxActivity = 10000 }},
		{name: "a text without end", in: iatiFile(iatiOne("<title><narrative>" + strings.Repeat("<![CDATA[all work]]>", 1000))), want: "max_activity_bytes", change: func(s *IATI) { s.MaxActivity = 10000 }},
		{name: "more than allowed", in: iatiFile(iatiOne(""), iatiOne("")), want: "max_bytes", change: func(s *IATI) { s.MaxBytes = 600 }},
		{name: "more records than allowed", in: iatiFile(iatiOne(""), iatiOne("")), want: "max_rows", change: func(s *IATI) { s.MaxRows = 1 }},
		{name: "nothing", in: "", want: "ends"},
		{name: "settings", in: iatiFile(), want: "records: \"money\"", change: func(s *IATI) { s.Records, s.Countries, s.Participating = "money", []string{"IDN"}, []string{""} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newIATI(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func TestIATITooLongACellIsAFault(t *testing.T) {
	in := iatiFile(iatiOne(`<title><narrative xml:lang="id">`+strings.Repeat("a", MaxCell+1)+`</narrative></title>`), iatiOne(""))
	if got := cellsOf(t, newIATI(nil), in, "title_en"); got != "activity 1: Safe migration\nactivity 2: Safe migration\n" {
		t.Errorf("the second title in a language counts: %s", got)
	}
	in = strings.Replace(in, "Migrasi aman", strings.Repeat("a", MaxCell+1), 1)
	if got := cellsOf(t, newIATI(nil), in, "title_id"); got != "activity 1:  !too_long_cell\nactivity 2: Migrasi aman\n" {
		t.Errorf("got %s", got)
	}
}

// What is held does not grow with the file.
func TestIATIStreams(t *testing.T) {
	const activities = 40_000
	one := []byte(iatiOne(strings.Repeat(`<transaction><value>1</value></transaction>`, 20)))
	parts := []io.Reader{strings.NewReader("<iati-activities>")}
	for range activities {
		parts = append(parts, bytes.NewReader(one))
	}
	in := io.MultiReader(append(parts, strings.NewReader("</iati-activities>"))...)
	var before, now runtime.MemStats
	records, batches := 0, 0
	for b, err := range newIATI(flows).Decode(t.Context(), "many", in) {
		if err != nil {
			t.Fatal(err)
		}
		records += b.Len()
		if batches++; batches == 5 || batches%60 == 0 {
			runtime.GC()
			if runtime.ReadMemStats(&now); batches == 5 {
				before = now
			} else if now.HeapAlloc > before.HeapAlloc+4<<20 {
				t.Fatalf("after %d batches %d bytes are held, after 5 %d", batches, now.HeapAlloc, before.HeapAlloc)
			}
		}
	}
	if records != 20*activities {
		t.Errorf("%d records", records)
	}
}

// iatiRecords are n activities of which identifier, reporter and title differ, and
// iatiOf writes them.
func iatiRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		title := []string{"Safe & <fair> migration", "Größe 中 😀", "says \"hi\"", "last"}[i%4]
		rows[i] = make([]string, len(iatiActivityHeader))
		for column, text := range map[string]string{"iati_identifier": fmt.Sprintf("XM-DAC-41302-%07d", i), "reporting_org_ref": "XM-DAC-41302", "title": title, "title_language": "en", "title_en": title,
			"default_language": "en", "recipients": "unnamed", "sectors_check": "unnamed", "transactions": "0", "budgets": "0", "planned_disbursements": "0", "iati_version": "2.03"} {
			rows[i][slices.Index(iatiActivityHeader, column)] = text
		}
	}
	return rows
}

func iatiOf(_ testing.TB, _ []string, rows [][]string) []byte {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;")
	var activities []string
	for _, r := range rows {
		activities = append(activities, fmt.Sprintf(`<iati-activity xml:lang="en"><iati-identifier>%s</iati-identifier><reporting-org ref="%s"/><title><narrative>%s</narrative></title></iati-activity>`, r[0], r[1], escape.Replace(r[5])))
	}
	return []byte(iatiFile(activities...))
}

func FuzzIATI(f *testing.F) {
	f.Add([]byte(iatiFile(iatiOne(`<transaction ref="T"><transaction-type code="3"/><transaction-date iso-date="2025-03-04"/><value value-date="2025-03-05" currency="USD">-1.50</value><recipient-country code="MY"/></transaction>`))))
	f.Add([]byte(iatiFile(iatiOne(`<budget type="1"><period-start iso-date="2025-01-01"/><value/></budget><recipient-country code="ID" percentage="33.3"/><recipient-region code="1" percentage="66.7"/><sector code="15190"/>`))))
	f.Add([]byte(`<iati-activity d:index="1" n:lang="ENG"><title>A<narrative/><![CDATA[b]]></title><related-activity type="1" ref="P"/></iati-activity>`))
	f.Add([]byte(`<?xml version="1.0" encoding="iso-8859-1"?><iati-activities/>`))
	f.Fuzz(func(t *testing.T, in []byte) {
		checkDecoder(t, newIATI(nil), in)
		checkDecoder(t, newIATI(flows), in)
	})
}

func BenchmarkIATI(b *testing.B) {
	in := []byte(iatiFile(slices.Repeat([]string{iatiOne(strings.Repeat(`<transaction><transaction-type code="3"/><transaction-date iso-date="2025-03-04"/><value value-date="2025-03-05">1.50</value></transaction>`, 20))}, 500)...))
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		for batch, err := range newIATI(flows).Decode(b.Context(), "bench", bytes.NewReader(in)) {
			if err != nil || batch.Len() == 0 {
				b.Fatal(err)
			}
		}
	}
}
