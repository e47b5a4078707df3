package transforms

func init() {
	register(definition[MissionCases, *MissionCases]{
		name: "mission_cases", version: 1, key: []string{"year", "month", "country", "topic"},
		normalise: normaliseMissionCases,
		period:    missionPeriod,
	})
}

// MissionCases is what the missions abroad count in one month, or in a year where the source gives no months
// (month null), in one country or in all of them (country null), of one topic or of all (topic null). They
// are cases of all citizens and a measure of the foreign ministry: nothing here is added to a complaint.
type MissionCases struct {
	Year               int32   `parquet:"year,int(16)" lindung:"open"`
	Month              *int32  `parquet:"month,int(16)" lindung:"open"`
	Country            *string `parquet:"country,dict" lindung:"open,country"`
	Topic              *string `parquet:"topic,dict" lindung:"internal"`
	CasesReceived      *int64  `parquet:"cases_received" lindung:"internal"`
	CasesResolved      *int64  `parquet:"cases_resolved" lindung:"internal"`
	DeathPenaltyOpen   *int64  `parquet:"death_penalty_open" lindung:"internal"`
	DeathPenaltyFreed  *int64  `parquet:"death_penalty_freed" lindung:"internal"`
	AmountRecoveredIDR *int64  `parquet:"amount_recovered_idr,decimal(2:18)" lindung:"internal"`
	Provenance
}

func normaliseMissionCases(f *Fields, r *MissionCases) {
	r.Year = f.Int("year", 1970, 2100)
	r.Month = f.IntOpt("month", 1, 12)
	r.Country = f.CountryOpt("country")
	r.Topic = f.LabelOpt("topic")
	r.CasesReceived = f.CountOpt("cases_received")
	r.CasesResolved = f.CountOpt("cases_resolved")
	r.DeathPenaltyOpen = f.CountOpt("death_penalty_open")
	r.DeathPenaltyFreed = f.CountOpt("death_penalty_freed")
	r.AmountRecoveredIDR = f.MoneyOpt("amount_recovered_idr")

	if r.CasesReceived == nil && r.CasesResolved == nil && r.DeathPenaltyOpen == nil && r.DeathPenaltyFreed == nil && r.AmountRecoveredIDR == nil && f.clean() {
		f.Problem(MissingRequired, "cases_received", "cases_received: empty, and so is every other figure of the row; leave the row out or map a figure under fields:")
	}
}

// missionPeriod is the month, or the first month of a year without months.
func missionPeriod(_ *Fields, r *MissionCases) string {
	month := 1
	if r.Month != nil {
		month = int(*r.Month)
	}
	return monthText(int(r.Year), month)
}
