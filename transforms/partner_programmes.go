package transforms

func init() {
	register(definition[PartnerProgramme, *PartnerProgramme]{
		name: "partner_programmes", version: 1, key: []string{"programme_id", "theme"},
		normalise: normalisePartnerProgramme,
		period:    func(f *Fields, r *PartnerProgramme) string { return f.month(r.StartedOn) },
	})
}

// PartnerProgramme is one theme of one programme of a development partner, as the ministry's own register has it: a
// programme with three themes is three rows. Its money is in partner_flows, found by the IATI activities that it names.
type PartnerProgramme struct {
	ProgrammeID    string  `parquet:"programme_id" lindung:"internal"`
	Theme          string  `parquet:"theme,dict" lindung:"open,theme"`
	Partner        string  `parquet:"partner,dict" lindung:"open,partner"`
	Title          string  `parquet:"title,dict" lindung:"open"`
	IATIActivities *string `parquet:"iati_activities,dict" lindung:"open"`
	Unit           *string `parquet:"unit,dict" lindung:"open,unit"`
	StartedOn      int32   `parquet:"started_on,date,dict" lindung:"open"`
	EndedOn        *int32  `parquet:"ended_on,date,dict" lindung:"open"`
	Evidence       string  `parquet:"evidence,dict" lindung:"internal"`
	Provenance
}

func normalisePartnerProgramme(f *Fields, r *PartnerProgramme) {
	r.ProgrammeID = f.Text("programme_id")
	r.Theme = f.Code("theme", "theme")
	r.Partner = f.Code("partner", "partner")
	r.Title = f.Label("title")
	r.IATIActivities = f.LabelOpt("iati_activities")
	r.Unit = f.CodeOpt("unit", "unit")
	r.StartedOn = f.Date("started_on")
	r.EndedOn = f.DateOpt("ended_on")
	r.Evidence = f.Label("evidence")

	if r.EndedOn != nil && f.clean() {
		f.NotBefore("started_on", r.StartedOn, "ended_on", *r.EndedOn)
	}
}
