package figures

import "strings"

// A method is how a published figure is computed from ours.
type method int

const (
	none   method = iota // it cannot be; the rule says why
	count                // the sum of months of one member, or of several
	share                // one member's part of the total, in per cent
	growth               // change against the same months a year earlier, in per cent
	top5                 // the sum of the five largest members
	target               // compared with the target that is on record
	own                  // the period's own value, which months do not add up to; a moment has that of the month it ends
)

// A rule says which of our figures a published measure and breakdown stand for.
// The first rule that matches decides. A breakdown of "" matches any; one that
// ends in "*" any with that beginning.
type rule struct {
	measure   string
	breakdown string
	kpi       string
	of        string // its measure, where it is not the default one
	method    method
	dimension string // our breakdown and member, where the published words hide them
	member    string // several are parted by "+"
	reason    string // of method none
	until     int    // the month with which the period ends, where only the published words say so
}

// rules is the whole correspondence between the ministry's words and our KPIs. A
// measure that is not here has no KPI yet. Formal and informal are the words used
// until 2024 for legal-entity (BH) and individual (PSR) employers.
var rules = []rule{
	{measure: "penempatan", breakdown: "G to G negara=Jerman", kpi: "SKL-01", method: count, dimension: "total"},
	{measure: "penempatan", breakdown: "G to G negara=*", reason: noBreakdown}, // two dimensions at once
	{measure: "penempatan", breakdown: "skema=P to P share", kpi: "PLC-01", method: share, dimension: "scheme", member: "PTP"},
	{measure: "penempatan", breakdown: "formal share", kpi: "PLC-01", method: share, dimension: "employer_type", member: "BH"},
	{measure: "penempatan", breakdown: "informal share", kpi: "PLC-01", method: share, dimension: "employer_type", member: "PSR"},
	{measure: "penempatan", breakdown: "pemberi kerja=perseorangan share", kpi: "PLC-01", method: share, dimension: "employer_type", member: "PSR"},
	{measure: "penempatan", breakdown: "pendidikan=SMA/SMK share", kpi: "PLC-01", method: share, dimension: "education", member: "SMA"},
	{measure: "penempatan", breakdown: "pendidikan=SMP share", kpi: "PLC-01", method: share, dimension: "education", member: "SMP"},
	{measure: "penempatan", breakdown: "pendidikan=SD share", kpi: "PLC-01", method: share, dimension: "education", member: "SD"},
	{measure: "penempatan", breakdown: "pendidikan=Diploma share", kpi: "PLC-01", method: share, dimension: "education", member: "DIPLOMA"},
	{measure: "penempatan", breakdown: "pendidikan=Sarjana share", kpi: "PLC-01", method: share, dimension: "education", member: "SARJANA"},
	{measure: "penempatan", breakdown: "pendidikan=Pascasarjana share", kpi: "PLC-01", method: share, dimension: "education", member: "PASCASARJANA"},
	{measure: "penempatan", breakdown: "informal yoy", kpi: "PLC-01", method: growth, dimension: "employer_type", member: "PSR"},
	{measure: "penempatan", breakdown: "total (rounded)", kpi: "PLC-01", method: count, dimension: "total"},
	{measure: "penempatan", kpi: "PLC-01", method: count},

	{measure: "pengaduan", breakdown: "selesai share", reason: otherDefinition}, // of cases a few weeks old
	{measure: "pengaduan", breakdown: "status=*", reason: otherDefinition},
	{measure: "pengaduan", breakdown: "tertangani", reason: otherDefinition},
	{measure: "pengaduan", breakdown: "provinsi=Jawa Barat growth", reason: periodUnclear}, // against which month is not said
	{measure: "pengaduan", breakdown: "5 negara teratas", kpi: "CMP-01", method: top5, dimension: "country"},
	{measure: "pengaduan", kpi: "CMP-01", method: count},

	{measure: "remitansi", breakdown: "negara=total", kpi: "REM-01", method: count, dimension: "total"},
	{measure: "remitansi", breakdown: "triwulan=*", kpi: "REM-01", method: count, dimension: "total"},
	{measure: "remitansi", kpi: "REM-01", method: count},

	{measure: "target penempatan", kpi: "PLC-01", method: target},
	{measure: "target remitansi", kpi: "REM-01", method: target},
	{measure: "share medium-high skilled", kpi: "PLC-05", method: target},

	{measure: "PMI terdaftar", reason: stock},

	{measure: "lowongan SIP2MI", breakdown: "ukuran=total", kpi: "PLC-09", of: "offered", method: count, dimension: "total"},
	{measure: "lowongan SIP2MI", breakdown: "ukuran=terserap", kpi: "PLC-09", of: "filled", method: count, dimension: "total"},
	{measure: "lowongan SIP2MI", breakdown: "ukuran=sisa", kpi: "PLC-09", of: "unfilled", method: count, dimension: "total"},
	{measure: "P3MI berizin", breakdown: "provinsi=total", kpi: "BFR-06", method: own, dimension: "total"},
	{measure: "P3MI berizin", kpi: "BFR-06", method: own},
	{measure: "BP3MI Sulteng OPP/verifikasi", breakdown: "ukuran=target", kpi: "BFR-01", method: target},
	{measure: "BP3MI Sulteng OPP/verifikasi", kpi: "BFR-01", of: "briefed", method: count, dimension: "unit", member: "BP3MI-SULTENG"},

	{measure: "pemulangan difasilitasi", kpi: "RET-01", method: count},
	{measure: "pemulangan", breakdown: "kategori=total", kpi: "RET-01", method: count, dimension: "total"},
	{measure: "pemulangan", breakdown: "kategori=jenazah", kpi: "RET-01", method: count, dimension: "return_class", member: "MENINGGAL"},
	{measure: "pemulangan", breakdown: "kategori=PMI terkendala", kpi: "RET-01", method: count, dimension: "return_class", member: "TERKENDALA"},
	{measure: "pemulangan", breakdown: "kategori=PMI sakit", kpi: "RET-01", method: count, dimension: "return_class", member: "SAKIT"},
	{measure: "pemulangan", breakdown: "kategori=*", reason: noBreakdown}, // deported from one country; candidates and families
	{measure: "pemulangan", kpi: "RET-01", method: count},
	{measure: "pemulangan bermasalah", kpi: "RET-01", method: count, dimension: "return_class", member: "TERKENDALA+DEPORTASI"},
	{measure: "penanganan", breakdown: "kategori=meninggal", kpi: "RET-01", method: count, dimension: "return_class", member: "MENINGGAL"},
	{measure: "penanganan", breakdown: "kategori=sakit", kpi: "RET-03", method: count, dimension: "total"},
	{measure: "penanganan", breakdown: "kategori=deportasi", kpi: "RET-04", method: count, dimension: "total"},
	{measure: "pelindungan", breakdown: "kategori=total", reason: mixedMeasures}, // returns and departures prevented
	{measure: "pelindungan", breakdown: "kategori=PMI bermasalah dipulangkan", kpi: "RET-01", method: count, dimension: "return_class", member: "TERKENDALA+DEPORTASI"},
	{measure: "pelindungan", breakdown: "kategori=PMI sakit", kpi: "RET-03", method: count, dimension: "total"},
	{measure: "pelindungan", breakdown: "kategori=PMI meninggal", kpi: "RET-01", method: count, dimension: "return_class", member: "MENINGGAL"},
	{measure: "pelindungan", breakdown: "kategori=pencegahan nonprosedural", kpi: "BFR-03", method: count, dimension: "total"},
	{measure: "deportasi via Nunukan", breakdown: "kelamin=*", reason: noBreakdown}, // two dimensions at once
	{measure: "deportasi via Nunukan", kpi: "RET-04", method: count, dimension: "point", member: "TUNON_TAKA"},
	{measure: "jenazah NTT", reason: noBreakdown},     // two dimensions at once
	{measure: "repatriasi TPPO", reason: noBreakdown}, // TPP-01 is national: trafficking is restricted

	// The foreign ministry's cases are of all citizens: measures of their own, never complaints.
	{measure: "kasus WNI (Kemlu)", breakdown: "ditangani", kpi: "CMP-10", of: "missions_received", method: count, dimension: "total"},
	{measure: "kasus WNI (Kemlu)", breakdown: "selesai", kpi: "CMP-10", of: "missions_resolved", method: count, dimension: "total"},
	{measure: "kasus WNI (Kemlu)", kpi: "CMP-10", of: "missions_received", method: count},
	{measure: "kasus WNI selesai (Kemlu)", reason: noBreakdown},

	{measure: "klaim PMI BPJS", breakdown: "jenis=total", kpi: "SAF-02", method: count, dimension: "claim_kind", member: "JKK+JKM"},
	{measure: "klaim PMI BPJS", breakdown: "jenis=JKK", kpi: "SAF-02", method: count, dimension: "claim_kind", member: "JKK"},
	{measure: "klaim PMI BPJS", breakdown: "jenis=JKM", kpi: "SAF-02", method: count, dimension: "claim_kind", member: "JKM"},
	{measure: "klaim PMI BPJS", breakdown: "jenis=gagal berangkat", kpi: "SAF-02", method: count, dimension: "claim_kind", member: "GAGAL_BERANGKAT"},
	{measure: "klaim PMI BPJS", breakdown: "jenis=pemulangan PMI bermasalah", kpi: "SAF-02", method: count, dimension: "claim_kind", member: "PEMULANGAN"},
	{measure: "klaim PMI BPJS", breakdown: "nilai", kpi: "SAF-02", of: "paid_idr", method: count, dimension: "claim_kind", member: "JKK+JKM"},

	{measure: "KUR PMI", breakdown: "ukuran=debitur", kpi: "EMP-05", method: own, dimension: "total"},
	{measure: "KUR PMI", breakdown: "ukuran=nilai (*", kpi: "EMP-04", method: count, dimension: "total"},
	{measure: "KUR PMI", breakdown: "ukuran=tersalur s.d. Nov*", kpi: "EMP-04", method: count, dimension: "total", until: 11},
	{measure: "KUR PMI", reason: input}, // ceilings
	{measure: "KUR PMI BNI", reason: noBreakdown},
	{measure: "IKU TKI purna menjadi wirausaha", breakdown: "ukuran=target %", kpi: "EMP-02", method: target},
	{measure: "IKU TKI purna menjadi wirausaha", breakdown: "ukuran=realisasi %", kpi: "EMP-02", method: own, dimension: "total"},
	{measure: "IKU TKI purna menjadi wirausaha", breakdown: "ukuran=dilatih", kpi: "EMP-01", of: "trained_or_mentored", method: own, dimension: "total"},
	{measure: "IKU TKI purna menjadi wirausaha", reason: otherDefinition}, // entrepreneurs within no window that is named
	{measure: "IKU padu padan kompetensi", breakdown: "ukuran=target %", kpi: "SKL-05", method: target},
	{measure: "IKU padu padan kompetensi", reason: withheld},
	{measure: "G to G Jerman", breakdown: "ditempatkan kumulatif", reason: cumulative},
	{measure: "G to G Jerman batch II", reason: noBreakdown},
	{measure: "pelatihan bahasa Jerman B1", reason: noBreakdown},
	{measure: "peserta PMI BPJS Ketenagakerjaan", kpi: "BFR-02", of: "members", method: own},

	{measure: "IKK nilai kinerja anggaran", breakdown: "ukuran=target", kpi: "GOV-04", method: target},
	{measure: "IKK nilai kinerja anggaran", breakdown: "ukuran=realisasi", kpi: "GOV-04", method: own, dimension: "total"},
	{measure: "IKK nilai kinerja anggaran", breakdown: "ukuran=capaian %", kpi: "GOV-04", of: "attainment", method: own, dimension: "total"},
}

func (r rule) subject() subject { return subject{r.kpi, r.of} }

func (r rule) matches(p Published) bool {
	if r.measure != p.Measure {
		return false
	}
	if beginning, open := strings.CutSuffix(r.breakdown, "*"); open {
		return strings.HasPrefix(p.Breakdown, beginning)
	}
	return r.breakdown == "" || r.breakdown == p.Breakdown
}

// ruleFor finds what a published figure stands for; without a rule there is no KPI.
func ruleFor(p Published) rule {
	for _, r := range rules {
		if r.matches(p) {
			return r
		}
	}
	return rule{measure: p.Measure, reason: noKPI}
}

// partitions are the dimensions whose published members leave nobody out, so that
// their sum must be the total.
var partitions = map[string]bool{"sex": true, "employer_type": true, "scheme": true, "education": true, "marital": true, "procedure": true}
