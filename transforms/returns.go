package transforms

func init() {
	register(definition[Return, *Return]{
		name: "returns", version: 1, key: []string{"return_id"},
		normalise: normaliseReturn,
		period:    func(f *Fields, r *Return) string { return f.month(r.ReturnedOn) },
	})
}

// Return is one person who came home with help, was deported, came home ill or dead, or was kept from leaving
// outside the procedure. These are counted apart, by class, and none of them is a complaint.
type Return struct {
	ReturnID           string  `parquet:"return_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"internal,regency"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	ReturnClass        string  `parquet:"return_class,dict" lindung:"specific,return_class"`
	Category           *string `parquet:"category,dict" lindung:"specific,category"`
	Procedure          string  `parquet:"procedure,dict" lindung:"open,procedure"`
	Point              *string `parquet:"point,dict" lindung:"open,point"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	ReturnedOn         int32   `parquet:"returned_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseReturn(f *Fields, r *Return) {
	r.ReturnID = f.Text("return_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Country = f.CountryOpt("country")
	r.ReturnClass = f.Code("return_class", "return_class")
	r.Category = f.CodeOpt("category", "category")
	r.Procedure = f.CodeOr("procedure", "procedure", "TIDAK_DIKETAHUI")
	r.Point = f.CodeOpt("point", "point")
	r.Unit = f.CodeOpt("unit", "unit")
	r.ReturnedOn = f.Date("returned_on")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
}
