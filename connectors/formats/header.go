package formats

import (
	"strconv"
	"strings"
)

// cleanHeader makes the cells of a header row into usable column names: white
// space (also line breaks inside a cell) becomes single spaces, nameless columns
// at the end are dropped, one in the middle is called after its number, and a
// name that was there before gets a number ("Jumlah", "Jumlah_2"), so that every
// column can be addressed by exactly one name.
func cleanHeader(cells []string) []string {
	names := make([]string, len(cells))
	for i, cell := range cells {
		names[i] = strings.Join(strings.Fields(strings.ToValidUTF8(cell, "?")), " ")
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	seen := make(map[string]bool, len(names))
	last := make(map[string]int) // the number that a repeated name got last
	for i, name := range names {
		if name == "" {
			name = "column_" + strconv.Itoa(i+1)
		}
		unique := name
		for n := max(2, last[name]+1); seen[unique]; n++ {
			unique = name + "_" + strconv.Itoa(n)
			last[name] = n
		}
		seen[unique] = true
		names[i] = unique
	}
	return names
}

// numberedHeader names the columns of an object that has no header row.
func numberedHeader(width int) []string {
	names := make([]string, width)
	for i := range names {
		names[i] = "column_" + strconv.Itoa(i+1)
	}
	return names
}
