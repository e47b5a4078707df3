package warehouse

import (
	"sort"
	"time"

	models "github.com/kp2mi/lindung/sql"
)

// recentReleases is of how many as-of days a release keeps how the checks came out.
const recentReleases = 31

// Earlier gives the folders of the releases that knew less than a day, oldest first: the newest of each as-of day,
// and of what lies further back the last on each report month. A release made again on the same day thus has the
// same past. Manifests stay when a release is pruned.
func (r *Releases) Earlier(asOf time.Time) ([]string, error) {
	list, err := r.List()
	if err != nil {
		return nil, err
	}
	folders := map[*Manifest]string{}
	manifests := make([]*Manifest, len(list))
	for i, one := range list {
		manifests[i], folders[one.Manifest] = one.Manifest, one.Dir
	}
	var kept []string
	for _, m := range earlierThan(asOf, manifests) {
		kept = append(kept, folders[m])
	}
	return kept, nil
}

func earlierThan(asOf time.Time, releases []*Manifest) []*Manifest {
	newest := map[time.Time]*Manifest{}
	for _, m := range releases { // by number: a later one takes the place of an earlier one of the same day
		if day := dayOf(m.AsOf); day.Before(dayOf(asOf)) {
			newest[day] = m
		}
	}
	days := make([]*Manifest, 0, len(newest))
	for _, m := range newest {
		days = append(days, m)
	}
	sort.Slice(days, func(i, j int) bool { return days[i].AsOf.Before(days[j].AsOf) })
	recent := max(0, len(days)-recentReleases)
	return append(lastOfMonth(days[:recent]), days[recent:]...)
}

// lastOfMonth keeps of releases in order the last on each report month, in order.
func lastOfMonth(releases []*Manifest) (kept []*Manifest) {
	last := map[string]*Manifest{}
	for _, m := range releases {
		last[m.ReportMonth] = m
	}
	for _, m := range releases {
		if last[m.ReportMonth] == m {
			kept = append(kept, m)
		}
	}
	return kept
}

// monthOf reads a month as manifests write it.
func monthOf(text string) time.Time {
	month, _ := time.Parse("2006-01", text) // only ever what a build wrote
	return month
}

// historyTable lists how checks came out in releases before this one, and in it.
func (b *build) historyTable() engineTable {
	return engineTable{
		schema: "meta", name: "check_history",
		about: models.Text{ID: "Hasil pemeriksaan pada rilis-rilis sebelumnya dan rilis ini.", EN: "Results of the checks in earlier releases and in this one."},
		columns: []engineColumn{
			col("release_id", "VARCHAR", "Kode rilis.", "Release id."),
			col("as_of", "DATE", "Tanggal acuan rilis itu.", "As-of day of that release."),
			col("report_month", "VARCHAR", "Bulan laporan rilis itu.", "Report month of that release."),
			col("name", "VARCHAR", "Nama pemeriksaan.", "Name of the check."),
			col("dimension", "VARCHAR", "Dimensi mutu.", "Dimension of quality."),
			col("severity", "VARCHAR", "error atau warn.", "error or warn."),
			col("passed", "BOOLEAN", "Lulus.", "Whether it passed."),
			col("offending", "BIGINT", "Jumlah baris bermasalah.", "Number of offending rows."),
			col("checked", "BIGINT", "Jumlah baris yang diperiksa; kosong bila tidak bermakna.", "Rows that it looked through; empty where that says nothing."),
		},
		rows: func(add adder) error {
			list := func(m *Manifest) error {
				for _, c := range m.Checks {
					if err := add(m.ReleaseID, dayOf(m.AsOf), m.ReportMonth, c.Name, c.Dimension, c.Severity, c.Passed(), c.Offending, countOrNull(c.Checked)); err != nil {
						return err
					}
				}
				return nil
			}
			for _, m := range b.Earlier {
				if err := list(m); err != nil {
					return err
				}
			}
			return list(b.manifest)
		},
	}
}
