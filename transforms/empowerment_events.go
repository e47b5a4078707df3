package transforms

func init() {
	register(definition[EmpowermentEvent, *EmpowermentEvent]{
		name: "empowerment_events", version: 1, key: []string{"participation_id"},
		normalise: normaliseEmpowermentEvent,
		period:    func(f *Fields, r *EmpowermentEvent) string { return f.month(r.HeldOn) },
	})
}

// EmpowermentEvent is one person's part in one event of empowerment: a training, a mentoring, a meeting with
// lenders or buyers, a lesson in finance. A family member who takes part has a row too, so persons and
// participations are two counts.
type EmpowermentEvent struct {
	ParticipationID    string  `parquet:"participation_id" lindung:"internal"`
	EventID            *string `parquet:"event_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"internal,regency"`
	Beneficiary        string  `parquet:"beneficiary,dict" lindung:"open,beneficiary"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	EventType          string  `parquet:"event_type,dict" lindung:"open,empowerment_type"`
	Programme          *string `parquet:"programme,dict" lindung:"internal"`
	Partner            *string `parquet:"partner,dict" lindung:"internal"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	HeldOn             int32   `parquet:"held_on,date,dict" lindung:"internal"`
	BusinessID         *string `parquet:"business_id" lindung:"internal"`
	ScoreBefore        *int32  `parquet:"score_before" lindung:"internal"`
	ScoreAfter         *int32  `parquet:"score_after" lindung:"internal"`
	Provenance
}

func normaliseEmpowermentEvent(f *Fields, r *EmpowermentEvent) {
	r.ParticipationID = f.Text("participation_id")
	r.EventID = f.LabelOpt("event_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Beneficiary = f.Code("beneficiary", "beneficiary")
	r.Country = f.CountryOpt("country")
	r.EventType = f.Code("event_type", "empowerment_type")
	r.Programme = f.LabelOpt("programme")
	r.Partner = f.LabelOpt("partner")
	r.Unit = f.CodeOpt("unit", "unit")
	r.HeldOn = f.Date("held_on")
	r.BusinessID = f.LabelOpt("business_id")
	r.ScoreBefore = f.IntOpt("score_before", 0, 100)
	r.ScoreAfter = f.IntOpt("score_after", 0, 100)

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
}
