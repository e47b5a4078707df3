package transforms

func init() {
	register(definition[P3MISanction, *P3MISanction]{
		name: "p3mi_sanctions", version: 1, key: []string{"sanction_id"},
		normalise: normaliseP3MISanction,
		period:    func(f *Fields, r *P3MISanction) string { return f.month(r.ImposedOn) },
	})
}

// P3MISanction is one sanction against the holder of one licence.
type P3MISanction struct {
	SanctionID   string `parquet:"sanction_id" lindung:"internal"`
	LicenceNo    string `parquet:"licence_no" lindung:"internal"`
	SanctionKind string `parquet:"sanction_kind,dict" lindung:"open,sanction_kind"`
	ImposedOn    int32  `parquet:"imposed_on,date,dict" lindung:"internal"`
	LiftedOn     *int32 `parquet:"lifted_on,date,dict" lindung:"internal"`
	Provenance
}

func normaliseP3MISanction(f *Fields, r *P3MISanction) {
	r.SanctionID = f.Text("sanction_id")
	r.LicenceNo = f.Text("licence_no")
	r.SanctionKind = f.Code("sanction_kind", "sanction_kind")
	r.ImposedOn = f.Date("imposed_on")
	r.LiftedOn = f.DateOpt("lifted_on")

	if r.LiftedOn != nil && f.clean() {
		f.NotBefore("imposed_on", r.ImposedOn, "lifted_on", *r.LiftedOn)
	}
}
