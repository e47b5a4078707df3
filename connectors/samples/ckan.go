package samples

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// A provincial open-data portal that runs CKAN, with one package: placements by
// regency of Jawa Timur, one file a year. Its numbers are the sample's shares of
// the province, rounded to tens.

const ckanPackage = "contoh-penempatan-pmi-jawa-timur"

// ckanYears are the years that the portal has files of at a moment: each since the second of March after it.
func ckanYears(now int64) (years []int) {
	for year := 2022; at(dayNumber(year+1, 3, 2), 0) <= now; year++ {
		years = append(years, year)
	}
	return years
}

// ckan answers package_show; other actions and packages are not there.
func (s *services) ckan(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/json;charset=utf-8")
	if r.PathValue("action") != "package_show" || r.URL.Query().Get("id") != ckanPackage {
		rw.WriteHeader(http.StatusNotFound)
		_, _ = rw.Write([]byte(`{"success":false,"error":{"__type":"Not Found Error","message":"Not found"}}`))
		return
	}
	var resources []map[string]any
	for i, year := range ckanYears(momentOf(s.now())) {
		name := "penempatan_pmi_jatim_" + strconv.Itoa(year) + ".csv"
		resources = append(resources, map[string]any{
			"id": "00000000-0000-4000-8000-" + string(appendPadded(nil, year, 12)), "package_id": ckanPackage, "name": name, "format": "CSV", "mimetype": "text/csv",
			"position": i, "state": "active", "url_type": "upload", "datastore_active": false, "hash": "", "size": nil,
			"created": strconv.Itoa(year+1) + "-03-01T00:00:00.000000", "last_modified": strconv.Itoa(year+1) + "-03-01T00:00:00.000000",
			"metadata_modified": strconv.Itoa(year+1) + "-03-01T00:00:00.000000", "url": "http://" + r.Host + "/ckan/dataset/" + ckanPackage + "/resource/" + name + "/download/" + name,
		})
	}
	b, err := json.Marshal(map[string]any{"success": true, "result": map[string]any{"id": ckanPackage, "name": ckanPackage,
		"title": "Contoh: penempatan PMI Jawa Timur menurut kabupaten/kota", "notes": sampleMark, "state": "active", "num_resources": len(resources), "resources": resources}})
	if err != nil {
		refuse(rw, http.StatusInternalServerError, err.Error())
		return
	}
	_, _ = rw.Write(b)
}

// ckanFile serves the file of a year.
func (s *services) ckanFile(rw http.ResponseWriter, r *http.Request) {
	for _, year := range ckanYears(momentOf(s.now())) {
		if r.PathValue("name") == "penempatan_pmi_jatim_"+strconv.Itoa(year)+".csv" {
			rw.Header().Set("Content-Type", "text/csv; charset=utf-8")
			_, _ = rw.Write(appendRegencies([]byte("id,kode_kabupaten_kota,nama_kabupaten_kota,jumlah,satuan,tahun\r\n"), year))
			return
		}
	}
	http.NotFound(rw, r)
}

// appendRegencies writes the regencies of Jawa Timur with their parts of the province's share of the year.
func appendRegencies(b []byte, year int) []byte {
	const jawaTimur = "35"
	fact := provinceFacts[year]
	total := 0
	for _, f := range yearFacts {
		if f.year == year {
			total = f.total * fact.counts[jawaTimur] / fact.of
		}
	}
	for i, p := range provinces {
		if p.code != jawaTimur {
			continue
		}
		weights := make([]float64, len(regencies[i]))
		for k, place := range regencies[i] {
			weights[k] = place.weight
		}
		for k, tens := range apportion(weights, total/10) {
			b = append(append(strconv.AppendInt(b, int64(k+1), 10), ','), regencies[i][k].code...)
			b = append(append(append(b, ','), regencies[i][k].name...), ',')
			b = append(strconv.AppendInt(b, int64(10*tens), 10), ",layanan (contoh),"...)
			b = append(strconv.AppendInt(b, int64(year), 10), "\r\n"...)
		}
	}
	return b
}
