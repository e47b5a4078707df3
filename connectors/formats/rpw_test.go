package formats

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func newRPW(change func(*RPW)) *RPW {
	kind, _ := Lookup("rpw")
	s := kind.New().(*RPW)
	if change != nil {
		change(s)
	}
	return s
}

// The column names of the two sheets, as published notes give them. No workbook was at hand.
var (
	rpwCC    = "%[1]s lcu amount|%[1]s denomination amount|%[1]s lcu code|%[1]s lcu fee|%[1]s lcu fx rate|%[1]s fx margin|%[1]s total cost %%"
	rpwLands = "source_code|source_name|source_region|source_income|source_lending|source_G8G20|" +
		"destination_code|destination_name|destination_region|destination_income|destination_lending|destination_G8G20"
	rpwBefore = "id|period|" + rpwLands + "|firm|firm_type|product|sending location|speed actual|" + fmt.Sprintf(rpwCC, "cc1") + "|" + fmt.Sprintf(rpwCC, "cc2") +
		"|inter lcu bank fx|transparent|note1|note2|coverage|pick-up method|date|corridor"
	rpwAfter = "id|period|" + rpwLands + "|firm|firm_type|payment instrument|access point|speed actual|" + fmt.Sprintf(rpwCC, "cc1") + "|" + fmt.Sprintf(rpwCC, "cc2") +
		"|inter lcu bank fx|transparent|Standard Note|note2|receiving network coverage|pickup location|pickup method|date|corridor"
)

// rpwBook writes sheets of rows; the first two stand for what the workbook has besides its data.
func rpwBook(t testing.TB, sheets ...[][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	names := []string{"Legend", "Countries", "Dataset (up to Q1 2016)", "Dataset (from Q2 2016)", "More"}
	err := f.SetSheetName("Sheet1", names[0])
	for i, rows := range sheets {
		if i > 0 && rows == nil {
			continue
		}
		if i > 0 && err == nil {
			_, err = f.NewSheet(names[i])
		}
		w, streamErr := f.NewStreamWriter(names[i])
		for r, row := range rows {
			if streamErr == nil && len(row) > 0 {
				streamErr = w.SetRow(fmt.Sprintf("A%d", r+1), row)
			}
		}
		if streamErr == nil {
			streamErr = w.Flush()
		}
		if err == nil {
			err = streamErr
		}
	}
	var out bytes.Buffer
	if err == nil {
		err = f.Write(&out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func rpwTitles(names string) (row []any) {
	for name := range strings.SplitSeq(names, "|") {
		row = append(row, name)
	}
	return row
}

// rpwLine fills the named columns of a sheet.
func rpwLine(names string, values map[string]any) []any {
	row := make([]any, strings.Count(names, "|")+1)
	at := 0
	for name := range strings.SplitSeq(names, "|") {
		row[at] = values[name]
		at++
	}
	return row
}

// picked writes some columns of the records.
func picked(d decoded, names ...string) string {
	at := map[string]int{}
	for i, name := range d.header {
		at[name] = i
	}
	var out strings.Builder
	for i, row := range d.rows {
		fmt.Fprintf(&out, "%s:", d.places[i])
		for _, name := range names {
			if col, ok := at[name]; ok {
				fmt.Fprintf(&out, " %s", row[col])
			} else {
				fmt.Fprintf(&out, " (%s)", name)
			}
		}
		if d.faults[i] != "" {
			fmt.Fprintf(&out, " !%s", d.faults[i])
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func TestRPWReadsBothLayouts(t *testing.T) {
	before := rpwLine(rpwBefore, map[string]any{"id": 17, "period": "2013_3Q", "source_code": "MYS", "destination_code": "IDN", "firm": "Contoh Remit", "product": "Cash to cash",
		"sending location": "at Branch", "coverage": "Nationwide", "note1": "n1", "pick-up method": "Cash",
		"cc1 denomination amount": 200, "cc1 lcu code": "MYR", "cc1 lcu fee": 10.5, "cc1 total cost %": 3.25, "cc2 total cost %": -0.75})
	after := rpwLine(rpwAfter, map[string]any{"id": "900001", "period": "2024_3Q", "source_code": "SAU", "destination_code": "IDN", "firm": "Bank Contoh",
		"payment instrument": "Cash,Bank account", "access point": "Agent", "receiving network coverage": "High", "Standard Note": "n2", "pickup location": "Agent", "pickup method": "Cash",
		"cc1 total cost %": "4.10", "cc2 lcu fee": 25, "transparent": "Yes", "date": "05/Aug/2024"})
	helpers := append(rpwLine(rpwAfter, map[string]any{"period": "2025_3Q", "firm": "F"}), 2025, "SAU2025")
	book := rpwBook(t, [][]any{{"Legend"}}, [][]any{{"Countries"}}, [][]any{rpwTitles(rpwBefore), {}, before}, [][]any{rpwTitles(rpwAfter), after, helpers})
	got, err := decodeAll(newRPW(nil), bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	const names = "id period source_code destination_code firm product payment_instrument access_point receiving_coverage note pickup_method pickup_location usd service_no denomination currency fee_lcu total_cost transparent date"
	const want = "Dataset (up to Q1 2016)!Z3: 17 2013_3Q MYS IDN Contoh Remit Cash to cash  at Branch Nationwide n1 Cash  200 1 200 MYR 10.5 3.25  \n" +
		"Dataset (up to Q1 2016)!AG3: 17 2013_3Q MYS IDN Contoh Remit Cash to cash  at Branch Nationwide n1 Cash  500 1    -0.75  \n" +
		"Dataset (from Q2 2016)!Z2: 900001 2024_3Q SAU IDN Bank Contoh  Cash,Bank account Agent High n2 Cash Agent 200 1    4.10 Yes 05/Aug/2024\n" +
		"Dataset (from Q2 2016)!AG2: 900001 2024_3Q SAU IDN Bank Contoh  Cash,Bank account Agent High n2 Cash Agent 500 1   25  Yes 05/Aug/2024\n" +
		"Dataset (from Q2 2016)!Z3:  2025_3Q   F        200 1      \n"
	if picked(got, strings.Fields(names)...) != want {
		t.Errorf("got\n%s\nwant\n%s", picked(got, strings.Fields(names)...), want)
	}
	for i, n := range got.numbers {
		if n != int64(i+1) {
			t.Errorf("record %d has the number %d", i+1, n)
		}
	}
	// Names in capitals, as other copies of the workbook have them.
	book = rpwBook(t, nil, nil, [][]any{rpwTitles(strings.ToUpper(rpwBefore)), before})
	if got, err = decodeAll(newRPW(nil), bytes.NewReader(book)); err != nil || len(got.rows) != 2 || !strings.Contains(picked(got, "note", "pickup_method"), "n1 Cash") {
		t.Errorf("%s %v", picked(got, "note", "pickup_method"), err)
	}
}

// The services of one provider are counted for each corridor and quarter.
func TestRPWCountsServices(t *testing.T) {
	line := func(period, source, firm string) []any {
		return rpwLine(rpwAfter, map[string]any{"period": period, "source_code": source, "destination_code": "IDN", "firm": firm, "cc1 total cost %": 1, "cc2 total cost %": 2})
	}
	got, err := decodeAll(newRPW(nil), bytes.NewReader(rpwBook(t, nil, nil, nil, [][]any{rpwTitles(rpwAfter), line("2024_1Q", "MYS", "A"), line("2024_1Q", "MYS", "B"),
		line("2024_1Q", "MYS", " A"), line("2024_1Q", "SGP", "A"), line("2024_2Q", "MYS", "A")})))
	var numbers []string
	for _, row := range got.rows {
		numbers = append(numbers, row[slices.Index(rpwHeader, "service_no")])
	}
	if err != nil || strings.Join(numbers, "") != "1111221111" {
		t.Errorf("%v %v", numbers, err)
	}
}

// What the notes do not know comes along instead of being lost.
func TestRPWHandsOnColumnsThatAreNotKnown(t *testing.T) {
	names := rpwAfter + "|Sending Tax"
	book := rpwBook(t, nil, nil, nil, [][]any{rpwTitles(names), rpwLine(names, map[string]any{"period": "2026_1Q", "Sending Tax": 1, "cc1 total cost %": 2})})
	got, err := decodeAll(newRPW(func(s *RPW) { s.Sheets = []string{"dataset (from q2 2016)"} }), bytes.NewReader(book))
	if err != nil || picked(got, "total_cost", "sending_tax") != "Dataset (from Q2 2016)!Z2: 2 1\n" {
		t.Errorf("%s %v", picked(got, "total_cost", "sending_tax"), err)
	}
}

func TestRPWRefusesWhatItIsNot(t *testing.T) {
	sheet := func(names string, rows ...[]any) []byte {
		return rpwBook(t, nil, nil, append([][]any{rpwTitles(names)}, rows...))
	}
	line := rpwLine(rpwBefore, map[string]any{"firm": strings.Repeat("f", 100), "cc1 total cost %": 1, "cc2 total cost %": 1})
	for _, c := range []struct {
		name, want string
		in         []byte
		change     func(*RPW)
	}{
		{name: "another workbook", in: rpwBook(t, [][]any{{"a"}}), want: "no sheet whose name begins with Dataset"},
		{name: "a sheet that is not there", in: sheet(rpwBefore), change: func(s *RPW) { s.Sheets = []string{"Data"} }, want: `no sheet "Data"`},
		{name: "another table", in: sheet("a|b|period"), want: "has no source_code, destination_code, firm, cc1 total cost %, cc2 total cost %"},
		{name: "an empty sheet", in: rpwBook(t, nil, nil, [][]any{}), want: "empty"},
		{name: "a column twice", in: sheet(rpwBefore + "|Period"), want: `"Period" stands there twice`},
		{name: "a column beside its other name", in: sheet(rpwBefore + "|access point"), want: "beside its other name"},
		{name: "an unknown column twice", in: sheet(rpwBefore + "|x|x"), want: "not known"},
		{name: "a file that is none", in: []byte("PK"), want: "ZIP"},
		{name: "an old workbook", in: []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), want: "XLSX"},
		{name: "more than allowed", in: sheet(rpwBefore, line), change: func(s *RPW) { s.MaxRows = 1 }, want: "row 2: more than max_rows"},
		{name: "more than may be unpacked", in: sheet(rpwBefore, line), change: func(s *RPW) { s.MaxUnzip = 7000 }, want: "max_unzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newRPW(c.change), bytes.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
	got, err := decodeAll(newRPW(func(s *RPW) { s.MaxCell = 50 }), bytes.NewReader(sheet(rpwBefore, line)))
	if err != nil || strings.Count(lines(got), "!too_long_cell") != 2 {
		t.Errorf("a long cell: %s %v", lines(got), err)
	}
}

// rpwOf writes records, which come in pairs for one line, as a workbook.
func rpwOf(t testing.TB, header []string, rows [][]string) []byte {
	sheet := [][]any{rpwTitles(rpwAfter)}
	for pair := 0; pair < len(rows); pair += 2 {
		values := map[string]any{}
		for amount, row := range rows[pair:min(pair+2, len(rows))] {
			for i, name := range header {
				if name == "total_cost" {
					values[fmt.Sprintf("cc%d total cost %%", amount+1)] = row[i]
				} else if name == "period" || name == "source_code" || name == "firm" {
					values[name] = row[i]
				}
			}
		}
		sheet = append(sheet, rpwLine(rpwAfter, values))
	}
	return rpwBook(t, nil, nil, nil, sheet)
}

func rpwRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		row := make([]string, len(rpwHeader))
		for k, name := range rpwHeader {
			switch name {
			case "period":
				row[k] = "2024_1Q"
			case "source_code":
				row[k] = "MYS"
			case "firm":
				row[k] = fmt.Sprintf("Contoh %d", i/2)
			case "service_no":
				row[k] = "1"
			case "usd":
				row[k] = rpwAmounts[i%2]
			case "total_cost":
				row[k] = fmt.Sprintf("%d.25", i)
			}
		}
		rows[i] = row
	}
	return rows
}

func FuzzRPW(f *testing.F) {
	f.Add(rpwOf(f, rpwHeader, rpwRecords(4)))
	f.Add(rpwBook(f, nil, nil, [][]any{rpwTitles(rpwBefore), {}, rpwLine(rpwBefore, map[string]any{"period": "2013_3Q", "cc2 fx margin": 0})}))
	f.Fuzz(func(t *testing.T, in []byte) {
		checkDecoder(t, newRPW(func(s *RPW) { s.MaxUnzip = 1 << 20 }), in)
	})
}
