package transforms

func init() {
	register(definition[Training, *Training]{
		name: "trainings", version: 1, key: []string{"training_id"},
		normalise: normaliseTraining,
		period:    func(f *Fields, r *Training) string { return f.month(r.StartedOn) },
	})
}

// Training is one course of one person, in a language or a skill, with its examination. A course without an
// examination neither passed nor failed. How far somebody came in a programme is told by its candidates.
type Training struct {
	TrainingID         string  `parquet:"training_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	TrainingKind       string  `parquet:"training_kind,dict" lindung:"open,training_kind"`
	Course             *string `parquet:"course,dict" lindung:"internal"`
	Language           *string `parquet:"language,dict" lindung:"open,language"`
	Level              *string `parquet:"level,dict" lindung:"open,language_level"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Programme          *string `parquet:"programme,dict" lindung:"open,skill_programme"`
	TargetGroup        *string `parquet:"target_group,dict" lindung:"open,target_group"`
	Provider           *string `parquet:"provider,dict" lindung:"internal"`
	Funder             *string `parquet:"funder,dict" lindung:"internal"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	StartedOn          int32   `parquet:"started_on,date,dict" lindung:"internal"`
	EndedOn            *int32  `parquet:"ended_on,date,dict" lindung:"internal"`
	ExamOn             *int32  `parquet:"exam_on,date,dict" lindung:"internal"`
	Passed             *bool   `parquet:"passed" lindung:"internal"`
	Certified          *bool   `parquet:"certified" lindung:"internal"`
	Provenance
}

func normaliseTraining(f *Fields, r *Training) {
	r.TrainingID = f.Text("training_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.TrainingKind = f.Code("training_kind", "training_kind")
	r.Course = f.LabelOpt("course")
	r.Language = f.CodeOpt("language", "language")
	r.Level = f.CodeOpt("level", "language_level")
	r.Country = f.CountryOpt("country")
	r.Programme = f.CodeOpt("programme", "skill_programme")
	r.TargetGroup = f.CodeOpt("target_group", "target_group")
	r.Provider = f.LabelOpt("provider")
	r.Funder = f.LabelOpt("funder")
	r.Unit = f.CodeOpt("unit", "unit")
	r.StartedOn = f.Date("started_on")
	r.EndedOn = f.DateOpt("ended_on")
	r.ExamOn = f.DateOpt("exam_on")
	r.Passed = f.Bool("passed")
	r.Certified = f.Bool("certified")

	if f.clean() {
		if r.EndedOn != nil {
			f.NotBefore("started_on", r.StartedOn, "ended_on", *r.EndedOn)
		}
		if r.ExamOn != nil {
			f.NotBefore("started_on", r.StartedOn, "exam_on", *r.ExamOn)
		}
	}
}
