package transforms

func init() {
	register(definition[WorkerStock, *WorkerStock]{
		name: "tki_stock", version: 1, key: []string{"year", "quarter", "country"},
		normalise: normaliseWorkerStock,
		period:    stockPeriod,
	})
}

// WorkerStock is the number of Indonesian workers abroad at the end of a quarter, or of a year where
// the source gives no quarters (quarter null), in one country or in all of them (country null). It is
// an estimate of a stock and has nothing to do with the placements of that time.
type WorkerStock struct {
	Year    int32   `parquet:"year,int(16)" lindung:"open"`
	Quarter *int32  `parquet:"quarter,int(16)" lindung:"open"`
	Country *string `parquet:"country,dict" lindung:"open,country"`
	Persons int64   `parquet:"persons" lindung:"open"`
	Provenance
}

func normaliseWorkerStock(f *Fields, r *WorkerStock) {
	r.Year = f.Int("year", 1970, 2100)
	r.Quarter = f.QuarterOpt("quarter")
	r.Country = f.CountryOpt("country")
	r.Persons = f.Count("persons")
}

// stockPeriod is the last month of the quarter or year: a stock is counted at its end.
func stockPeriod(_ *Fields, r *WorkerStock) string {
	quarter := 4
	if r.Quarter != nil {
		quarter = int(*r.Quarter)
	}
	return monthText(int(r.Year), 3*quarter)
}
