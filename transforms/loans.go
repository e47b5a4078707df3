package transforms

func init() {
	register(definition[Loan, *Loan]{
		name: "loans", version: 1, key: []string{"loan_id"},
		normalise: normaliseLoan,
		period:    func(f *Fields, r *Loan) string { return f.month(r.DisbursedOn) },
	})
}

// Loan is one loan to a worker or a family member, as the lender reports it now: what was paid out, what is
// still owed, and how well it is being paid back.
type Loan struct {
	LoanID             string  `parquet:"loan_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"internal,regency"`
	Lender             string  `parquet:"lender,dict" lindung:"internal"`
	LoanKind           string  `parquet:"loan_kind,dict" lindung:"open,loan_kind"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	DisbursedOn        int32   `parquet:"disbursed_on,date,dict" lindung:"internal"`
	DisbursedIDR       int64   `parquet:"disbursed_idr,decimal(2:18)" lindung:"specific"`
	OutstandingIDR     *int64  `parquet:"outstanding_idr,decimal(2:18)" lindung:"specific"`
	Collectibility     *string `parquet:"collectibility,dict" lindung:"specific,collectibility"`
	Provenance
}

func normaliseLoan(f *Fields, r *Loan) {
	r.LoanID = f.Text("loan_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Lender = f.Label("lender")
	r.LoanKind = f.Code("loan_kind", "loan_kind")
	r.Country = f.CountryOpt("country")
	r.DisbursedOn = f.Date("disbursed_on")
	r.DisbursedIDR = f.Money("disbursed_idr")
	r.OutstandingIDR = f.MoneyOpt("outstanding_idr")
	r.Collectibility = f.CodeOpt("collectibility", "collectibility")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
}
