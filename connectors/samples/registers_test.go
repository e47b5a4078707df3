package samples

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// newest reads a register as it is at a moment.
func newest(t *testing.T, w *World, name string, now time.Time) []map[string]string {
	t.Helper()
	i := slices.IndexFunc(registers, func(r register) bool { return r.name == name })
	items := w.registerItems(&registers[i])(w, 0, momentOf(now))
	records := make([]map[string]string, len(items))
	for k, x := range items {
		var raw map[string]*string
		if err := json.Unmarshal(x.write(nil), &raw); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		records[k] = map[string]string{}
		for field, value := range raw {
			if value != nil {
				records[k][field] = *value
			}
		}
	}
	return records
}

// What is published comes out exactly at national scale.
func TestRegistersMeetWhatIsPublished(t *testing.T) {
	w, today := New(Options{Seed: 1}), Deliveries()[2]
	byYear, of2024 := map[string]int{}, map[string]int{}
	for _, r := range newest(t, w, "kepulangan", today) {
		if r["kelas"] != "PENCEGAHAN" {
			byYear[r["tanggal"][:4]]++
		}
		if strings.HasPrefix(r["tanggal"], "2024") {
			of2024[r["kelas"]]++
		}
	}
	if byYear["2023"] != 21945 {
		t.Errorf("%d returns facilitated in 2023, published 21,945", byYear["2023"])
	}
	if of2024["TERKENDALA"]+of2024["DEPORTASI"] != 10568 || of2024["SAKIT"] != 262 || of2024["MENINGGAL"] != 486 || of2024["PENCEGAHAN"] != 4191 {
		t.Errorf("returns of 2024 by class: %v", of2024)
	}
	debtors, millions := 0, 0
	for _, r := range newest(t, w, "kredit", today) {
		if strings.HasPrefix(r["tanggal_akad"], "2023") {
			n, err := strconv.Atoi(r["nilai"])
			if err != nil || n%1_000_000 != 0 {
				t.Fatalf("a loan of %s", r["nilai"])
			}
			debtors, millions = debtors+1, millions+n/1_000_000
		}
	}
	if debtors != 1397 || millions != 33_110 {
		t.Errorf("%d debtors with Rp%d million in 2023, published 1,397 and 33,110", debtors, millions)
	}
}

// A record is told again when it changes, and only its newest version counts.
func TestRegistersTellWhatChanged(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .05})
	before, after := newest(t, w, "penampungan", Deliveries()[1]), newest(t, w, "penampungan", Deliveries()[2])
	open := func(records []map[string]string) (ids []string) {
		for _, r := range records {
			if r["keluar"] == "" {
				ids = append(ids, r["nomor"])
			}
		}
		return ids
	}
	first := open(before)
	if len(first) == 0 || len(after) <= len(before) {
		t.Fatalf("%d stays, %d of them open, then %d", len(before), len(first), len(after))
	}
	for _, id := range open(after) {
		if slices.Contains(first, id) {
			t.Errorf("stay %s is still open a year later", id)
		}
	}
	seen := map[string]bool{}
	for _, r := range after {
		if seen[r["nomor"]] {
			t.Errorf("%s is told twice at one moment", r["nomor"])
		}
		seen[r["nomor"]] = true
	}
}

// Persons are synthetic, known to the placement system, and the same each time.
func TestRegistersNameSyntheticPersons(t *testing.T) {
	known := map[string]bool{}
	w := New(Options{Seed: 1, Scale: .01})
	for y := range w.years {
		for i := range w.years[y].n {
			r := w.record(y, i)
			known[string(r.appendNIK(nil))] = true
		}
	}
	for _, register := range registers {
		records := newest(t, w, register.name, Deliveries()[2])
		again := newest(t, New(Options{Seed: 1, Scale: .01}), register.name, Deliveries()[2])
		if len(records) == 0 || len(records) != len(again) {
			t.Fatalf("%s: %d records, then %d", register.name, len(records), len(again))
		}
		for i, r := range records {
			for field, value := range r {
				if again[i][field] != value {
					t.Fatalf("%s: %s of %s differs between two worlds of one seed", register.name, field, r["nomor"])
				}
			}
			nik, has := r["nik"]
			if has && (len(nik) != 16 || !strings.HasSuffix(nik, "0000") || !known[nik]) {
				t.Errorf("%s: %s is about somebody whom nobody placed", register.name, r["nomor"])
			}
		}
	}
}

// Businesses follow trainings: without that no figure on what training leads to has anything to count.
func TestBusinessesFollowTrainings(t *testing.T) {
	w := New(Options{Seed: 1, Scale: .05})
	trained := map[string]string{} // the first training of each person
	for _, r := range newest(t, w, empowermentRegister.name, Deliveries()[2]) {
		if r["jenis"] == "Pelatihan usaha" && r["peserta"] == "PMI purna" && r["nik"] != "" {
			if first, known := trained[r["nik"]]; !known || r["tanggal"] < first {
				trained[r["nik"]] = r["tanggal"]
			}
		}
	}
	all, after := 0, 0
	for _, r := range newest(t, w, businessRegister.name, Deliveries()[2]) {
		all++
		if day, known := trained[r["nik"]]; known && day <= r["berdiri"] {
			after++
		}
	}
	if share := float64(after) / float64(all); share < .25 || share > .75 {
		t.Errorf("%d of %d businesses follow a training", after, all)
	}
}
