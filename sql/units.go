package sql

// Kind says what sort of number a figure is, which its unit tells.
type Kind string

// The kinds of figures. What has another unit than those listed counts something.
const (
	Counts    Kind = "count"
	Shares    Kind = "share"
	Rates     Kind = "rate" // per so many, times as much, indices and scores
	Money     Kind = "money"
	Durations Kind = "duration"
)

// A Currency is what a unit of money is written in: the code, and how many of it make one.
type Currency struct {
	Unit, Code string
	Scale      int64
}

// Currencies are the units of money.
var Currencies = []Currency{{"IDR", "IDR", 1}, {"miliar IDR", "IDR", 1_000_000_000}, {"USD", "USD", 1}, {"juta USD", "USD", 1_000_000}}

var unitKinds = map[string]Kind{
	"%": Shares, "percent": Shares,
	"per 10.000": Rates, "per 100.000": Rates, "index": Rates, "nilai": Rates, "poin": Rates, "kali": Rates,
	"bulan": Rates, // months of income
	"days":  Durations, "hari": Durations, "nights": Durations,
}

// Kind is the kind of the measure's figures.
func (m Measure) Kind() Kind {
	for _, c := range Currencies {
		if c.Unit == m.Unit {
			return Money
		}
	}
	if k, listed := unitKinds[m.Unit]; listed {
		return k
	}
	return Counts
}
