package transforms

func init() {
	register(definition[Business, *Business]{
		name: "businesses", version: 1, key: []string{"business_id"},
		normalise: normaliseBusiness,
		period:    func(f *Fields, r *Business) string { return f.month(r.FormedOn) },
	})
}

// Business is one business that a returned worker or a family member runs, with what was found 6 and 12 months
// after it was formed. What nobody went to see is null: it neither survived nor failed.
type Business struct {
	BusinessID         string  `parquet:"business_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"internal,regency"`
	Beneficiary        *string `parquet:"beneficiary,dict" lindung:"open,beneficiary"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Sector             *string `parquet:"sector,dict" lindung:"internal"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	FormedOn           int32   `parquet:"formed_on,date,dict" lindung:"internal"`
	Active6m           *bool   `parquet:"active_6m" lindung:"internal"`
	Active12m          *bool   `parquet:"active_12m" lindung:"internal"`
	Income6mIDR        *int64  `parquet:"income_6m_idr,decimal(2:18)" lindung:"specific"`
	Income12mIDR       *int64  `parquet:"income_12m_idr,decimal(2:18)" lindung:"specific"`
	LinkedSale         *bool   `parquet:"linked_sale" lindung:"internal"`
	Provenance
}

func normaliseBusiness(f *Fields, r *Business) {
	r.BusinessID = f.Text("business_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Beneficiary = f.CodeOpt("beneficiary", "beneficiary")
	r.Country = f.CountryOpt("country")
	r.Sector = f.LabelOpt("sector")
	r.Unit = f.CodeOpt("unit", "unit")
	r.FormedOn = f.Date("formed_on")
	r.Active6m = f.Bool("active_6m")
	r.Active12m = f.Bool("active_12m")
	r.Income6mIDR = f.MoneyOpt("income_6m_idr")
	r.Income12mIDR = f.MoneyOpt("income_12m_idr")
	r.LinkedSale = f.Bool("linked_sale")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
}
