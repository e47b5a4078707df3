package transforms

func init() {
	register(definition[Vacancy, *Vacancy]{
		name: "vacancies", version: 1, key: []string{"order_id"},
		normalise: normaliseVacancy,
		period:    func(f *Fields, r *Vacancy) string { return f.month(r.OpenedOn) },
	})
}

// Vacancy is one job order from abroad: how many workers an employer asks for, and how many of them were
// found so far.
type Vacancy struct {
	OrderID    string  `parquet:"order_id" lindung:"internal"`
	Country    string  `parquet:"country,dict" lindung:"open,country"`
	Occupation *string `parquet:"occupation,dict" lindung:"open,occupation"`
	JobTitle   *string `parquet:"job_title,dict" lindung:"internal"`
	Scheme     *string `parquet:"scheme,dict" lindung:"open,scheme"`
	P3MI       *string `parquet:"p3mi,dict" lindung:"internal"`
	Quota      int64   `parquet:"quota" lindung:"open"`
	Filled     *int64  `parquet:"filled" lindung:"open"`
	OpenedOn   int32   `parquet:"opened_on,date,dict" lindung:"internal"`
	ClosedOn   *int32  `parquet:"closed_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseVacancy(f *Fields, r *Vacancy) {
	r.OrderID = f.Text("order_id")
	r.Country = f.Country("country")
	r.Occupation = f.Occupation("job_title")
	r.JobTitle = f.LabelOpt("job_title")
	r.Scheme = f.CodeOpt("scheme", "scheme")
	r.P3MI = f.LabelOpt("p3mi")
	r.Quota = f.Count("quota")
	r.Filled = f.CountOpt("filled")
	r.OpenedOn = f.Date("opened_on")
	r.ClosedOn = f.DateOpt("closed_on")

	if r.ClosedOn != nil && f.clean() {
		f.NotBefore("opened_on", r.OpenedOn, "closed_on", *r.ClosedOn)
	}
}
