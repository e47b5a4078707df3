package formats

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newBIDiffgram(change func(*BIDiffgram)) *BIDiffgram {
	kind, _ := Lookup("bi_diffgram")
	s := kind.New().(*BIDiffgram)
	if change != nil {
		change(s)
	}
	return s
}

const biSchema = `<xs:schema id="NewDataSet" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="NewDataSet"><xs:complexType>` +
	`<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="Table"/></xs:choice></xs:complexType></xs:element></xs:schema>`

// biAnswer wraps days into an answer, as the service's GET form gives it.
func biAnswer(days ...string) string {
	return `<?xml version="1.0" encoding="utf-8"?>` + "\n" + `<DataSet xmlns="http://tempuri.org/">` + biSchema +
		`<diffgr:diffgram xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1">` +
		`<NewDataSet xmlns="">` + strings.Join(days, "\n") + `</NewDataSet></diffgr:diffgram></DataSet>`
}

func biTable(suffix, day, currency, unit, buy, sell string) string {
	return fmt.Sprintf(`<Table diffgr:id="Table1"><id_%[1]s>7</id_%[1]s><lnk_%[1]s>44</lnk_%[1]s><nil_%[1]s>%[4]s</nil_%[1]s><beli_%[1]s>%[5]s</beli_%[1]s>`+
		`<jual_%[1]s>%[6]s</jual_%[1]s><tgl_%[1]s>%[2]sT00:00:00+07:00</tgl_%[1]s><mts_%[1]s>%[3]s</mts_%[1]s></Table>`, suffix, day, currency, unit, buy, sell)
}

const biColumns = "rate_on|currency|kind|rate_idr|unit|id\n"

func TestBIDiffgramReadsBothSeries(t *testing.T) {
	lokal, asing := biTable("subkurslokal", "2026-02-06", "JPY  ", "100.00", "10741.87", "10910.13"), biTable("subkursasing", "2026-02-05", "USD  ", "1.00", "16825.00", "16825.00")
	transaction := "1 entry 1, buying: 2026-02-06T00:00:00+07:00|JPY|transaction_buy|10741.87|100.00|7\n" +
		"2 entry 1, selling: 2026-02-06T00:00:00+07:00|JPY|transaction_sell|10910.13|100.00|7\n"
	for _, c := range []struct{ name, in, want string }{
		{"transaction rates are two records", biAnswer(lokal), biColumns + transaction},
		{"JISDOR is one", biAnswer(asing), biColumns + "1 entry 1, buying: 2026-02-05T00:00:00+07:00|USD|jisdor|16825.00|1.00|7\n"},
		{"JISDOR with two rates is a fault", biAnswer(strings.Replace(asing, "16825.00", "16825.01", 1)),
			biColumns + "1 entry 1, buying: 2026-02-05T00:00:00+07:00|USD|jisdor|16825.01|1.00|7 !malformed_record\n"},
		{"a SOAP envelope changes nothing", `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><getSubKursLokal3Response xmlns="http://tempuri.org/"><getSubKursLokal3Result>` +
			strings.TrimPrefix(strings.NewReplacer("<DataSet ", "<X ", "</DataSet>", "</X>").Replace(biAnswer(lokal)), `<?xml version="1.0" encoding="utf-8"?>`) +
			`</getSubKursLokal3Result></getSubKursLokal3Response></soap:Body></soap:Envelope>`, biColumns + transaction},
		{"rows as they were before a change are passed over", strings.Replace(biAnswer(lokal), "</diffgr:diffgram>", "<diffgr:before>"+lokal+"</diffgr:before></diffgr:diffgram>", 1), biColumns + transaction},
		{"a field that is not there is empty", biAnswer(strings.Replace(strings.Replace(lokal, "<nil_subkurslokal>100.00</nil_subkurslokal>", "", 1), "10910.13", "", 1)),
			biColumns + strings.NewReplacer("|100.00|", "||", "|10910.13|100.00|", "|||").Replace(transaction)},
		{"no days are no records", biAnswer(), "\n"},
		{"an empty diffgram neither", strings.Replace(biAnswer(), `<NewDataSet xmlns=""></NewDataSet>`, "", 1), "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newBIDiffgram(nil), strings.NewReader(c.in))
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
}

func TestBIDiffgramRefusesWhatItIsNot(t *testing.T) {
	day := biTable("subkurslokal", "2026-02-06", "USD", "1", "1", "2")
	for _, c := range []struct {
		name, in, want string
		change         func(*BIDiffgram)
	}{
		{name: "a document type", in: `<!DOCTYPE x [<!ENTITY e "boom">]>` + biAnswer(day)[39:], want: "document type"},
		{name: "an entity", in: strings.Replace(biAnswer(day), ">USD<", ">&e;<", 1), want: "entity"},
		{name: "a web page", in: "\r\n<!DOCTYPE html><html><body>Request Rejected</body></html>", want: "web page"},
		{name: "a fault", in: `<soap:Envelope xmlns:soap="x"><soap:Body><soap:Fault><faultstring>Server was unable to process request.</faultstring></soap:Fault></soap:Body></soap:Envelope>`, want: "fault"},
		{name: "another document", in: "<rss><channel/></rss>", want: "no diffgram"},
		{name: "another service", in: biAnswer(strings.ReplaceAll(day, "subkurslokal", "subkursbaru")), want: "entry 1"},
		{name: "cut short", in: biAnswer(day)[:800], want: "ends"},
		{name: "endless nesting", in: strings.Repeat("<a>", 100), want: "nest deeper"},
		{name: "an endless field", in: biAnswer(strings.Replace(day, ">USD<", ">"+strings.Repeat("U", 70)+"<", 1)), want: "70 bytes"},
		{name: "an endless text", in: "<a>" + strings.Repeat("x", 3<<20), want: "longer than"},
		{name: "more than allowed", in: biAnswer(day), change: func(s *BIDiffgram) { s.MaxBytes = 600 }, want: "max_bytes"},
		{name: "more records than allowed", in: biAnswer(day), change: func(s *BIDiffgram) { s.MaxRows = 1 }, want: "max_rows"},
		{name: "nothing", in: "", want: "ends"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newBIDiffgram(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

// An answer of the service, read a second time by the standard library.
func TestBIDiffgramAgreesWithEncodingXMLOnARealAnswer(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "bi", "getSubKursLokal3_USD_2026-02.xml"))
	if err != nil {
		t.Skip("the real answer is not at hand")
	}
	var answer struct {
		Days []struct {
			Buy      string `xml:"beli_subkurslokal"`
			Sell     string `xml:"jual_subkurslokal"`
			Unit     string `xml:"nil_subkurslokal"`
			Currency string `xml:"mts_subkurslokal"`
			Day      string `xml:"tgl_subkurslokal"`
			ID       string `xml:"id_subkurslokal"`
		} `xml:"diffgram>NewDataSet>Table"`
	}
	if err := xml.Unmarshal(data, &answer); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, d := range answer.Days {
		fmt.Fprintf(&want, "%s %s transaction_buy %s %s %s\n%[1]s %[2]s transaction_sell %[6]s %[4]s %[5]s\n", d.Day, strings.TrimSpace(d.Currency), d.Buy, d.Unit, d.ID, d.Sell)
	}
	got, err := decodeAll(newBIDiffgram(nil), bytes.NewReader(data))
	if err != nil || len(got.rows) != 8 || got.rows[0][3] != "16741.87" || got.rows[7][3] != "16884.00" {
		t.Fatalf("%d records %v", len(got.rows), err)
	}
	var have strings.Builder
	for _, r := range got.rows {
		fmt.Fprintf(&have, "%s %s %s %s %s %s\n", r[0], r[1], r[2], r[3], r[4], r[5])
	}
	if have.String() != want.String() {
		t.Errorf("got\n%s\nthe standard library reads\n%s", have.String(), want.String())
	}
}

// biAnswerOf writes records of JISDOR as an answer.
func biAnswerOf(_ testing.TB, _ []string, rows [][]string) []byte {
	var days []string
	for _, r := range rows {
		days = append(days, biTable("subkursasing", strings.TrimSuffix(r[0], "T00:00:00+07:00"), r[1]+"  ", r[4], r[3], r[3]))
	}
	return []byte(biAnswer(days...))
}

func biRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("20%02d-%02d-%02dT00:00:00+07:00", i/336%100, i/28%12+1, i%28+1), "USD", "jisdor", fmt.Sprintf("%d.%02d", 16000+i, i%100), "1.00", "7"}
	}
	return rows
}

func FuzzBIDiffgram(f *testing.F) {
	f.Add([]byte(biAnswer(biTable("subkurslokal", "2026-02-06", "USD  ", "1.00", "1.5", "2.5"))))
	f.Add([]byte(biAnswer(biTable("subkursasing", "2026-02-06", "JPY", "100", "1", "1"))))
	f.Add([]byte(`<diffgram><a><b><beli_subkursasing><![CDATA[1]]></beli_subkursasing></b></a></diffgram>`))
	f.Fuzz(func(t *testing.T, in []byte) { checkDecoder(t, newBIDiffgram(nil), in) })
}

func BenchmarkBIDiffgram(b *testing.B) {
	in := biAnswerOf(b, nil, biRecords(5000))
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		for batch, err := range newBIDiffgram(nil).Decode(b.Context(), "bench", bytes.NewReader(in)) {
			if err != nil || batch.Len() == 0 {
				b.Fatal(err)
			}
		}
	}
}
