package transforms

func init() {
	register(definition[ShelterCapacity, *ShelterCapacity]{
		name: "shelter_capacity", version: 1, key: []string{"shelter_id", "valid_from"},
		normalise: normaliseShelterCapacity,
		period:    func(f *Fields, r *ShelterCapacity) string { return f.month(r.ValidFrom) },
	})
}

// ShelterCapacity is how many beds a shelter has from one day on, until its next row. A shelter that is closed
// has none.
type ShelterCapacity struct {
	ShelterID string  `parquet:"shelter_id" lindung:"internal"`
	ValidFrom int32   `parquet:"valid_from,date,dict" lindung:"internal"`
	Location  string  `parquet:"location,dict" lindung:"open,shelter_location"`
	Country   *string `parquet:"country,dict" lindung:"open,country"`
	Unit      *string `parquet:"unit,dict" lindung:"open,unit"`
	Beds      int32   `parquet:"beds" lindung:"open"`
	Provenance
}

func normaliseShelterCapacity(f *Fields, r *ShelterCapacity) {
	r.ShelterID = f.Text("shelter_id")
	r.ValidFrom = f.Date("valid_from")
	r.Location = f.Code("location", "shelter_location")
	r.Country = f.CountryOpt("country")
	r.Unit = f.CodeOpt("unit", "unit")
	r.Beds = f.Int("beds", 0, 100_000)
}
