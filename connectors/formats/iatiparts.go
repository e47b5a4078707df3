package formats

import (
	"math/big"
	"strings"
)

// oneVocabulary leaves countries and the regions of one vocabulary: the DAC's or else
// the first that is there.
func oneVocabulary(parts []iatiPart) []iatiPart {
	chosen := ""
	for _, p := range parts {
		if !p.country && (chosen == "" || p.vocabulary == "1") {
			chosen = p.vocabulary
		}
	}
	kept := parts[:0:0]
	for _, p := range parts {
		if p.country || p.vocabulary == chosen {
			kept = append(kept, p)
		}
	}
	return kept
}

// dacSectors are the sectors in the DAC's vocabulary of five digits.
func dacSectors(parts []iatiPart) []iatiPart {
	kept := parts[:0:0]
	for _, p := range parts {
		if p.vocabulary == "1" {
			kept = append(kept, p)
		}
	}
	return kept
}

// checkParts says in one word whether the percentages of parts can be relied on.
func checkParts(parts []iatiPart) string {
	if len(parts) == 0 {
		return "unnamed"
	}
	if len(parts) == 1 && parts[0].percentage == "" {
		return "single"
	}
	seen := make(map[iatiPart]bool, len(parts))
	sum, slack, missing := new(big.Rat), new(big.Rat), false
	for _, p := range parts {
		key := iatiPart{code: p.code, vocabulary: p.vocabulary, country: p.country}
		if seen[key] {
			return "repeated"
		}
		seen[key] = true
		if p.percentage == "" {
			missing = true
			continue
		}
		percentage, half, ok := percent(p.percentage)
		if !ok {
			return "not_100"
		}
		sum.Add(sum, percentage)
		slack.Add(slack, half)
	}
	if missing {
		return "missing"
	}
	sum.Sub(sum, big.NewRat(100, 1))
	if sum.Abs(sum).Cmp(slack) > 0 {
		return "not_100"
	}
	if len(parts) == 1 {
		return "single"
	}
	return "complete"
}

// percent reads a percentage, and half of its last decimal; a whole number has no
// rounding.
func percent(text string) (percentage, half *big.Rat, ok bool) {
	whole, fraction, dot := strings.Cut(text, ".")
	if len(text) > 32 || whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" || dot && fraction == "" {
		return nil, nil, false
	}
	percentage, ok = new(big.Rat).SetString("0" + text)
	half = new(big.Rat)
	if strings.Trim(fraction, "0") != "" {
		half.SetString("0." + strings.Repeat("0", len(fraction)) + "5")
	}
	return percentage, half, ok
}

// labels writes parts into a cell: "ID=60; MY=40", "1:15190=100".
func labels(parts []iatiPart) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString("; ")
		}
		if !p.country {
			b.WriteString(p.vocabulary + ":")
		}
		b.WriteString(p.code)
		if p.percentage != "" {
			b.WriteString("=" + p.percentage)
		}
	}
	return b.String()
}
