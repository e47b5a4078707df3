package charts

// A tile is the place of a province in the tile map.
type tile struct {
	code        string // Kemendagri
	short       string // as ISO 3166-2:ID
	column, row int
}

// tiles are the 38 provinces, west to east and north to south as far as squares allow: a schematic
// of ours, which says nothing of borders.
var tiles = []tile{
	{"11", "AC", 0, 0}, {"12", "SU", 1, 0}, {"13", "SB", 1, 1}, {"14", "RI", 2, 1}, {"21", "KR", 3, 1},
	{"17", "BE", 1, 2}, {"15", "JA", 2, 2}, {"19", "BB", 3, 2}, {"16", "SS", 2, 3}, {"18", "LA", 2, 4},
	{"36", "BT", 2, 5}, {"31", "JK", 3, 5}, {"32", "JB", 4, 5}, {"33", "JT", 5, 5}, {"34", "YO", 5, 6}, {"35", "JI", 6, 5},
	{"51", "BA", 7, 5}, {"52", "NB", 8, 5}, {"53", "NT", 9, 5},
	{"61", "KB", 5, 1}, {"62", "KT", 5, 2}, {"63", "KS", 6, 2}, {"64", "KI", 6, 1}, {"65", "KU", 6, 0},
	{"71", "SA", 9, 1}, {"75", "GO", 8, 1}, {"72", "ST", 8, 2}, {"76", "SR", 7, 3}, {"74", "SG", 8, 3}, {"73", "SN", 7, 4},
	{"82", "MU", 10, 1}, {"81", "MA", 10, 3},
	{"96", "PD", 11, 2}, {"92", "PB", 12, 2}, {"91", "PA", 13, 2}, {"94", "PT", 12, 3}, {"95", "PE", 13, 3}, {"93", "PS", 13, 4},
}

const tileColumns, tileRows = 14, 7

// Provinces are the Kemendagri codes that a tile map has places for, in the order of the codes of
// its table.
func Provinces() []string {
	var codes []string
	for _, t := range tiles {
		codes = append(codes, t.code)
	}
	return codes
}
