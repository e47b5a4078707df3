package transforms

func init() {
	register(definition[PlannedPublication, *PlannedPublication]{
		name: "publication_calendar", version: 1, key: []string{"publication", "due_on"},
		normalise: normalisePlannedPublication,
		period:    func(f *Fields, r *PlannedPublication) string { return f.month(r.DueOn) },
	})
}

// PlannedPublication is one edition that the calendar promises, and the day on which it came out.
type PlannedPublication struct {
	PublicationTitle string `parquet:"publication,dict" lindung:"open"`
	DueOn            int32  `parquet:"due_on,date,dict" lindung:"open"`
	PublishedOn      *int32 `parquet:"published_on,date,dict" lindung:"open"`
	Provenance
}

func normalisePlannedPublication(f *Fields, r *PlannedPublication) {
	r.PublicationTitle = f.Label("publication")
	r.DueOn = f.Date("due_on")
	r.PublishedOn = f.DateOpt("published_on")
}
