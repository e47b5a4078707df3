package transforms

func init() {
	register(definition[Case, *Case]{
		name: "cases", version: 1, key: []string{"case_id"},
		normalise: normaliseCase,
		period:    func(f *Fields, r *Case) string { return f.monthOf(r.ReceivedAt) },
	})
}

// Case is one complaint as it stands now. How long a step took is not in it: durations come from
// the events alone, because a status without its time cannot tell a resolution from a closure.
type Case struct {
	CaseID             string  `parquet:"case_id" lindung:"internal"`
	ReceivedAt         int64   `parquet:"received_at,timestamp(microsecond)" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	Channel            *string `parquet:"channel,dict" lindung:"open,channel"`
	Relation           *string `parquet:"relation,dict" lindung:"internal,relation"`
	Procedure          string  `parquet:"procedure,dict" lindung:"open,procedure"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	Category           string  `parquet:"category,dict" lindung:"specific,category"`
	P3MI               *string `parquet:"p3mi,dict" lindung:"internal"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	Status             string  `parquet:"status,dict" lindung:"open,status"`
	ClosureReason      *string `parquet:"closure_reason,dict" lindung:"internal,closure_reason"`
	Outcome            *string `parquet:"outcome,dict" lindung:"internal,outcome"`
	Path               *string `parquet:"path,dict" lindung:"internal,path"`
	AmountRecovered    *int64  `parquet:"amount_recovered,decimal(2:18)" lindung:"specific"`
	Provenance
}

func normaliseCase(f *Fields, r *Case) {
	r.CaseID = f.Text("case_id")
	r.ReceivedAt = f.Timestamp("received_at")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.Channel = f.CodeOpt("channel", "channel")
	r.Relation = f.CodeOpt("relation", "relation")
	r.Procedure = f.CodeOr("procedure", "procedure", "TIDAK_DIKETAHUI")
	r.Country = f.CountryOpt("country")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.Category = f.Code("category", "category")
	r.P3MI = f.LabelOpt("p3mi")
	r.Unit = f.CodeOpt("unit", "unit")
	r.Status = f.Code("status", "status")
	r.ClosureReason = f.CodeOpt("closure_reason", "closure_reason")
	r.Outcome = f.CodeOpt("outcome", "outcome")
	r.Path = f.CodeOpt("path", "path")
	r.AmountRecovered = f.MoneyOpt("amount_recovered")
}
