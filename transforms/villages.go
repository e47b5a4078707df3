package transforms

func init() {
	register(definition[Village, *Village]{
		name: "villages", version: 1, key: []string{"village_code"},
		normalise: normaliseVillage,
		period:    func(f *Fields, r *Village) string { return f.month(r.DecreedOn) },
	})
}

// Village is one village that was made a Desa Migran EMAS by decree.
type Village struct {
	VillageCode        string  `parquet:"village_code" lindung:"open"`
	Village            string  `parquet:"village,dict" lindung:"open"`
	ProvinceKemendagri *string `parquet:"province_kemendagri,dict" lindung:"open,province"`
	RegencyKemendagri  *string `parquet:"regency_kemendagri,dict" lindung:"open,regency"`
	DecreeNo           *string `parquet:"decree_no,dict" lindung:"open"`
	Unit               *string `parquet:"unit,dict" lindung:"open,unit"`
	DecreedOn          int32   `parquet:"decreed_on,date,dict" lindung:"open"`
	Provenance
}

func normaliseVillage(f *Fields, r *Village) {
	r.VillageCode = f.Text("village_code")
	r.Village = f.Label("village")
	r.ProvinceKemendagri = f.Province("province_code", "province")
	r.RegencyKemendagri = f.Regency("regency_code", "regency")
	r.DecreeNo = f.LabelOpt("decree_no")
	r.Unit = f.CodeOpt("unit", "unit")
	r.DecreedOn = f.Date("decreed_on")

	r.ProvinceKemendagri = f.Within("regency", r.RegencyKemendagri, r.ProvinceKemendagri)
}
