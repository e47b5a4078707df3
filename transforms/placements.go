package transforms

func init() {
	register(definition[Placement, *Placement]{
		name: "placements", version: 1, key: []string{"placement_id"},
		normalise: normalisePlacement,
		period:    func(f *Fields, r *Placement) string { return f.month(r.CompletedOn) },
	})
}

// Placement is one placement service: the whole pre-departure process of one worker for one
// contract, completed in the placement system. It is not a departure, and one person can have
// several. A cancelled service stays, with its status and time.
type Placement struct {
	PlacementID        string  `parquet:"placement_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	BirthYear          *int32  `parquet:"birth_year,int(16),dict" lindung:"personal"`
	Education          *string `parquet:"education,dict" lindung:"personal,education"`
	Marital            *string `parquet:"marital,dict" lindung:"personal,marital"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"internal,regency"`
	Scheme             string  `parquet:"scheme,dict" lindung:"open,scheme"`
	EmployerType       *string `parquet:"employer_type,dict" lindung:"open,employer_type"`
	Country            string  `parquet:"country,dict" lindung:"open,country"`
	Occupation         *string `parquet:"occupation,dict" lindung:"open,occupation"`
	JobTitle           *string `parquet:"job_title,dict" lindung:"internal"`
	P3MI               *string `parquet:"p3mi,dict" lindung:"internal"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	RegisteredOn       *int32  `parquet:"registered_on,date,dict" lindung:"internal"`
	CompletedOn        int32   `parquet:"completed_on,date,dict" lindung:"internal"`
	DepartedOn         *int32  `parquet:"departed_on,date,dict" lindung:"internal"`
	ContractMonths     *int32  `parquet:"contract_months,int(16),dict" lindung:"internal"`
	Wage               *int64  `parquet:"wage,decimal(2:18)" lindung:"specific"`
	WageCurrency       *string `parquet:"wage_currency,dict" lindung:"open,currency"`
	SocialSecurity     *bool   `parquet:"social_security" lindung:"internal"`
	Reentry            *bool   `parquet:"reentry" lindung:"internal"`
	Status             string  `parquet:"status,dict" lindung:"open,placement_status"`
	CancelledAt        *int64  `parquet:"cancelled_at,timestamp(microsecond)" lindung:"internal"`
	Provenance
}

func normalisePlacement(f *Fields, r *Placement) {
	r.PlacementID = f.Text("placement_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.BirthYear = f.BirthYear("birth_date")
	r.Education = f.CodeOpt("education", "education")
	r.Marital = f.CodeOpt("marital", "marital")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Scheme = f.CodeOr("scheme", "scheme", "UNK")
	r.EmployerType = f.CodeOpt("employer_type", "employer_type")
	r.Country = f.Country("country")
	r.JobTitle = f.LabelOpt("job_title")
	r.Occupation = f.Occupation("job_title")
	r.P3MI = f.LabelOpt("p3mi")
	r.Unit = f.CodeOpt("unit", "unit")
	r.RegisteredOn = f.DateOpt("registered_on")
	r.CompletedOn = f.Date("completed_on")
	r.DepartedOn = f.DateOpt("departed_on")
	r.ContractMonths = f.IntOpt("contract_months", 0, 600)
	r.Wage = f.MoneyOpt("wage")
	r.WageCurrency = f.Currency("wage_currency", r.Wage != nil)
	r.SocialSecurity = f.Bool("social_security")
	r.Reentry = f.Bool("reentry")
	r.Status = f.CodeOr("status", "placement_status", "completed")
	r.CancelledAt = f.TimestampOpt("cancelled_at")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
	if r.RegisteredOn != nil && f.clean() {
		f.NotBefore("registered_on", *r.RegisteredOn, "completed_on", r.CompletedOn)
		if r.DepartedOn != nil {
			f.NotBefore("registered_on", *r.RegisteredOn, "departed_on", *r.DepartedOn)
		}
	}
}
