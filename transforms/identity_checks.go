package transforms

func init() {
	register(definition[IdentityCheck, *IdentityCheck]{
		name: "identity_checks", version: 1, key: []string{"check_id"},
		normalise: normaliseIdentityCheck,
		period:    func(f *Fields, r *IdentityCheck) string { return f.month(r.CheckedOn) },
	})
}

// IdentityCheck is what the civil register answered once about one identity number. The structural check of a
// number is another thing: it needs no register and says only that the number could exist.
type IdentityCheck struct {
	CheckID   string `parquet:"check_id" lindung:"internal"`
	NIKToken  *Token `parquet:"nik_token" lindung:"identifier"`
	NIKCheck  string `parquet:"nik_check,dict" lindung:"internal"`
	Result    string `parquet:"result,dict" lindung:"internal,identity_result"`
	CheckedOn int32  `parquet:"checked_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseIdentityCheck(f *Fields, r *IdentityCheck) {
	r.CheckID = f.Text("check_id")
	r.NIKToken, r.NIKCheck = f.NIK("nik", nil)
	r.Result = f.Code("result", "identity_result")
	r.CheckedOn = f.Date("checked_on")

	if r.NIKToken == nil && f.clean() {
		f.Problem(MissingRequired, "nik", "nik: empty or filler digits, so it cannot be said whose check this is; correct the source")
	}
}
