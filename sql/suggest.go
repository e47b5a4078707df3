package sql

import (
	"reflect"
	"sort"
	"strings"
)

// nearestKey returns the known YAML key closest to a misspelt one, or "" when none is near enough to help.
func nearestKey(word string) string { return nearest(word, knownKeys()) }

// didYouMean is the end of a message about a word that is not among the known ones.
func didYouMean(word string, known []string) string {
	if near := nearest(word, known); word != "" && near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func nearest(word string, known []string) string {
	best, bestDistance := "", len(word)/3+2
	for _, key := range known {
		if d := distance(word, key); d < bestDistance {
			best, bestDistance = key, d
		}
	}
	return best
}

func knownKeys() []string {
	var keys []string
	for _, v := range []any{Meta{}, Measure{}, Suppression{}, Test{}, RunRow{}, Text{}} {
		t := reflect.TypeOf(v)
		for i := range t.NumField() {
			if key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" && key != "-" {
				keys = append(keys, key)
			}
		}
	}
	sort.Strings(keys)
	return keys
}

// distance counts the single-letter edits between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal, row[j] = row[j], min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
