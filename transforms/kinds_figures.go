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
		return nil
	}
	n, ok := f.amount(s, amountRules{decimal: f.units.Decimal, scale: f.amounts.scale})
	if !ok {
		return nil
	}
	return f.longs.put(n)
}
