package transforms

func init() {
	register(definition[SocialSecurityClaims, *SocialSecurityClaims]{
		name: "social_security_claims", version: 1, key: []string{"year", "month", "country", "sex", "claim_kind"},
		normalise: normaliseSocialSecurityClaims,
		period:    func(_ *Fields, r *SocialSecurityClaims) string { return monthText(int(r.Year), int(r.Month)) },
	})
}

// SocialSecurityClaims is what became of the claims of one kind in one month, in one country or in all of them
// (country null), of one sex or of both (sex null).
type SocialSecurityClaims struct {
	Year      int32   `parquet:"year,int(16)" lindung:"open"`
	Month     int32   `parquet:"month,int(16)" lindung:"open"`
	Country   *string `parquet:"country,dict" lindung:"open,country"`
	Sex       *string `parquet:"sex,dict" lindung:"open,sex"`
	ClaimKind string  `parquet:"claim_kind,dict" lindung:"open,claim_kind"`
	Filed     *int64  `parquet:"filed" lindung:"internal"`
	Paid      *int64  `parquet:"paid" lindung:"internal"`
	Fatal     *int64  `parquet:"fatal" lindung:"internal"`
	PaidIDR   *int64  `parquet:"paid_idr,decimal(2:18)" lindung:"internal"`
	Provenance
}

func normaliseSocialSecurityClaims(f *Fields, r *SocialSecurityClaims) {
	r.Year = f.Int("year", 1970, 2100)
	r.Month = f.Int("month", 1, 12)
	r.Country = f.CountryOpt("country")
	r.Sex = f.CodeOpt("sex", "sex")
	r.ClaimKind = f.Code("claim_kind", "claim_kind")
	r.Filed = f.CountOpt("filed")
	r.Paid = f.CountOpt("paid")
	r.Fatal = f.CountOpt("fatal")
	r.PaidIDR = f.MoneyOpt("paid_idr")

	if r.Filed == nil && r.Paid == nil && r.Fatal == nil && r.PaidIDR == nil && f.clean() {
		f.Problem(MissingRequired, "filed", "filed: empty, and so is every other figure of the row; leave the row out or map a figure under fields:")
	}
}
