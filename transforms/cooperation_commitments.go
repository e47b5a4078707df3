package transforms

func init() {
	register(definition[CooperationCommitment, *CooperationCommitment]{
		name: "cooperation_commitments", version: 1, key: []string{"commitment_id"},
		normalise: normaliseCooperationCommitment,
		period:    func(f *Fields, r *CooperationCommitment) string { return f.month(r.MetOn) },
	})
}

// CooperationCommitment is one promise that was made at a meeting of the ministry with its partners: who, what, until
// when, and whether it was kept.
type CooperationCommitment struct {
	CommitmentID string  `parquet:"commitment_id" lindung:"internal"`
	Meeting      string  `parquet:"meeting,dict" lindung:"internal"`
	MetOn        int32   `parquet:"met_on,date,dict" lindung:"internal"`
	Partner      string  `parquet:"partner,dict" lindung:"open,partner"`
	Theme        *string `parquet:"theme,dict" lindung:"open,theme"`
	Promise      string  `parquet:"promise,dict" lindung:"internal"`
	DueOn        *int32  `parquet:"due_on,date,dict" lindung:"internal"`
	State        string  `parquet:"state,dict" lindung:"open,commitment_state"`
	KeptOn       *int32  `parquet:"kept_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseCooperationCommitment(f *Fields, r *CooperationCommitment) {
	r.CommitmentID = f.Text("commitment_id")
	r.Meeting = f.Label("meeting")
	r.MetOn = f.Date("met_on")
	r.Partner = f.Code("partner", "partner")
	r.Theme = f.CodeOpt("theme", "theme")
	r.Promise = f.Label("promise")
	r.DueOn = f.DateOpt("due_on")
	r.State = f.Code("state", "commitment_state")
	r.KeptOn = f.DateOpt("kept_on")
	if f.tour || !f.clean() {
		return
	}
	if r.DueOn != nil {
		f.NotBefore("met_on", r.MetOn, "due_on", *r.DueOn)
	}
	if r.KeptOn != nil {
		f.NotBefore("met_on", r.MetOn, "kept_on", *r.KeptOn)
	}
	if (r.State == "DITEPATI") != (r.KeptOn != nil) {
		f.Problem(CodeConflict, "kept_on", "kept_on: a promise that was kept has a day on which it was, and no other has one; correct state or kept_on")
	}
}
