package formats

import (
	"bytes"
)

// candidates in the order that breaks ties.
var candidates = []byte{',', ';', '\t', '|'}

// detectDelimiter guesses the separator from the first lines of the data,
// beginning with the header: the candidate that splits most lines into as many
// cells as the header, and among equals into the most cells. Text in quotes
// does not count. Without any candidate the object has one column.
func detectDelimiter(data []byte, quote byte) byte {
	data = data[:min(len(data), 64<<10)]
	best, bestAgree, bestCount := candidates[0], 0, 0
	for _, c := range candidates {
		header, agree := -1, 0
		for _, count := range countPerLine(data, c, quote) {
			if header < 0 {
				header = count
			}
			if count == header {
				agree++
			}
		}
		if header > 0 && (agree > bestAgree || agree == bestAgree && header > bestCount) {
			best, bestAgree, bestCount = c, agree, header
		}
	}
	return best
}

// countPerLine counts c outside quotes in each of the first lines that are not
// blank. The last line is left out unless it is the only one: it may be cut.
func countPerLine(data []byte, c, quote byte) []int {
	const lines = 32
	var counts []int
	count, inQuotes, blank := 0, false, true
	for _, b := range data {
		switch {
		case b == quote && quote != 0:
			inQuotes = !inQuotes
		case b == c && !inQuotes:
			count++
		case (b == '\n' || b == '\r') && !inQuotes:
			if !blank {
				if counts = append(counts, count); len(counts) == lines {
					return counts
				}
			}
			count, blank = 0, true
			continue
		}
		blank = false
	}
	if len(counts) == 0 && !blank {
		counts = append(counts, count)
	}
	return counts
}

// takeSeparatorLine consumes the first line when it is Excel's "sep=;" note.
func (s *csvScanner) takeSeparatorLine(delimiter *byte) {
	rest, ok := bytes.CutPrefix(s.ahead(), []byte("sep="))
	if !ok || len(rest) < 2 || rest[0] == '\r' || rest[0] == '\n' || rest[0] >= 0x80 {
		return
	}
	for _, lineEnd := range []string{"\r\n", "\n"} {
		if bytes.HasPrefix(rest[1:], []byte(lineEnd)) {
			*delimiter = rest[0]
			s.pos += len("sep=") + 1 + len(lineEnd)
			s.start = s.pos
			s.line++
			return
		}
	}
}
