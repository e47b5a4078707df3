package transforms

func init() {
	register(definition[ShelterStay, *ShelterStay]{
		name: "shelter_stays", version: 1, key: []string{"stay_id"},
		normalise: normaliseShelterStay,
		period:    func(f *Fields, r *ShelterStay) string { return f.month(r.CheckedInOn) },
	})
}

// ShelterStay is one stay of one person in one shelter, of a mission abroad, of the ministry (Rumah Ramah) or
// of a partner. Somebody who moves to another shelter has two stays; who is still there has no last day.
type ShelterStay struct {
	StayID             string  `parquet:"stay_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	Location           string  `parquet:"location,dict" lindung:"open,shelter_location"`
	ShelterID          string  `parquet:"shelter_id" lindung:"internal"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	Category           *string `parquet:"category,dict" lindung:"specific,category"`
	CheckedInOn        int32   `parquet:"checked_in_on,date,dict" lindung:"internal"`
	CheckedOutOn       *int32  `parquet:"checked_out_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseShelterStay(f *Fields, r *ShelterStay) {
	r.StayID = f.Text("stay_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.Location = f.Code("location", "shelter_location")
	r.ShelterID = f.Text("shelter_id")
	r.Country = f.CountryOpt("country")
	r.Unit = f.CodeOpt("unit", "unit")
	r.Category = f.CodeOpt("category", "category")
	r.CheckedInOn = f.Date("checked_in_on")
	r.CheckedOutOn = f.DateOpt("checked_out_on")

	if r.CheckedOutOn != nil && f.clean() {
		f.NotBefore("checked_in_on", r.CheckedInOn, "checked_out_on", *r.CheckedOutOn)
	}
}
