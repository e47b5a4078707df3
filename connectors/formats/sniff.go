package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Guess is one way in which an object may be meant to be read: settings, and the keys that a
// feed's YAML gives them with.
type Guess struct {
	Kind     string
	Settings Settings
	Keys     []GuessKey
}

// A GuessKey is one key of a guess; Why says where the value comes from.
type GuessKey struct{ Key, Value, Why string }

// headerRows is how many rows may stand above the column names in a guess.
const headerRows = 10

// guessSheets is how many sheets of a workbook are guessed at.
const guessSheets = 6

// Guesses looks at an object's bytes, or the beginning of long ones, and gives the ways in which
// it may be read: one per sheet and row that may hold the column names. Which of them holds
// columns that make sense is for the caller to say.
func Guesses(name string, data []byte) ([]Guess, error) {
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 4096)], []byte("\xEF\xBB\xBF")), " \t\r\n"))
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, errors.New("it is empty: ask for the file again")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return guessXLSX(data)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return guessXLS(data)
	case foreignFormat(data[:min(len(data), 8)]) != "":
		return nil, fmt.Errorf("this is %s, which no format reads: ask for CSV or XLSX", foreignFormat(data[:8]))
	case isHTML(text):
		return tabular("html_table", func(row int) Settings {
			s := defaultsOf[*HTMLTable]("html_table")
			s.HeaderRow = row
			return s
		}), nil
	case bytes.HasPrefix(text, []byte("<?xml")):
		return nil, errors.New("this is XML: name its format by hand (lindung sources kinds)")
	case bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")):
		return guessJSON(name, data)
	}
	return guessCSV(data), nil
}

// defaultsOf are a kind's settings as a feed that names nothing but the kind has them.
func defaultsOf[S Settings](kind string) S {
	k, _ := Lookup(kind)
	return k.New().(S)
}

// tabular makes a guess per row that may hold the column names.
func tabular(kind string, settings func(row int) Settings, keys ...GuessKey) []Guess {
	var all []Guess
	for row := 1; row <= headerRows; row++ {
		g := Guess{Kind: kind, Settings: settings(row), Keys: append([]GuessKey(nil), keys...)}
		if row > 1 {
			g.Keys = append(g.Keys, GuessKey{"header_row", strconv.Itoa(row), "the rows above hold no column names"})
		}
		all = append(all, g)
	}
	return all
}

func guessXLSX(data []byte) ([]Guess, error) {
	book, err := openWorkbook(data, defaultsOf[*XLSX]("xlsx").MaxUnzip)
	if err != nil {
		return nil, err
	}
	var all []Guess
	visible := 0
	for _, sheet := range book.sheets {
		if sheet.hidden || visible == guessSheets {
			continue
		}
		visible++
		all = append(all, tabular("xlsx", func(row int) Settings {
			s := defaultsOf[*XLSX]("xlsx")
			s.Sheet, s.HeaderRow = sheet.name, row
			return s
		}, GuessKey{"sheet", sheet.name, ""})...)
	}
	if len(all) == 0 {
		return nil, errors.New("the workbook has no visible sheet")
	}
	return all, nil
}

func guessXLS(data []byte) ([]Guess, error) {
	book, err := openBIFF(data)
	if err != nil {
		return nil, err
	}
	var all []Guess
	for i, sheet := range book.sheets {
		if sheet.hidden || i >= guessSheets {
			continue
		}
		all = append(all, tabular("xls", func(row int) Settings {
			s := defaultsOf[*XLS]("xls")
			s.Sheet, s.HeaderRow = sheet.name, row
			return s
		}, GuessKey{"sheet", sheet.name, ""})...)
	}
	return all, nil
}

func guessCSV(data []byte) []Guess {
	encoding, why := "utf-8", ""
	text := data
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		encoding, why = "utf-16", "by its byte order mark"
		if decoded, _, err := decodeText(bytes.NewReader(data), "utf-16"); err == nil {
			head := make([]byte, 64<<10)
			n, _ := decoded.Read(head)
			text = head[:n]
		}
	case !utf8.Valid(trimCut(data)):
		encoding, why = "windows-1252", "it is not UTF-8"
	}
	delimiter := detectDelimiter(belowTitles(text), '"')
	names := map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}
	keys := []GuessKey{{"delimiter", names[delimiter], ""}}
	if encoding != "utf-8" {
		keys = append(keys, GuessKey{"encoding", encoding, why})
	}
	return tabular("csv", func(row int) Settings {
		s := defaultsOf[*CSV]("csv")
		s.Delimiter, s.Encoding, s.HeaderRow = names[delimiter], encoding, row
		return s
	}, keys...)
}

// trimCut takes off the bytes of a character that the end of the data cuts.
func trimCut(data []byte) []byte {
	for i := 1; i <= min(3, len(data)); i++ {
		if c := data[len(data)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(data[len(data)-i:]) {
				return data[:len(data)-i]
			}
			break
		}
	}
	return data
}

// belowTitles leaves out the lines above the data that have fewer separators than what follows:
// detection takes the first line for the header.
func belowTitles(text []byte) []byte {
	rest, best := text, text
	most := 0
	for range headerRows {
		line, after, found := bytes.Cut(rest, []byte("\n"))
		for _, c := range candidates {
			if n := bytes.Count(line, []byte{c}); n > most {
				most, best = n, rest
			}
		}
		if !found {
			break
		}
		rest = after
	}
	return best
}

func guessJSON(name string, data []byte) ([]Guess, error) {
	ext := strings.ToLower(path.Ext(name))
	first, rest, _ := bytes.Cut(bytes.TrimSpace(data), []byte("\n"))
	if ext == ".ndjson" || ext == ".jsonl" || json.Valid(first) && len(bytes.TrimSpace(rest)) > 0 && first[0] == '{' {
		return []Guess{{Kind: "ndjson", Settings: defaultsOf[*NDJSON]("ndjson")}}, nil
	}
	items, err := itemsPath(data)
	if err != nil {
		return nil, err
	}
	settings := defaultsOf[*JSON]("json")
	settings.ItemsPath = items
	g := Guess{Kind: "json", Settings: settings}
	if items != "" {
		g.Keys = []GuessKey{{"items_path", items, "the first list of objects"}}
	}
	return []Guess{g}, nil
}

// itemsPath finds the first list of objects in a document.
func itemsPath(data []byte) (string, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
	type level struct {
		array bool
		key   string
		index int
		isKey bool // the next text is a key
	}
	var stack []level
	for {
		token, err := d.Token()
		if err != nil {
			return "", errors.New("there is no list of objects in its JSON: name items_path by hand")
		}
		top := len(stack) - 1
		if delim, ok := token.(json.Delim); ok {
			switch delim {
			case '{':
				if top >= 0 && stack[top].array {
					var parts []string
					for _, l := range stack[:top] {
						if l.array {
							parts = append(parts, strconv.Itoa(l.index))
						} else {
							parts = append(parts, l.key)
						}
					}
					return strings.Join(parts, "."), nil
				}
				stack = append(stack, level{isKey: true})
				continue
			case '[':
				stack = append(stack, level{array: true})
				continue
			}
			stack = stack[:top]
			top--
		} else if top >= 0 && !stack[top].array && stack[top].isKey {
			stack[top].key, stack[top].isKey = token.(string), false
			continue
		}
		if top >= 0 { // a value has ended
			if stack[top].array {
				stack[top].index++
			} else {
				stack[top].isKey = true
			}
		}
	}
}
