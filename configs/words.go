package configs

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// HeaderWords are the words by which columns of strangers are known: a part of the program beside
// the definitions of the datasets.
type HeaderWords struct {
	Fields  map[string][]string // field, or dataset.field: what its column is called
	Short   map[string]string   // abbreviation: what it stands for
	Fillers map[string]bool     // words that do not tell columns apart
	Generic map[string]bool     // words that alone say nothing: a number, a date, a kind
}

// Of gives what the column of a dataset's field is called. What is said of the dataset's own
// field outweighs what is said of fields of that name.
func (w HeaderWords) Of(dataset, field string) []string {
	if own := w.Fields[dataset+"."+field]; len(own) > 0 {
		return own
	}
	return w.Fields[field]
}

// Headers are the words that come with the program. Like the definitions they are a part of it: a
// test proves that they can be read, and a program whose own are broken stops.
func Headers() HeaderWords {
	words, err := parseHeaderWords(read(datasetsFS, "datasets/header_words.csv"))
	if err != nil {
		panic(err)
	}
	return words
}

func parseHeaderWords(raw []byte) (HeaderWords, error) {
	words := HeaderWords{Fields: map[string][]string{}, Short: map[string]string{}, Fillers: map[string]bool{}, Generic: map[string]bool{}}
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		return words, fmt.Errorf("reading header_words.csv: %w", err)
	}
	for i, line := range lines {
		if i == 0 {
			continue
		}
		kind, name, list := line[0], line[1], strings.Split(line[2], ";")
		switch kind {
		case "field":
			words.Fields[name] = append(words.Fields[name], list...)
		case "short":
			words.Short[name] = line[2]
		case "filler":
			for _, word := range list {
				words.Fillers[word] = true
			}
		case "generic":
			for _, word := range list {
				words.Generic[word] = true
			}
		default:
			return words, fmt.Errorf("reading header_words.csv: row %d: kind %q is none of field, short, filler, generic", i+1, kind)
		}
	}
	return words, nil
}
