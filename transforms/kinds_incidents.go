package transforms

// Kinds of what others record of incidents: numbers that correct one another, and places on the map.

// ChangeOpt is CountOpt for a number that may be below zero, because it takes back what another
// record counted.
func (f *Fields) ChangeOpt(name string) *int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = NumberInput
		return nil
	}
	n, ok := f.amount(s, amountRules{decimal: f.units.Decimal, scale: f.amounts.scale, negative: true})
	if !ok {
		return nil
	}
	return f.longs.put(n)
}

// Degrees reads a latitude or longitude between -limit and limit, with the four decimals that eleven
// metres are; further ones, which places on a map do not have, are rounded away.
func (f *Fields) Degrees(name string, limit int64) *int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = NumberInput
		return nil
	}
	text := f.value(s)
	if text == "" {
		return nil
	}
	n, places, why := readDigits(text, ".")
	if why.code == "" {
		n, why = rounded(n, places, limit)
	}
	if why.code != "" {
		f.report(s, why.code, s.name+" "+quoted(text, isNumberLike(text))+": "+why.words)
		return nil
	}
	return f.longs.put(n)
}

var noSuchPlace = finding{NotANumber, "no place on earth; correct the source"}

// rounded gives an angle its four decimals, halves away from zero.
func rounded(n int64, places int32, limit int64) (int64, finding) {
	half := int64(5)
	if n < 0 {
		half = -half
	}
	for ; places > 4; places-- {
		if places == 5 {
			n += half
		}
		n /= 10
	}
	for ; places < 4; places++ {
		if n *= 10; n > 10_000*limit || n < -10_000*limit {
			return 0, noSuchPlace
		}
	}
	if n > 10_000*limit || n < -10_000*limit {
		return 0, noSuchPlace
	}
	return n, good
}
