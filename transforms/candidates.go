package transforms

func init() {
	register(definition[Candidate, *Candidate]{
		name: "candidates", version: 1, key: []string{"candidate_id"},
		normalise: normaliseCandidate,
		period:    func(f *Fields, r *Candidate) string { return f.month(r.AppliedOn) },
	})
}

// Candidate is one application of one person to a programme of skilled placement, with the day on which each
// stage was passed. The stages are columns and not events: a funnel counts who came how far, each person
// once, and a stage that a programme does not have stays null.
type Candidate struct {
	CandidateID        string  `parquet:"candidate_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	Programme          string  `parquet:"programme,dict" lindung:"open,skill_programme"`
	Batch              *string `parquet:"batch,dict" lindung:"internal"`
	Country            string  `parquet:"country,dict" lindung:"open,country"`
	TargetGroup        *string `parquet:"target_group,dict" lindung:"open,target_group"`
	AppliedOn          int32   `parquet:"applied_on,date,dict" lindung:"internal"`
	InterviewPassedOn  *int32  `parquet:"interview_passed_on,date,dict" lindung:"internal"`
	LanguagePassedOn   *int32  `parquet:"language_passed_on,date,dict" lindung:"internal"`
	VisaOn             *int32  `parquet:"visa_on,date,dict" lindung:"internal"`
	DepartedOn         *int32  `parquet:"departed_on,date,dict" lindung:"internal"`
	RecognisedOn       *int32  `parquet:"recognised_on,date,dict" lindung:"internal"`
	WithdrawnOn        *int32  `parquet:"withdrawn_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseCandidate(f *Fields, r *Candidate) {
	r.CandidateID = f.Text("candidate_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.Programme = f.Code("programme", "skill_programme")
	r.Batch = f.LabelOpt("batch")
	r.Country = f.Country("country")
	r.TargetGroup = f.CodeOpt("target_group", "target_group")
	r.AppliedOn = f.Date("applied_on")
	r.InterviewPassedOn = f.DateOpt("interview_passed_on")
	r.LanguagePassedOn = f.DateOpt("language_passed_on")
	r.VisaOn = f.DateOpt("visa_on")
	r.DepartedOn = f.DateOpt("departed_on")
	r.RecognisedOn = f.DateOpt("recognised_on")
	r.WithdrawnOn = f.DateOpt("withdrawn_on")

	if f.clean() {
		if r.InterviewPassedOn != nil {
			f.NotBefore("applied_on", r.AppliedOn, "interview_passed_on", *r.InterviewPassedOn)
		}
		if r.LanguagePassedOn != nil {
			f.NotBefore("applied_on", r.AppliedOn, "language_passed_on", *r.LanguagePassedOn)
		}
		if r.VisaOn != nil {
			f.NotBefore("applied_on", r.AppliedOn, "visa_on", *r.VisaOn)
		}
		if r.DepartedOn != nil {
			f.NotBefore("applied_on", r.AppliedOn, "departed_on", *r.DepartedOn)
		}
		if r.RecognisedOn != nil {
			f.NotBefore("applied_on", r.AppliedOn, "recognised_on", *r.RecognisedOn)
		}
		if r.WithdrawnOn != nil {
			f.NotBefore("applied_on", r.AppliedOn, "withdrawn_on", *r.WithdrawnOn)
		}
	}
}
