package transforms

func init() {
	register(definition[P3MILicence, *P3MILicence]{
		name: "p3mi_licences", version: 1, key: []string{"licence_no"},
		normalise: normaliseP3MILicence,
		period:    func(f *Fields, r *P3MILicence) string { return f.month(r.LicensedOn) },
	})
}

// P3MILicence is one licence of one placement company (P3MI). A renewal under a new number is another licence.
type P3MILicence struct {
	LicenceNo          string  `parquet:"licence_no" lindung:"internal"`
	P3MI               string  `parquet:"p3mi,dict" lindung:"open"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	Status             string  `parquet:"status,dict" lindung:"open,licence_status"`
	LicensedOn         int32   `parquet:"licensed_on,date,dict" lindung:"open"`
	ValidUntil         *int32  `parquet:"valid_until,date,dict" lindung:"open"`
	EndedOn            *int32  `parquet:"ended_on,date,dict" lindung:"open"`
	Provenance
}

func normaliseP3MILicence(f *Fields, r *P3MILicence) {
	r.LicenceNo = f.Text("licence_no")
	r.P3MI = f.Label("p3mi")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.Status = f.Code("status", "licence_status")
	r.LicensedOn = f.Date("licensed_on")
	r.ValidUntil = f.DateOpt("valid_until")
	r.EndedOn = f.DateOpt("ended_on")

	if f.clean() {
		if r.ValidUntil != nil {
			f.NotBefore("licensed_on", r.LicensedOn, "valid_until", *r.ValidUntil)
		}
		if r.EndedOn != nil {
			f.NotBefore("licensed_on", r.LicensedOn, "ended_on", *r.EndedOn)
		}
	}
}
