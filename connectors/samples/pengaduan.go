package samples

import "strconv"

// caseItems are the cases, as they are at now, that changed after since, and the
// broken records of that time.
func (w *World) caseItems(since, now int64) []item {
	var items []item
	for i := range w.cases {
		c := &w.cases[i]
		steps, updated := c.known(now)
		if steps > 0 && updated > since {
			items = append(items, item{updated, i, c.received, func(b []byte) []byte { return c.appendJSON(b, steps, updated, nil) }})
		}
	}
	for i := range w.faults {
		f := &w.faults[i]
		if f.updated > since && f.updated <= now {
			c := &w.cases[f.base]
			items = append(items, item{f.updated, len(w.cases) + i, c.received, func(b []byte) []byte { return c.appendJSON(b, 1, f.updated, f) }})
		}
	}
	return items
}

// eventItems are the events that were written down after since.
func (w *World) eventItems(since, now int64) []item {
	var items []item
	for i := range w.events {
		e := &w.events[i]
		if e.recorded > since && e.visible <= now {
			items = append(items, item{e.recorded, i, e.occurred, func(b []byte) []byte { return e.appendJSON(b, &w.cases[e.inCase]) }})
		}
	}
	return items
}

func appendPair(b []byte, key, value string) []byte {
	b = append(append(append(b, '"'), key...), `":`...)
	if value == "" {
		return append(b, "null"...)
	}
	return appendJSONText(b, []byte(value))
}

func (c *sampleCase) appendNumber(b []byte, serial int) []byte {
	b = append(appendPadded(append(b, "SK-"...), c.year, 4), '-')
	return appendPadded(b, serial, 6)
}

// appendJSON writes the case as it is after so many steps; fault, if any, says
// what is broken in the record.
func (c *sampleCase) appendJSON(b []byte, steps int, updated int64, fault *caseFault) []byte {
	kind, number := fatalNone, c.number
	noNIK := c.noNIK
	if fault != nil {
		kind, number, noNIK = fault.kind, brokenNumbers/10+fault.serial, false
	}
	last := c.events[steps-1]
	b = append(c.appendNumber(append(b, `{"nomor":"`...), number), `","diterima":"`...)
	if kind == impossibleDate {
		b = append(b, strconv.Itoa(c.year)+"-02-31T10:00:00+07:00"...)
	} else {
		b = appendStamp(b, c.received)
	}
	b = append(b, `","pmi":{"nik":`...)
	switch {
	case kind == nikAsNumber:
		b = append(b, scientific(c.person.appendNIK(nil))...)
	case noNIK:
		b = append(b, "null"...)
	default:
		b = append(c.person.appendNIK(append(b, '"')), '"')
	}
	b = append(c.person.appendPassport(append(b, `,"paspor":"`...)), `",`...)
	b = append(appendPair(b, "jenis_kelamin", caseSexes[c.sex].text), `},"asal":{`...)
	code, province := caseProvinces[c.province].code, caseProvinces[c.province].text
	if kind == regionCodeSystem {
		code, province = "94", "Papua"
	}
	b = append(appendPair(b, "kode_provinsi", code), ',')
	b = append(appendPair(b, "provinsi", province), `},`...)
	b = append(appendPair(b, "kanal", caseChannels[c.channel].text), ',')
	b = append(appendPair(b, "hubungan_pelapor", caseRelations[c.relation].text), ',')
	b = append(appendPair(b, "prosedur", caseProcedures[c.procedure].text), ',')
	b = append(appendPair(b, "negara", caseCountries[c.country].text), ',')
	b = append(appendPair(b, "kategori", c.categoryText(kind)), ',')
	agency := ""
	if c.agency >= 0 {
		agency = agencies[c.agency]
	}
	b = append(appendPair(b, "p3mi", agency), ',')
	b = append(appendPair(b, "upt", c.office()), ',')
	b = append(appendPair(b, "status", caseSteps[last.step]), ',')
	b = append(appendPair(b, "alasan_tutup", last.reason), ',')
	outcome, path := "", ""
	b2 := "null"
	if last.step == stepResolved {
		outcome, path = c.outcome, c.path
		if c.recovered > 0 {
			b2 = strconv.Itoa(c.recovered)
		}
	}
	b = append(appendPair(b, "hasil", outcome), ',')
	b = append(appendPair(b, "jalur", path), `,"nilai_dipulihkan":`...)
	b = append(append(b, b2...), `,"diperbarui":"`...)
	return append(appendStamp(b, updated), `"}`...)
}

func (c *sampleCase) categoryText(kind fatal) string {
	category := caseCategories[c.category]
	switch {
	case kind == unknownCategory:
		return "Urusan belum digolongkan"
	case kind == missingRequired:
		return ""
	case kind == fatalNone && c.alias:
		return categoryAliases[category.code]
	}
	return category.text
}

// office is the unit that serves the province the worker is from.
func (c *sampleCase) office() string {
	for _, p := range provinces {
		if p.code == caseProvinces[c.province].code {
			return p.unit
		}
	}
	return ""
}

func (e *caseEvent) appendJSON(b []byte, c *sampleCase) []byte {
	b = append(c.appendNumber(append(b, `{"nomor":"`...), c.number), `","urut":`...)
	b = strconv.AppendInt(b, int64(e.seq), 10)
	b = append(appendPair(append(b, ','), "status", caseSteps[e.step]), `,"terjadi":"`...)
	b = append(appendStamp(b, e.occurred), `",`...)
	b = append(appendPair(b, "unit", c.office()), ',')
	b = append(appendPair(b, "alasan_tutup", e.reason), `,"dicatat":"`...)
	return append(appendStamp(b, e.recorded), `"}`...)
}
