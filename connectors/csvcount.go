package connectors

// A csvCount counts the records of CSV that passes by: not its header, not empty
// lines, and no line ends inside quotes. What the records say is not ours to know.
type csvCount struct {
	lines    int
	inQuotes bool
	filled   bool // the current line holds something
}

func (c *csvCount) add(data []byte) {
	for _, b := range data {
		switch {
		case b == '"':
			c.inQuotes, c.filled = !c.inQuotes, true
		case (b == '\n' || b == '\r') && !c.inQuotes:
			if c.filled {
				c.lines++
			}
			c.filled = false
		default:
			c.filled = true
		}
	}
}

// records is how many there were so far, one that has not ended included.
func (c *csvCount) records() int {
	lines := c.lines
	if c.filled {
		lines++
	}
	return max(0, lines-1)
}

func csvRecords(data []byte) int {
	var c csvCount
	c.add(data)
	return c.records()
}
