package formats

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func newMissing() *MissingMigrants {
	kind, _ := Lookup("missing_migrants")
	return kind.New().(*MissingMigrants)
}

// Names of the layouts: that of 2026 is a real file's; those before are as programs that read them show them.
const (
	missing2026 = `"Main ID","Incident ID",Region,"Incident Date",Year,"Reported Month","Number Dead","Minimum Estimated Number of Missing","Number of Survivors","Number of Females","Number of Males","Number of Children","Region of Origin","Cause of Death","Country of Origin","Location of death","Information Source",Coordinates,"Migration route",URL,"UNSD Geographical Grouping","Source Quality"` + "\n"
	missing2020 = "Web ID,Region of Incident,Reported Date,Reported Year,Reported Month,Number Dead,Minimum Estimated Number of Missing,Total Dead and Missing,Number of Survivors,Number of Females,Number of Males,Number of Children,Cause of Death,Location Description,Information Source,Location Coordinates,Migration Route,URL,UNSD Geographical Grouping,Source Quality\n"
	missing2023 = "Main ID,Incident ID,Incident Type,Region of Incident,Incident Date,Incident Year,Month,Number of Dead,Minimum Estimated Number of Missing,Total Number of Dead and Missing,Number of Survivors,Number of Females,Number of Males,Number of Children,Country of Origin,Region of Origin,Cause of Death,Country of Incident,Migration Route,Location of Incident,Coordinates,UNSD Geographical Grouping,Information Source,URL,Source Quality,Comments\n"
)

func missingNames() (names []string) {
	for _, c := range missingColumns {
		names = append(names, c.name)
	}
	return names
}

func missingWant(records ...string) string {
	return strings.Join(missingNames(), "|") + "\n" + strings.Join(records, "\n") + "\n"
}

func TestMissingMigrantsReadsEveryLayout(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"2026", missing2026 +
			`2026.MMP0012,2026.MMP0012,"South-eastern Asia","Fri, 01/02/2026 - 12:00",2026,January,1,0,,,1,,"South-eastern Asia",Drowning,Indonesia,"Off ""Dumai"", Riau","A, B","1.663012355, 101.434933",,"https://perma.cc/A, https://perma.cc/B","South-eastern Asia",3` + "\n",
			missingWant(`1 line 2: 2026.MMP0012|2026.MMP0012|2026-01-02|2026|January||South-eastern Asia||1|0||||1||South-eastern Asia|Indonesia|Drowning|Off "Dumai", Riau|1.663012355|101.434933||A, B|https://perma.cc/A, https://perma.cc/B|South-eastern Asia|3`)},
		{"2020", "\ufeff" + missing2020 + "52673,Mediterranean,13-Jan-20,2020,Jan,,\"1,022\",\"1,022\",28,,,,Drowning,\"Off Libya\nat sea\",UNHCR,\"33.1, -12.5\",Central Mediterranean,,Uncategorized,4\n",
			missingWant("1 line 2: 52673||2020-01-13|2020|Jan||Mediterranean|||1,022|1,022|28|||||" + "|Drowning|Off Libya\nat sea|33.1|-12.5|Central Mediterranean|UNHCR||Uncategorized|4")},
		{"2023, with a column that nobody knows", missing2023 +
			"2014.MMP00001,2014.MMP00001,Incident,North America,\"January 6, 2014\",2014,January,1,0,1,0,0,1,0,Mexico,Central America,Violence,United States of America,US-Mexico,Pima,\"31.65, -110.36\",Northern America,Pima ME,http://x,5,seen twice\n",
			strings.Replace(missingWant("1 line 2: 2014.MMP00001|2014.MMP00001|2014-01-06|2014|January|Incident|North America|United States of America|1|0|1|0|0|1|0|Central America|Mexico|Violence|Pima|31.65|-110.36|US-Mexico|Pima ME|http://x|Northern America|5|seen twice"), "source_quality\n", "source_quality|Comments\n", 1)},
		{"no incidents", missing2026, "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newMissing(), strings.NewReader(c.in))
			if err != nil || lines(got) != c.want {
				t.Errorf("%v\n got %s\nwant %s", err, lines(got), c.want)
			}
		})
	}
}

func TestMissingMigrantsHoldsDaysAgainstWhatStandsBesideThem(t *testing.T) {
	for _, c := range []struct{ day, year, want, why string }{
		{"Thu, 01/01/2026 - 12:00", "2026", "2026-01-01", ""},
		{"Thursday, 01/01/2026", "", "2026-01-01", ""},
		{"Thu, 02/01/2026 - 12:00", "2026", "", "day of the week"}, // the second of January is a Friday, the first of February a Sunday
		{"Thu, 01/01/2026 - 12:00", "2025", "", "year"},
		{"13-Jan-20", "2020", "2020-01-13", ""},
		{"13-Jan-20", "2020.0", "2020-01-13", ""},
		{"13-Jan-20", "2019", "", "year"},
		{"13-Jan-20", "", "13-Jan-20", ""}, // no century: the dataset says so
		{"March 28, 2019", "2019", "2019-03-28", ""},
		{"2019-03-28", "", "2019-03-28", ""},
		{"early 2019", "2019", "early 2019", ""},
		{"", "2019", "", ""},
	} {
		day, why := missingDay(c.day, c.year)
		if c.why == "" && (day != c.want || why != "") || c.why != "" && !strings.Contains(why, c.why) {
			t.Errorf("%q beside %q: %q, %q", c.day, c.year, day, why)
		}
	}
	got, err := decodeAll(newMissing(), strings.NewReader("Incident ID,Incident Date,Year,Number Dead,Minimum Estimated Number of Missing,Coordinates\n1,\"Thu, 01/01/2026 - 12:00\",2024,1,0,\"1, 2, 3\"\n2,\n"))
	if err != nil || !slices.Equal(got.faults, []string{MalformedRecord, RaggedRow}) || got.rows[0][19] != "1, 2, 3" || got.rows[0][20] != "" {
		t.Errorf("%v %v", lines(got), err)
	}
}

func TestMissingMigrantsRefusesOtherFiles(t *testing.T) {
	for in, want := range map[string]string{
		"year,cause,lon,lat,n\n2014,Drowning,27,37.3,12\n": `no column "incident id" or "web id"`,
		"Incident ID,Incident Date,Number Dead\n1,2,3\n":   `no column "minimum estimated number of missing"`,
		"": "empty",
	} {
		if _, err := decodeAll(newMissing(), strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", in, err, want)
		}
	}
}

// The project's own file of 2026: every record is read, and none loses a cell. A plain reading by
// encoding/csv is held against ours; regions say whether latitude and longitude are what they seem.
func TestMissingMigrantsReadsARealFile(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "iom", "MissingMigrants-Global-2026-05-06.csv"))
	if err != nil {
		t.Skip("the real file is not at hand")
	}
	got, err := decodeAll(newMissing(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(got.rows) != 238 || len(plain) != 239 {
		t.Fatalf("%d records, %d lines by encoding/csv, %v", len(got.rows), len(plain), err)
	}
	column := func(name string) int { return slices.Index(got.header, name) }
	for i, row := range got.rows {
		if got.faults[i] != "" {
			t.Errorf("%s: fault %s", got.places[i], got.faults[i])
		}
		p := plain[i+1]
		for name, want := range map[string]string{"incident_id": p[1], "dead": p[6], "missing": p[7], "survivors": p[8], "location": p[15], "urls": p[19], "source_quality": p[21],
			"incident_on": fmt.Sprintf("%s-%s-%s", p[3][11:15], p[3][5:7], p[3][8:10])} {
			if row[column(name)] != want {
				t.Errorf("record %d: %s is %q, want %q", i+1, name, row[column(name)], want)
			}
		}
		lat, err1 := strconv.ParseFloat(row[column("latitude")], 64)
		lon, err2 := strconv.ParseFloat(row[column("longitude")], 64)
		if row[column("latitude")]+", "+row[column("longitude")] != p[17] || err1 != nil || err2 != nil {
			t.Errorf("record %d: coordinates %q", i+1, p[17])
		}
		if row[column("region")] == "Mediterranean" && (lat < 30 || lat > 46 || lon < -10 || lon > 37) {
			t.Errorf("record %d: %v, %v is not in the Mediterranean", i+1, lat, lon)
		}
	}
}

// missingRecords makes n records, of the columns that a file of 2026 can hold.
func missingRecords(n int) [][]string {
	out := make([][]string, n)
	for i := range out {
		id := fmt.Sprintf("2026.MMP%05d", i+1)
		out[i] = []string{id, id, "2026-01-02", "2026", "January", "", "Mediterranean", "", strconv.Itoa(i % 9), "", "", "", "1", "", "",
			"Unknown", "Morocco", "Drowning", "Off the coast, 3 km", "35.5", "-5.25", "", "a \"b\"", "https://perma.cc/" + id, "Uncategorized", "3"}
	}
	return out
}

func missingOf(t testing.TB, _ []string, rows [][]string) []byte {
	var out bytes.Buffer
	out.WriteString(missing2026)
	w := csv.NewWriter(&out)
	for _, r := range rows {
		if err := w.Write([]string{r[1], r[0], r[6], "Fri, 01/02/2026 - 12:00", r[3], r[4], r[8], r[9], r[11], r[12], r[13], r[14], r[15], r[17], r[16], r[18], r[22], r[19] + ", " + r[20], r[21], r[23], r[24], r[25]}); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return out.Bytes()
}

func FuzzMissingMigrants(f *testing.F) {
	f.Add([]byte(missing2026 + `2026.MMP0012,2026.MMP0012,Asia,"Fri, 01/02/2026 - 12:00",2026,January,1,0,,,1,,A,Drowning,Indonesia,"Riau","A, B","1.66, 101.43",,"u, v",S,3` + "\n"))
	f.Add([]byte(missing2020 + "52673,Mediterranean,13-Jan-20,2020,Jan,,\"1,022\",,28,,,,Drowning,\"Off\nLibya\",UNHCR,\"33.1, -12.5\",,,,4\n"))
	f.Add([]byte(missing2023 + "1,1,Incident,North America,\"January 6, 2014\",2014,January,1,0,1,0,0,1,0,Mexico,,Violence,USA,,Pima,31.65,,,,5,x\n"))
	f.Fuzz(func(t *testing.T, in []byte) { checkDecoder(t, newMissing(), in) })
}
