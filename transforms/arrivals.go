package transforms

func init() {
	register(definition[Arrival, *Arrival]{
		name: "arrivals", version: 1, key: []string{"arrival_id"},
		normalise: normaliseArrival,
		period:    func(f *Fields, r *Arrival) string { return f.month(r.ArrivedOn) },
	})
}

// Arrival is one crossing into Indonesia of a person whom the immigration records let one know as a migrant
// worker. The counter cannot tell a worker from a tourist, so arrivals are a lower bound, and no return.
type Arrival struct {
	ArrivalID          string  `parquet:"arrival_id" lindung:"internal"`
	NIKToken           *Token  `parquet:"nik_token" lindung:"identifier"`
	NIKCheck           string  `parquet:"nik_check,dict" lindung:"internal"`
	PassportToken      *Token  `parquet:"passport_token" lindung:"identifier"`
	Sex                *string `parquet:"sex,dict" lindung:"personal,sex"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Point              *string `parquet:"point,dict" lindung:"open,point"`
	ArrivedOn          int32   `parquet:"arrived_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseArrival(f *Fields, r *Arrival) {
	r.ArrivalID = f.Text("arrival_id")
	r.Sex = f.CodeOpt("sex", "sex")
	r.NIKToken, r.NIKCheck = f.NIK("nik", r.Sex)
	r.PassportToken = f.Passport("passport")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.Country = f.CountryOpt("country")
	r.Point = f.CodeOpt("point", "point")
	r.ArrivedOn = f.Date("arrived_on")
}
