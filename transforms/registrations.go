package transforms

func init() {
	register(definition[Registration, *Registration]{
		name: "registrations", version: 1, key: []string{"registration_id"},
		normalise: normaliseRegistration,
		period:    func(f *Fields, r *Registration) string { return f.month(r.RegisteredOn) },
	})
}

// Registration is one application of one worker to leave, with the days of its steps: registered, briefed before
// departure (OPP), and given the electronic identity (E-PMI). Most become a placement, some never do.
type Registration struct {
	RegistrationID     string  `parquet:"registration_id" lindung:"internal"`
	PlacementID        *string `parquet:"placement_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"internal,regency"`
	Scheme             string  `parquet:"scheme,dict" lindung:"open,scheme"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	RegisteredOn       int32   `parquet:"registered_on,date,dict" lindung:"internal"`
	OPPOn              *int32  `parquet:"opp_on,date,dict" lindung:"internal"`
	EPMIOn             *int32  `parquet:"epmi_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseRegistration(f *Fields, r *Registration) {
	r.RegistrationID = f.Text("registration_id")
	r.PlacementID = f.LabelOpt("placement_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Scheme = f.CodeOr("scheme", "scheme", "UNK")
	r.Country = f.CountryOpt("country")
	r.Unit = f.CodeOpt("unit", "unit")
	r.RegisteredOn = f.Date("registered_on")
	r.OPPOn = f.DateOpt("opp_on")
	r.EPMIOn = f.DateOpt("epmi_on")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
	if f.clean() {
		if r.OPPOn != nil {
			f.NotBefore("registered_on", r.RegisteredOn, "opp_on", *r.OPPOn)
		}
		if r.EPMIOn != nil {
			f.NotBefore("registered_on", r.RegisteredOn, "epmi_on", *r.EPMIOn)
		}
	}
}
