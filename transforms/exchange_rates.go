package transforms

func init() {
	register(definition[ExchangeRate, *ExchangeRate]{
		name: "exchange_rates", version: 1, key: []string{"rate_on", "currency", "kind"},
		normalise: normaliseExchangeRate,
		period:    func(f *Fields, r *ExchangeRate) string { return f.month(r.RateOn) },
	})
}

// ExchangeRate is the price in rupiah of Unit units of a currency on one day, in one of the ways in
// which it is quoted. It stays as quoted: what one unit costs is worked out where it is used.
type ExchangeRate struct {
	RateOn   int32  `parquet:"rate_on,date" lindung:"open"`
	Currency string `parquet:"currency,dict" lindung:"open,currency"`
	Kind     string `parquet:"kind,dict" lindung:"open,rate_kind"`
	RateIDR  int64  `parquet:"rate_idr,decimal(4:18)" lindung:"open"`
	Unit     int32  `parquet:"unit" lindung:"open"`
	Provenance
}

func normaliseExchangeRate(f *Fields, r *ExchangeRate) {
	r.RateOn = f.Date("rate_on")
	r.Currency = f.Code("currency", "currency")
	r.Kind = f.Code("kind", "rate_kind")
	r.RateIDR = f.Rate("rate_idr")
	r.Unit = f.Whole("unit", 1, 1_000_000)
}
