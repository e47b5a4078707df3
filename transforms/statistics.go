package transforms

func init() {
	register(definition[Statistic, *Statistic]{
		name: "statistics", version: 1,
		key:       []string{"indicator", "area", "province_kemendagri", "regency_kemendagri", "counterpart", "time", "sex", "class_1", "class_2", "class_3", "origin"},
		keyName:   map[string]string{"province": "province_kemendagri", "regency": "regency_kemendagri"},
		normalise: normaliseStatistic,
		period:    func(f *Fields, r *Statistic) string { return f.month(r.StartsOn) },
	})
}

// Statistic is one value of one statistical series, for one area and time, as its producer published
// it: an observation in the sense of SDMX. Indicator and classes are the producer's own codes. The
// area is a country or one of the producer's groups of countries; province and regency part
// Indonesia further; the counterpart is the other country of a pair (who sends, where the area
// receives).
//
// The value is kept as its digits and the number of decimals among them, so that no digit is lost and
// none invented: value_digits × 10^-value_decimals. Decimals are negative where the producer counts in
// thousands or millions. A value of null was published as missing, which is not zero.
type Statistic struct {
	Indicator          string  `parquet:"indicator,dict" lindung:"open"`
	Title              *string `parquet:"title,dict" lindung:"open"`
	Area               string  `parquet:"area,dict" lindung:"open"`
	AreaKind           string  `parquet:"area_kind,dict" lindung:"open"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"open,regency"`
	Counterpart        *string `parquet:"counterpart,dict" lindung:"open,country"`
	Time               string  `parquet:"time,dict" lindung:"open"`
	TimeKind           string  `parquet:"time_kind,dict" lindung:"open"`
	StartsOn           int32   `parquet:"starts_on,date,dict" lindung:"open"`
	EndsOn             int32   `parquet:"ends_on,date,dict" lindung:"open"`
	Sex                *string `parquet:"sex,dict" lindung:"open,sex"`
	Class1             *string `parquet:"class_1,dict" lindung:"open"`
	Class2             *string `parquet:"class_2,dict" lindung:"open"`
	Class3             *string `parquet:"class_3,dict" lindung:"open"`
	ValueDigits        *int64  `parquet:"value_digits" lindung:"open"`
	ValueDecimals      *int32  `parquet:"value_decimals,int(16)" lindung:"open"`
	Unit               *string `parquet:"unit,dict" lindung:"open"`
	Currency           *string `parquet:"currency,dict" lindung:"open,currency"`
	Status             *string `parquet:"status,dict" lindung:"open"`
	Origin             *string `parquet:"origin,dict" lindung:"open"`
	Note               *string `parquet:"note,dict" lindung:"open"`
	Provenance
}

func normaliseStatistic(f *Fields, r *Statistic) {
	r.Indicator = f.Label("indicator")
	r.Title = f.LabelOpt("title")
	r.Area, r.AreaKind = f.Area("area")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.Counterpart = f.CountryOpt("counterpart")
	at := f.Span("time", "sub_time")
	r.Time, r.TimeKind, r.StartsOn, r.EndsOn = at.text, at.kind, at.first, at.last
	r.Sex = f.CodeOpt("sex", "sex")
	r.Class1, r.Class2, r.Class3 = f.LabelOpt("class_1"), f.LabelOpt("class_2"), f.LabelOpt("class_3")
	r.ValueDigits, r.ValueDecimals = f.Digits("value", "unit_mult")
	r.Unit = f.LabelOpt("unit")
	r.Currency = f.CodeOpt("currency", "currency")
	r.Status = f.LabelOpt("status")
	r.Origin = f.LabelOpt("origin")
	r.Note = f.LabelOpt("note")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
	if r.ProvinceKemendagri != nil && f.clean() && r.Area != indonesia {
		f.Problem(CodeConflict, "area", "area: another than IDN, although a province is given; correct the source or fields: in the feed")
	}
}

// indonesia is the country whose provinces the region lists know.
const indonesia = "IDN"
