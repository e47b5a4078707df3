package transforms

// Kinds of published figures: they have no currency of their own, and their decimals are counted.

// Rate reads a price above zero with four decimals.
func (f *Fields) Rate(name string) int64 {
	n, ok := f.figure(name, amountRules{decimal: f.units.Decimal, scale: 1, places: 4})
	if ok && n == 0 {
		f.report(&f.slots[f.cursor-1], NotANumber, name+" \"0\": nothing is exchanged for nothing; correct the source")
	}
	return n
}

// Count reads a number of things. The source may count in thousands (scale in units:), and then with
// decimals.
func (f *Fields) Count(name string) int64 {
	n, _ := f.figure(name, amountRules{decimal: f.units.Decimal, scale: f.amounts.scale})
	return n
}

// Whole reads a whole number between low and high that may be written with decimals of zero, as
// "100.00".
func (f *Fields) Whole(name string, low, high int64) int32 {
	n, ok := f.figure(name, amountRules{decimal: f.units.Decimal, scale: 1})
	if ok && (n < low || n > high) {
		f.report(&f.slots[f.cursor-1], NotANumber, name+" "+shown(decimalText(n, 0))+": outside "+decimalText(low, 0)+" to "+decimalText(high, 0)+"; correct the source")
	}
	return int32(min(n, high))
}

// Amount reads an amount of money in a currency of the record's own. It may be below zero, and what
// comes after its second decimal, which only reckoning left there, is rounded.
func (f *Fields) Amount(name string) int64 {
	n, _ := f.figure(name, amountRules{decimal: f.units.Decimal, scale: 1, places: 2, negative: true, rounded: true})
	return n
}

// PartOpt reads a part in percent, which may be empty; after the fourth decimal it is rounded.
func (f *Fields) PartOpt(name string) *int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = AmountInput
		return nil
	}
	n, ok := f.amount(s, amountRules{decimal: f.units.Decimal, scale: 1, places: 4, rounded: true})
	if !ok {
		return nil
	}
	return f.longs.put(n)
}

// figure reads a number that must be there.
func (f *Fields) figure(name string, rules amountRules) (n int64, ok bool) {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", true)
		if s.kind = AmountInput; rules.negative {
			s.kind = NumberInput
		}
		return 0, false
	}
	if n, ok = f.amount(s, rules); !ok && !f.reported(s) {
		f.missing(s)
	}
	return n, ok
}

// CountOpt is Count for a column that may be empty.
func (f *Fields) CountOpt(name string) *int64 {
	s := f.slot(name)
	if f.tour {
		f.declare(s, "", false)
		s.kind = AmountInput
		return nil
	}
	n, ok := f.amount(s, amountRules{decimal: f.units.Decimal, scale: f.amounts.scale})
	if !ok {
		return nil
	}
	return f.longs.put(n)
}

// Measured reads a number that a spreadsheet has worked out, with four decimals and below zero where it
// is. What a workbook stores of 9.94 may be 9.9400000000000013: digits beyond the fourth decimal are
// rounded off here, which no amount of money would forgive, and half goes away from zero.
func (f *Fields) Measured(name string) *int64 {
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
	n, places, why := readDigits(text, f.units.Decimal)
	if why.code == "" {
		n, why = roundedTo(n, places, 4)
	}
	if why.code != "" {
		f.report(s, why.code, s.name+" "+quoted(text, isNumberLike(text))+": "+why.words)
		return nil
	}
	return f.longs.put(n)
}

// roundedTo writes n × 10^-places with another number of places.
func roundedTo(n int64, places, want int32) (int64, finding) {
	for ; places < want; places++ {
		if n > maxUnscaled/10 || n < -maxUnscaled/10 {
			return 0, tooLarge
		}
		n *= 10
	}
	if places == want {
		return n, good
	}
	divisor := int64(1)
	for ; places > want; places-- {
		if divisor > maxUnscaled {
			return 0, good // far less than half of the last place
		}
		divisor *= 10
	}
	rest := n % divisor
	n /= divisor
	switch {
	case 2*rest >= divisor:
		n++
	case 2*rest <= -divisor:
		n--
	}
	return n, good
}
