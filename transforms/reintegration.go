package transforms

func init() {
	register(definition[Reintegration, *Reintegration]{
		name: "reintegration", version: 1, key: []string{"reintegration_id"},
		normalise: normaliseReintegration,
		period:    func(f *Fields, r *Reintegration) string { return f.month(r.ReturnedOn) },
	})
}

// Reintegration is one returned worker's way back into the community: when the person came home, and when the
// first social empowerment followed, for which the rules set a time.
type Reintegration struct {
	ReintegrationID    string  `parquet:"reintegration_id" lindung:"internal"`
	ReturnID           *string `parquet:"return_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"internal,regency"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	Eligible           *bool   `parquet:"eligible" lindung:"internal"`
	ReturnedOn         int32   `parquet:"returned_on,date,dict" lindung:"internal"`
	SocialOn           *int32  `parquet:"social_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseReintegration(f *Fields, r *Reintegration) {
	r.ReintegrationID = f.Text("reintegration_id")
	r.ReturnID = f.LabelOpt("return_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Country = f.CountryOpt("country")
	r.Unit = f.CodeOpt("unit", "unit")
	r.Eligible = f.Bool("eligible")
	r.ReturnedOn = f.Date("returned_on")
	r.SocialOn = f.DateOpt("social_on")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
	if r.SocialOn != nil && f.clean() {
		f.NotBefore("returned_on", r.ReturnedOn, "social_on", *r.SocialOn)
	}
}
