package transforms

func init() {
	register(definition[CaseEvent, *CaseEvent]{
		name: "case_events", version: 1, key: []string{"case_id", "seq"},
		normalise: normaliseCaseEvent,
		period:    func(f *Fields, r *CaseEvent) string { return f.monthOf(r.OccurredAt) },
	})
}

// CaseEvent is one step of a complaint: the status it came to, and when.
type CaseEvent struct {
	CaseID        string  `parquet:"case_id" lindung:"internal"`
	Seq           int32   `parquet:"seq" lindung:"internal"`
	Status        string  `parquet:"status,dict" lindung:"open,status"`
	OccurredAt    int64   `parquet:"occurred_at,timestamp(microsecond)" lindung:"internal"`
	Unit          *string `parquet:"unit,dict" lindung:"open,unit"`
	ClosureReason *string `parquet:"closure_reason,dict" lindung:"internal,closure_reason"`
	Provenance
}

func normaliseCaseEvent(f *Fields, r *CaseEvent) {
	r.CaseID = f.Text("case_id")
	r.Seq = f.Int("seq", 0, 1_000_000)
	r.Status = f.Code("status", "status")
	r.OccurredAt = f.Timestamp("occurred_at")
	r.Unit = f.CodeOpt("unit", "unit")
	r.ClosureReason = f.CodeOpt("closure_reason", "closure_reason")
}
