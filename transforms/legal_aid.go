package transforms

func init() {
	register(definition[LegalAid, *LegalAid]{
		name: "legal_aid", version: 1, key: []string{"aid_id"},
		normalise: normaliseLegalAid,
		period:    func(f *Fields, r *LegalAid) string { return f.month(r.StartedOn) },
	})
}

// LegalAid is one legal service for one person: a consultation, a claim, a clarification or a mediation
// (non-litigation), or accompaniment in proceedings (litigation). One complaint can lead to several.
type LegalAid struct {
	AidID              string  `parquet:"aid_id" lindung:"internal"`
	CaseID             *string `parquet:"case_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	Path               string  `parquet:"path,dict" lindung:"internal,path"`
	Category           *string `parquet:"category,dict" lindung:"specific,category"`
	Place              *string `parquet:"place,dict" lindung:"open,legal_place"`
	Forum              *string `parquet:"forum,dict" lindung:"internal"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	StartedOn          int32   `parquet:"started_on,date,dict" lindung:"internal"`
	EndedOn            *int32  `parquet:"ended_on,date,dict" lindung:"internal"`
	Result             *string `parquet:"result,dict" lindung:"specific,legal_result"`
	AmountRecovered    *int64  `parquet:"amount_recovered,decimal(2:18)" lindung:"specific"`
	RecoveredCurrency  *string `parquet:"recovered_currency,dict" lindung:"open,currency"`
	Provenance
}

func normaliseLegalAid(f *Fields, r *LegalAid) {
	r.AidID = f.Text("aid_id")
	r.CaseID = f.LabelOpt("case_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.Path = f.Code("path", "path")
	r.Category = f.CodeOpt("category", "category")
	r.Place = f.CodeOpt("place", "legal_place")
	r.Forum = f.LabelOpt("forum")
	r.Country = f.CountryOpt("country")
	r.Unit = f.CodeOpt("unit", "unit")
	r.StartedOn = f.Date("started_on")
	r.EndedOn = f.DateOpt("ended_on")
	r.Result = f.CodeOpt("result", "legal_result")
	r.AmountRecovered = f.MoneyOpt("amount_recovered")
	r.RecoveredCurrency = f.Currency("recovered_currency", r.AmountRecovered != nil)

	if r.EndedOn != nil && f.clean() {
		f.NotBefore("started_on", r.StartedOn, "ended_on", *r.EndedOn)
	}
}
