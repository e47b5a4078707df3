package transforms

import (
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"
)

// processorTime is the time that the process has spent on processors, which a busy machine does
// not stretch.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// reportRate reports rows per second of one core.
func reportRate(b *testing.B, rows int, since time.Duration, unit string) {
	b.ReportMetric(float64(rows)/(processorTime()-since).Seconds(), unit)
}

// manyPlacements makes a batch of synthetic placements as a unit office would send them.
func manyPlacements(n int) (*table, Mapping) {
	countries := []string{"Hongkong", "Taiwan", "Malaysia", "Jepang", "SINGAPURA", "Korea (Korea Selatan)", "Saudi Arabia", "Italia", "Turki", "Uni Emirat Arab"}
	jobs := []string{"House Maid", "CARE TAKER", "Plantation Worker", "Worker", "PLRT", "Operator Production", "Baby Sitter"}
	regions := [][4]string{{"35", "Jawa Timur", "3525", "Kab. Gresik"}, {"32", "Jawa Barat", "3212", "Indramayu"}, {"33", "JAWA TENGAH", "3301", "Kabupaten Cilacap"}, {"52", "NTB", "5203", "Kab. Lombok Timur"}}
	t := &table{header: []string{"id_penempatan", "nik", "paspor", "kelamin", "tgl_lahir", "pendidikan", "status_kawin", "kode_prov", "provinsi", "kode_kab", "kabupaten",
		"skema", "pemberi_kerja", "negara", "jabatan", "p3mi", "unit", "tgl_daftar", "tgl_selesai", "tgl_berangkat", "lama_kontrak", "gaji", "mata_uang", "jamsos", "reentry", "status", "diubah"}}
	for i := range n {
		r := regions[i%len(regions)]
		day, month := 1+i%28, 1+i/28%12
		sex, nikDay := "L", day
		if i%3 > 0 {
			sex, nikDay = "P", day+40
		}
		t.rows = append(t.rows, []string{
			fmt.Sprintf("PLC-2024-%07d", i), fmt.Sprintf("%s01%02d%02d%02d%04d", r[2], nikDay, month, 60+i%40, i%10000), fmt.Sprintf("X%07d", i), sex,
			fmt.Sprintf("%02d/%02d/%d", day, month, 1960+i%40), []string{"SMA/SMK", "SMP", "SD", "Diploma"}[i%4], []string{"Belum Kawin", "Kawin", "Cerai Hidup"}[i%3],
			r[0], r[1], r[2], r[3], []string{"P to P", "G to G", "Mandiri"}[i%3], []string{"Formal", "Informal"}[i%2], countries[i*7%len(countries)], jobs[i*3%len(jobs)],
			fmt.Sprintf("PT Contoh Karya %d", i%400), "BP3MI Jawa Timur", fmt.Sprintf("%02d-%02d-2024", day, month), fmt.Sprintf("2024-%02d-%02d", month, day), "",
			"24", fmt.Sprintf("%d.%03d", 3+i%20, i%1000), "HKD", "ya", "tidak", "SELESAI", fmt.Sprintf("2024-%02d-%02dT10:%02d:00+07:00", month, day, i%60),
		})
	}
	m := Mapping{Source: "bp3mi_units", Feed: "bp3mi_placements", VersionColumn: "source_updated_at",
		Units: Units{Decimal: ",", DateOrder: "dmy", RegionCodes: "kemendagri"}, Fields: map[string]string{}}
	for i, ours := range []string{"placement_id", "nik", "passport", "sex", "birth_date", "education", "marital", "province_code", "province", "regency_code", "regency",
		"scheme", "employer_type", "country", "job_title", "p3mi", "unit", "registered_on", "completed_on", "departed_on", "contract_months", "wage", "wage_currency",
		"social_security", "reentry", "status", "source_updated_at"} {
		m.Fields[ours] = t.header[i]
	}
	return t, m
}

func BenchmarkNormalisePlacements(b *testing.B) {
	batch, m := manyPlacements(4096)
	d, n := bind(b, testEnv(b), "placements", m)
	b.ReportAllocs()
	records, start := 0, processorTime()
	for b.Loop() {
		rows := d.NewRows()
		rejects, err := n.Normalise(batch, [16]byte{1}, rows)
		if err != nil || len(rejects) > 0 {
			b.Fatal(err, rejects)
		}
		records += batch.Len()
	}
	reportRate(b, records, start, "records/core-s")
}

func placementRows(b *testing.B, n int) Rows {
	batch, m := manyPlacements(n)
	d, bound := bind(b, testEnv(b), "placements", m)
	rows := d.NewRows()
	if rejects, err := bound.Normalise(batch, [16]byte{1}, rows); err != nil || len(rejects) > 0 {
		b.Fatal(err, rejects)
	}
	return rows
}

func BenchmarkWriteParquet(b *testing.B) {
	rows := placementRows(b, 100_000)
	b.ReportAllocs()
	written, start := 0, processorTime()
	for b.Loop() {
		if err := rows.WriteParquet(io.Discard); err != nil {
			b.Fatal(err)
		}
		written += rows.Len()
	}
	reportRate(b, written, start, "rows/core-s")
}

func BenchmarkSums(b *testing.B) {
	rows := placementRows(b, 100_000)
	summed, start := 0, processorTime()
	for b.Loop() {
		rows.Sums()
		summed += rows.Len()
	}
	reportRate(b, summed, start, "rows/core-s")
}
