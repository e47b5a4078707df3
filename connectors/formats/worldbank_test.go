package formats

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newWorldBankJSON(change func(*WorldBankJSON)) *WorldBankJSON {
	kind, _ := Lookup("worldbank_json")
	s := kind.New().(*WorldBankJSON)
	if change != nil {
		change(s)
	}
	return s
}

func newWorldBankCSV(change func(*WorldBankCSV)) *WorldBankCSV {
	kind, _ := Lookup("worldbank_csv")
	s := kind.New().(*WorldBankCSV)
	if change != nil {
		change(s)
	}
	return s
}

// worldBankPageOf is a page as the API writes it.
func worldBankPageOf(page, perPage, total int, rows ...string) string {
	return fmt.Sprintf(`[{"page":%d,"pages":%d,"per_page":%d,"total":%d,"sourceid":"2","lastupdated":"2026-07-13"},[%s]]`,
		page, (total+perPage-1)/max(1, perPage), perPage, total, strings.Join(rows, ","))
}

func worldBankRow(indicator, title, code, country, iso3, date, value string) string {
	return fmt.Sprintf(`{"indicator":{"id":%q,"value":%q},"country":{"id":%q,"value":%q},"countryiso3code":%q,"date":%q,"value":%s,"unit":"","obs_status":"","decimal":0}`,
		indicator, title, code, country, iso3, date, value)
}

const worldBankColumns = "indicator.id|indicator.value|country.id|country.value|countryiso3code|date|value|unit|obs_status|decimal\n"

func TestWorldBankJSONReadsPages(t *testing.T) {
	row := func(date, value string) string {
		return worldBankRow("SM.POP.NETM", "Net migration", "ID", "Indonesia", "IDN", date, value)
	}
	const cells = "SM.POP.NETM|Net migration|ID|Indonesia|IDN|"
	for _, c := range []struct{ name, in, want string }{
		{"a page", worldBankPageOf(1, 50, 2, row("2024", "-38469.50"), row("2023", "null")),
			worldBankColumns + "1 item 1: " + cells + "2024|-38469.50|||0\n2 item 2: " + cells + "2023||||0\n"},
		{"a byte order mark", "\xEF\xBB\xBF" + worldBankPageOf(1, 50, 1, row("2024Q1", "1e10")), worldBankColumns + "1 item 1: " + cells + "2024Q1|1e10|||0\n"},
		{"the last page has the rest", worldBankPageOf(2, 2, 3, row("2022", "1")), worldBankColumns + "1 item 1: " + cells + "2022|1|||0\n"},
		{"numbers as texts", `[{"page":"1","pages":"1","per_page":"50","total":"1"},[` + row("2022", "1") + `]]`, worldBankColumns + "1 item 1: " + cells + "2022|1|||0\n"},
		{"an area without a code", worldBankPageOf(1, 50, 1, worldBankRow("X", "x", "XX", "Not classified", "", "2025", "5.0")), worldBankColumns + "1 item 1: X|x|XX|Not classified||2025|5.0|||0\n"},
		{"no observations", `[{"page":0,"pages":0,"per_page":0,"total":0,"sourceid":null,"lastupdated":null},null]`, "\n"},
		{"an empty list of them", worldBankPageOf(1, 50, 0), "\n"},
		{"an item that is none", worldBankPageOf(1, 50, 1, "7"), "\n1 item 1:  !malformed_record\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newWorldBankJSON(nil), strings.NewReader(c.in))
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
}

func TestWorldBankJSONRefusesWhatIsNoPage(t *testing.T) {
	row := worldBankRow("X", "x", "ID", "Indonesia", "IDN", "2024", "1")
	for _, c := range []struct {
		name, in, want string
		change         func(*WorldBankJSON)
	}{
		{name: "an error with the status of success", in: `[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value\n is not valid"}]}]`,
			want: "(120 Invalid value): The provided parameter value is not valid"},
		{name: "fewer observations than announced", in: worldBankPageOf(1, 50, 2, row), want: "announces 2 observations and has 1"},
		{name: "more of them", in: worldBankPageOf(1, 1, 2, row, row), want: "announces 1 observations and has 2"},
		{name: "an object", in: `{}`, want: "no page"},
		{name: "an empty list", in: `[]`, want: "no page"},
		{name: "a list of one", in: `[{"page":1,"per_page":1,"total":0}]`, want: "no page"},
		{name: "a list of three", in: `[{"page":1,"per_page":1,"total":0},[],1]`, want: "no page"},
		{name: "a page that is none", in: `[7,[]]`, want: "no page"},
		{name: "a page without numbers", in: `[{"total":1},[]]`, want: "no page"},
		{name: "observations that are none", in: `[{"page":1,"per_page":1,"total":0},{}]`, want: "no page"},
		{name: "the XML form", in: `<?xml version="1.0"?><wb:data/>`, want: "XML"},
		{name: "cut short", in: worldBankPageOf(1, 50, 1, row)[:200], want: "cut short"},
		{name: "more after the end", in: worldBankPageOf(1, 50, 1, row) + "[]", want: "more text"},
		{name: "nothing", in: "", want: "ends"},
		{name: "more than allowed", in: worldBankPageOf(1, 50, 2, row, row), change: func(s *WorldBankJSON) { s.MaxRows = 1 }, want: "max_rows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newWorldBankJSON(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

func worldBankFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "worldbank", name))
	if err != nil {
		t.Skip("the real file is not at hand")
	}
	return data
}

func TestWorldBankJSONReadsRecordedAnswers(t *testing.T) {
	got, err := decodeAll(newWorldBankJSON(nil), bytes.NewReader(worldBankFile(t, "v2_page_array_GDP.json")))
	const want = worldBankColumns +
		"1 item 1: NY.GDP.MKTP.CD|GDP (current US$)|MX|Mexico|MEX|2025|1832641364775.52|||0\n" +
		"2 item 2: NY.GDP.MKTP.CD|GDP (current US$)|MX|Mexico|MEX|2024|1830489311088.89|||0\n" +
		"3 item 3: NY.GDP.MKTP.CD|GDP (current US$)|XC|Euro area|EMU|2025||||0\n" +
		"4 item 4: NY.GDP.MKTP.CD|GDP (current US$)|XX|Not classified||2025|5.0|||0\n"
	if err != nil || lines(got) != want {
		t.Errorf("got\n%s%v", lines(got), err)
	}
	if _, err := decodeAll(newWorldBankJSON(nil), bytes.NewReader(worldBankFile(t, "v2_error_200.json"))); err == nil || !strings.Contains(err.Error(), "120 Invalid value") {
		t.Error(err)
	}
}

const worldBankDownload = "\xEF\xBB\xBF\"Data Source\",\"World Development Indicators\",\r\n\r\n\"Last Updated Date\",\"2021-09-15\",\r\n\r\n" +
	"\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2018\",\"2019\",\"2020\",\r\n" +
	"\"Bahamas, The\",\"BHS\",\"Personal remittances\",\"BX.TRF\",\"\",\"12.50\",\"0\",\r\n" +
	"\"Aruba\",\"ABW\",\"Personal remittances\",\"BX.TRF\",\"\",\"\",\"\",\r\n" +
	"\"World\",\"WLD\",\"Personal remittances\",\"BX.TRF\",\"1e9\",\"\",\"..\",\r\n"

func TestWorldBankCSVReadsBothLayouts(t *testing.T) {
	const header = "Country Name|Country Code|Indicator Name|Indicator Code|date|value|data_source|last_updated\n"
	const end = "|World Development Indicators|2021-09-15"
	for _, c := range []struct{ name, in, want string }{
		{"the download of an indicator", worldBankDownload, header +
			"1 line 6, column 6: Bahamas, The|BHS|Personal remittances|BX.TRF|2019|12.50" + end + "\n" +
			"2 line 6, column 7: Bahamas, The|BHS|Personal remittances|BX.TRF|2020|0" + end + "\n" +
			"3 line 8, column 5: World|WLD|Personal remittances|BX.TRF|2018|1e9" + end + "\n"},
		{"a line that is too short", strings.Replace(worldBankDownload, `"12.50","0",`, `"12.50"`, 1), header +
			"1 line 6, column 1: Bahamas, The|BHS|Personal remittances|BX.TRF|||| !ragged_row\n" +
			"2 line 8, column 5: World|WLD|Personal remittances|BX.TRF|2018|1e9" + end + "\n"},
		{"an export of DataBank", "\xEF\xBB\xBFCorridor,Corridor Code,2011Q1 [YR2011Q1],2011M03 [YR2011M03]\nMalaysia to Indonesia,MYSIDN,..,7.21\n" +
			"Saudi Arabia to Indonesia,SAUIDN,-0.5,..\n\n\n\nData from database: Remittance Prices,,,\nLast Updated: 03/13/2020\n",
			"Corridor|Corridor Code|date|value|data_source|last_updated\n" +
				"1 line 2, column 4: Malaysia to Indonesia|MYSIDN|2011M03|7.21||\n2 line 3, column 3: Saudi Arabia to Indonesia|SAUIDN|2011Q1|-0.5||\n"},
		{"no values", "a,2020\nb,\n", "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newWorldBankCSV(nil), strings.NewReader(c.in))
			if err != nil || lines(got) != c.want {
				t.Errorf("got\n%s%v\nwant\n%s", lines(got), err, c.want)
			}
		})
	}
}

func TestWorldBankCSVRefusesWhatItIsNot(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*WorldBankCSV)
	}{
		{name: "no years", in: "a,b\n1,2\n", want: "names years"},
		{name: "nothing", in: "", want: "names years"},
		{name: "a web page", in: "\n<html>", want: "error page"},
		{name: "the archive", in: "PK\x03\x04", want: "not a CSV table"},
		{name: "a column among the years", in: "a,2019,x,2020\n1,2,3,4\n", want: `"x" stands among the years`},
		{name: "a year twice", in: "a,2019,2019\n1,2,3\n", want: "twice"},
		{name: "a year of two names", in: "a,2019 [YR2018]\n1,2\n", want: "two times"},
		{name: "a label of our own", in: "date,2019\n1,2\n", want: `called "date"`},
		{name: "more than allowed", in: worldBankDownload, change: func(s *WorldBankCSV) { s.MaxRows = 2 }, want: "max_rows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newWorldBankCSV(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

// Every cell of a real download, against the standard library.
func TestWorldBankCSVAgreesWithEncodingCSVOnARealFile(t *testing.T) {
	data := worldBankFile(t, "API_BM.TRF.PWKR.CD.DT_DS2_en_csv_v2_3012027.csv")
	got, err := decodeAll(newWorldBankCSV(nil), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
	reader.FieldsPerRecord = -1
	table, err := reader.ReadAll() // blank lines are passed over
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, row := range table[3:] {
		for i, value := range row[4:] {
			if value != "" {
				want = append(want, strings.Join(row[:4], "|")+"|"+table[2][i+4]+"|"+value+"|World Development Indicators|2021-09-15")
			}
		}
	}
	if len(got.rows) != len(want) || len(want) < 5000 {
		t.Fatalf("%d values, want %d", len(got.rows), len(want))
	}
	for i, row := range got.rows {
		if strings.Join(row, "|") != want[i] {
			t.Fatalf("%s: %q, want %q", got.places[i], row, want[i])
		}
	}
}

func worldBankPagesOf(_ testing.TB, _ []string, rows [][]string) []byte {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = worldBankRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6])
	}
	return []byte(worldBankPageOf(1, len(rows), len(rows), out...))
}

func worldBankRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{"SM.POP.NETM", "Net migration", "ID", "Indonesia", "IDN", fmt.Sprint(1000 + i%9000), fmt.Sprintf("-%d.50", i), "", "", "0"}
	}
	return rows
}

// worldBankTableOf writes records as lines with one year each.
func worldBankTableOf(_ testing.TB, _ []string, rows [][]string) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "\"Data Source\",%q,\n\n\"Last Updated Date\",%q,\n\n\"Country Name\",\"Indicator Code\",\"2020\",\n", rows[0][4], rows[0][5])
	for _, r := range rows {
		fmt.Fprintf(&out, "%q,%q,%q,\n", r[0], r[1], r[3])
	}
	return out.Bytes()
}

func worldBankTableRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("Land %d", i), "BX.TRF", "2020", fmt.Sprintf("%d.5", i), "World Development Indicators", "2021-09-15"}
	}
	return rows
}

func FuzzWorldBankJSON(f *testing.F) {
	row := worldBankRow("SM.POP.NETM", "Net migration", "ID", "Indonesia", "IDN", "2024", "-1.5")
	f.Add([]byte(worldBankPageOf(1, 50, 2, row, row)))
	f.Add([]byte("\xEF\xBB\xBF" + `[{"page":0,"pages":0,"per_page":"0","total":0},null]`))
	f.Add([]byte(`[{"message":[{"id":"120","key":"Invalid value","value":"x"}]}]`))
	f.Fuzz(func(t *testing.T, in []byte) { checkDecoder(t, newWorldBankJSON(nil), in) })
}

func FuzzWorldBankCSV(f *testing.F) {
	f.Add([]byte(worldBankDownload))
	f.Add([]byte("Corridor,2011Q1 [YR2011Q1],2011Q2 [YR2011Q2]\nMYSIDN,..,7.21\n\nLast Updated: 03/13/2020,,\n"))
	f.Fuzz(func(t *testing.T, in []byte) { checkDecoder(t, newWorldBankCSV(nil), in) })
}
