package transforms

func init() {
	register(definition[SocialSecurityMembers, *SocialSecurityMembers]{
		name: "social_security_members", version: 1, key: []string{"year", "month", "country", "sex"},
		normalise: normaliseSocialSecurityMembers,
		period:    func(_ *Fields, r *SocialSecurityMembers) string { return monthText(int(r.Year), int(r.Month)) },
	})
}

// SocialSecurityMembers is the number of migrant workers with a running membership at the end of one month, in
// one country or in all of them (country null), of one sex or of both (sex null).
type SocialSecurityMembers struct {
	Year    int32   `parquet:"year,int(16)" lindung:"open"`
	Month   int32   `parquet:"month,int(16)" lindung:"open"`
	Country *string `parquet:"country,dict" lindung:"open,country"`
	Sex     *string `parquet:"sex,dict" lindung:"open,sex"`
	Members int64   `parquet:"members" lindung:"internal"`
	Provenance
}

func normaliseSocialSecurityMembers(f *Fields, r *SocialSecurityMembers) {
	r.Year = f.Int("year", 1970, 2100)
	r.Month = f.Int("month", 1, 12)
	r.Country = f.CountryOpt("country")
	r.Sex = f.CodeOpt("sex", "sex")
	r.Members = f.Count("members")
}
