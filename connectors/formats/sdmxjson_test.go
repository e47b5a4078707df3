package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func newSDMXJSON(change func(*SDMXJSON)) *SDMXJSON {
	kind, _ := Lookup("sdmx_json")
	s := kind.New().(*SDMXJSON)
	if change != nil {
		change(s)
	}
	return s
}

// sdmxStructure10 is a structure in the form of version 1.0: one object, levels, indexes.
const sdmxStructure10 = `{"links":[{"rel":"dataflow","urn":"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=ILO:DF_X(1.0)"}],
	"dimensions":{"dataSet":[{"id":"FREQ","keyPosition":1,"values":[{"id":"A","name":"Annual"}]}],
		"series":[{"id":"REF_AREA","keyPosition":0,"values":[{"id":"IDN","name":"Indonesia"},{"id":"MYS"}]}],
		"observation":[{"id":"TIME_PERIOD","keyPosition":2,"values":[{"id":"2023"},{"id":"2024"}]}]},
	"attributes":{"dataSet":[{"id":"UNIT","default":"PT","values":[{"id":"PT"}]}],
		"series":[{"id":"TITLE","values":[{"name":"Rate, \u00e9 \"a\""},null]}],
		"observation":[{"id":"OBS_STATUS","values":[{"id":"A"},{"id":"U"}]},{"id":"NOTE"}]}}`

func sdmxMessage10(series string) string {
	return `{"meta":{"id":"x"},"data":{"dataSets":[{"action":"Information","series":{` + series + `}}],"structure":` + sdmxStructure10 + `},"errors":[]}`
}

const sdmxHeader10 = "DATAFLOW|ACTION|REF_AREA|FREQ|TIME_PERIOD|OBS_VALUE|UNIT|TITLE|OBS_STATUS|NOTE\n"

func TestSDMXJSONReadsBothVersions(t *testing.T) {
	const flow = "ILO:DF_X(1.0)|"
	two := func(structures, sets string) string {
		return `{"data":{"structures":[` + structures + `],"dataSets":[` + sets + `]}}`
	}
	for _, c := range []struct {
		name, in, want string
		change         func(*SDMXJSON)
	}{
		{name: "1.0, series, the structure behind", in: sdmxMessage10(`"0:":{},"0":{"attributes":[0],"observations":{"0":[37.10,0],"1":[1e3,1,"a note"]}},"1":{"attributes":[null],"observations":{"1":[null,null,7]}}`),
			want: sdmxHeader10 + "1 item 1: " + flow + "I|IDN|A|2023|37.10|PT|Rate, é \"a\"|A|\n2 item 2: " + flow + "I|IDN|A|2024|1e3|PT|Rate, é \"a\"|U|a note\n3 item 3: " + flow + "I|MYS|A|2024||PT|||7\n"},
		{name: "a draft of 1.0 without data", in: `{"header":{},"structure":` + sdmxStructure10 + `,"dataSets":[{"series":{"1":{"observations":{"0":[1]}}}}]}`,
			want: sdmxHeader10 + "1 item 1: " + flow + "|MYS|A|2023|1|PT|||\n"},
		{name: "indexes that lead nowhere", in: sdmxMessage10(`"7":{"observations":{"0":[1]}},"0":{"observations":{"9":[2],"0:0":[3],"x":[4],"1":[5,9],"0":{"a":1}}}`),
			want: sdmxHeader10 + "1 item 1: " + flow + "I||A|2023|1|PT||| !malformed_record\n2 item 2: " + flow + "I|IDN|A||2|PT||| !malformed_record\n" +
				"3 item 3: " + flow + "I|IDN|A|2023|3|PT||| !malformed_record\n4 item 4: " + flow + "I|IDN|A||4|PT||| !malformed_record\n" +
				"5 item 5: " + flow + "I|IDN|A|2024|5|PT||| !malformed_record\n6 item 6: " + flow + "I|IDN|A|2023||PT||| !malformed_record\n"},
		{name: "2.0, several structures, measures and values", in: two(
			`{"links":[{"urn":"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=X:B(1)"}],"dimensions":{"observation":[{"id":"D1","keyPosition":0,"values":[{"id":"a"},{"id":"b"}]},{"id":"D2","keyPosition":1,"values":[{"value":2010},{"value":"x"}]}]},
			"measures":{"observation":[{"id":"M1"},{"id":"M2","values":[{"id":"low"},{"id":"high"}]}]},
			"attributes":{"dimensionGroup":[{"id":"G1","values":[{"id":"g0"},{"id":"g1"}]},{"id":"G2","default":5}],"observation":[{"id":"MANY","values":[{"id":"p"},{"id":"q"}]},{"id":"TEXT"}]}},
			{"dimensions":{"observation":[{"id":"D3","values":[{"id":"z"}]}]}}`,
			`{"structure":0,"action":"Merge","dimensionGroupAttributes":{"0:":[1],":1":[null,"two"],"~:0":[0]},
			"observations":{"0:0":[10,0,[0,1],{"en":"Any"}],"0:1":[11.50,1,null,["a","b"]],"1:0":[true,null]}},{"structure":1,"action":"Replace","observations":{"0":[1]}}`),
			want: "DATAFLOW|ACTION|D1|D2|M1|M2|G1|G2|MANY|TEXT|D3|OBS_VALUE\n" +
				"1 item 1: X:B(1)|M|a|2010|10|low|g0|5|p;q|{\"en\":\"Any\"}||\n2 item 2: X:B(1)|M|a|x|11.50|high|g1|two||a;b||\n3 item 3: X:B(1)|M|b|2010|true||g0|5||||\n4 item 4: |R|||||||||z|1\n"},
		{name: "deletions and unknown actions", in: two(sdmxStructure10, `{"action":"Delete","series":{"0":{"observations":{"0":[1]}}}},{"action":"Burn","series":{"0":{"observations":{"1":[1]}}}}`),
			want: sdmxHeader10 + "1 item 1: " + flow + "D|IDN|A|2023|1|PT||| !malformed_record\n2 item 2: " + flow + "|IDN|A|2024|1|PT||| !malformed_record\n"},
		{name: "deletions that the feed reads", change: func(s *SDMXJSON) { s.Deletions = "keep" }, in: two(sdmxStructure10, `{"action":"Delete","series":{"0":{"observations":{"0":[1]}}}}`),
			want: sdmxHeader10 + "1 item 1: " + flow + "D|IDN|A|2023|1|PT|||\n"},
		{name: "a long value", change: func(s *SDMXJSON) { s.MaxCell = 14 }, in: sdmxMessage10(`"0":{"observations":{"0":[1,0,"` + strings.Repeat("x", 15) + `"]}}`),
			want: sdmxHeader10 + "1 item 1: " + flow + "I|IDN|A|2023|1|PT||A| !too_long_cell\n"},
		{name: "no text", in: sdmxMessage10(`"0":{"observations":{"0":[1,0,"a\u0000b"]}}`), want: sdmxHeader10 + "1 item 1: " + flow + "I|IDN|A|2023|1|PT||A|a?b !malformed_record\n"},
		{name: "no data sets", in: `{"data":{"structures":[],"dataSets":[]}}`, want: "\n"},
		{name: "no results", in: `{"errors":[{"code":100,"title":"No results"}]}`, want: "\n"},
		{name: "a message of the service's own beside the data", in: `{"errors":[{"code":1001,"title":"x"}],"data":{"structures":[` + sdmxStructure10 + `],"dataSets":[{"series":{"0":{"observations":{"0":[1]}}}}]}}`,
			want: sdmxHeader10 + "1 item 1: " + flow + "|IDN|A|2023|1|PT|||\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(newSDMXJSON(c.change), strings.NewReader(c.in))
			if err != nil || lines(got) != c.want {
				t.Errorf("%v, got\n%s\nwant\n%s", err, lines(got), c.want)
			}
		})
	}
}

func TestSDMXJSONRefusesWhatIsNotItsOwn(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		change         func(*SDMXJSON)
	}{
		{name: "another document", in: `{"a":1}`, want: "no member dataSets"},
		{name: "a list", in: `[1]`, want: "no member dataSets"},
		{name: "no JSON", in: `DATAFLOW,A`, want: "no JSON"},
		{name: "a cut", in: sdmxMessage10(`"0":{}`)[:200], want: "cut short"},
		{name: "a web page", in: "<html>", want: "no JSON"},
		{name: "an archive", in: "PK\x03\x04", want: "ZIP"},
		{name: "errors", in: `{"errors":[{"code":413,"title":"Too\nlarge"}]}`, want: `error "413" (it says: "Too large")`},
		{name: "an error beside the data", in: `{"errors":[{"code":510,"title":"cut"}],"data":{"dataSets":[]}}`, want: `"510"`},
		{name: "a structure that is not there", in: `{"data":{"structures":[],"dataSets":[{"structure":2,"observations":{"0":[1]}}]}}`, want: "structure 2"},
		{name: "a component without a name", in: `{"data":{"structures":[{"dimensions":{"series":[{}]}}],"dataSets":[]}}`, want: "no id"},
		{name: "another structure", in: `{"data":{"structures":[{"dimensions":7}],"dataSets":[]}}`, want: "structure 1"},
		{name: "too many bytes", in: sdmxMessage10(""), change: func(s *SDMXJSON) { s.MaxBytes = 10 }, want: "max_bytes"},
		{name: "too many records", in: sdmxMessage10(`"0":{"observations":{"0":[1],"1":[2]}}`), change: func(s *SDMXJSON) { s.MaxRows = 1 }, want: "max_rows"},
		{name: "settings", change: func(s *SDMXJSON) { s.MaxBytes, s.Deletions = 0, "x" }, want: "max_bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeAll(newSDMXJSON(c.change), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q in it", err, c.want)
			}
		})
	}
}

// The standard's own example, as a time series and flat, says the same.
func TestSDMXJSONReadsTheExamplesOfTheStandard(t *testing.T) {
	const want = "DATAFLOW|ACTION|FREQ|CURRENCY|CURRENCY_DENOM|EXR_TYPE|EXR_SUFFIX|TIME_PERIOD|OBS_VALUE|TIME_FORMAT|TITLE|OBS_STATUS\n" +
		"1 item 1: ECB:EXR(1.0)|M|D|NZD|EUR|SP00|A|2013-01-18|1.5931|P1D|New Zealand dollar (NZD)|A\n" +
		"2 item 2: ECB:EXR(1.0)|M|D|NZD|EUR|SP00|A|2013-01-21|1.5925|P1D|New Zealand dollar (NZD)|A\n" +
		"3 item 3: ECB:EXR(1.0)|M|D|RUB|EUR|SP00|A|2013-01-18|40.3426|P1D|Russian rouble (RUB)|A\n" +
		"4 item 4: ECB:EXR(1.0)|M|D|RUB|EUR|SP00|A|2013-01-21|40.3|P1D|Russian rouble (RUB)|A\n"
	for _, file := range []string{"data_exr-time-series.json", "data_exr-flat.json"} {
		got, err := decodeAll(newSDMXJSON(nil), bytes.NewReader(sdmxSample(t, "sdmx/json2/"+file)))
		if err != nil || lines(got) != want {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", file, err, lines(got), want)
		}
	}
	// The generated sample obeys the schema and makes no sense: its indexes lead nowhere.
	got, err := decodeAll(newSDMXJSON(nil), bytes.NewReader(sdmxSample(t, "sdmx/json2/data_generated-sample.json")))
	if err == nil {
		for i, f := range got.faults {
			if f == "" {
				t.Errorf("record %d has no fault: %v", i+1, got.rows[i])
			}
		}
	}
	t.Logf("the generated sample: %d records, %v", len(got.rows), err)
}

var sdmxMessageHeader = []string{"DATAFLOW", "ACTION", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "NOTE"}

func sdmxMessageRecords(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{"ILO:DF_X(1.0)", "I", "IDN", fmt.Sprintf("%04d-%02d", 1000+i/12, i%12+1), fmt.Sprintf("%d.10", i), strings.Repeat("a \"b\" & <é> ", i%3) + "."}
	}
	return rows
}

// sdmxJSONOf writes records as a flat message.
func sdmxJSONOf(t testing.TB, _ []string, rows [][]string) []byte {
	var times, observations []string
	for i, r := range rows {
		note, err := json.Marshal(r[5])
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, `{"id":"`+r[3]+`"}`)
		observations = append(observations, fmt.Sprintf("\"0:%d\":[%s,%s]", i, r[4], note))
	}
	return []byte(`{"data":{"dataSets":[{"action":"Information","observations":{` + strings.Join(observations, ",\n") + `}}],"structures":[{"links":[{"urn":"a.Dataflow=ILO:DF_X(1.0)"}],` +
		`"dimensions":{"observation":[{"id":"REF_AREA","values":[{"id":"IDN"}]},{"id":"TIME_PERIOD","values":[` + strings.Join(times, ",") + `]}]},"attributes":{"observation":[{"id":"NOTE"}]}}]}}`)
}

func FuzzSDMXJSON(f *testing.F) {
	for _, seed := range []string{
		sdmxMessage10(`"0":{"attributes":[0],"observations":{"0":[37.10,0],"1":[1e3,1,"a"]}}`),
		`{"structure":` + sdmxStructure10 + `,"dataSets":[{"series":{"1":{"observations":{"0":[[1,2]]}}}}]}`,
		`{"data":{"structures":[{"dimensions":{"observation":[{"id":"A","values":[{"value":1}]}]},"measures":{},"attributes":{"dimensionGroup":[{"id":"G"}]}}],"dataSets":[{"action":"Delete","dimensionGroupAttributes":{"~":["x"]},"observations":{"0":[]}}]}}`,
		`{"errors":[{"code":100}]}`, `{"data":{"dataSets":[{"observations":{"":[1]}}],"structures":[{}]}}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) { checkDecoder(t, newSDMXJSON(nil), in) })
}
