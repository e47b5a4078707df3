package transforms

import "fmt"

func init() {
	register(definition[Remittance, *Remittance]{
		name: "remittances", version: 1, key: []string{"year", "quarter", "country", "channel"},
		normalise: normaliseRemittance,
		period:    func(_ *Fields, r *Remittance) string { return fmt.Sprintf("%04d-%02d", r.Year, 3*r.Quarter-2) },
	})
}

// Remittance is the money sent home in one quarter, from one country or from all of them together
// (country null), over one channel. What a table prints as "Lainnya" is a country of its own (XOT).
type Remittance struct {
	Year      int32   `parquet:"year,int(16)" lindung:"open"`
	Quarter   int32   `parquet:"quarter,int(16)" lindung:"open"`
	Country   *string `parquet:"country,dict" lindung:"open,country"`
	Channel   string  `parquet:"channel,dict" lindung:"open,remittance_channel"`
	AmountUSD int64   `parquet:"amount_usd,decimal(2:18)" lindung:"open"`
	Provenance
}

func normaliseRemittance(f *Fields, r *Remittance) {
	r.Year = f.Int("year", 1970, 2100)
	r.Quarter = f.Quarter("quarter")
	r.Country = f.CountryOpt("country")
	r.Channel = f.CodeOr("channel", "remittance_channel", "ALL")
	r.AmountUSD = f.Money("amount_usd")
}
