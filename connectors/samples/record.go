package samples

// record is one placement as a source system holds it.
type record struct {
	slot
	person
	number                          int // of the identifier
	registered, completed, departed int // days; departed 0 = not yet
	contract, wage, agency          int // agency -1 = none
	noNIK, insured, reentry         bool
	cancelled                       bool
	updated, cancelledAt            int64
	dirt                            harmless
	noiseA                          uint64
}

// Ranges of identifier numbers: who stands today, who was withdrawn, and rows
// that are broken and never get in.
const (
	withdrawnNumbers = 8_000_000
	brokenNumbers    = 9_000_000
)

// agencies are invented; the word CONTOH says so wherever one is shown. One has
// a name that needs quotes in a CSV of any separator.
var agencies = func() []string {
	first := []string{"Bahtera", "Cakrawala", "Delima", "Embun", "Fajar", "Gema", "Harapan", "Intan"}
	second := []string{"Bersama", "Lestari", "Mandiri", "Nusa", "Persada", "Utama"}
	out := []string{`PT Contoh "Satu; Dua, Tiga" (CONTOH)`}
	for _, a := range first {
		for _, b := range second {
			out = append(out, "PT "+a+" "+b+" (CONTOH)")
		}
	}
	return out
}()

// record makes the placement of slot i of a year as it is today, clean or with
// one harmless flaw.
func (w *World) record(y, i int) record {
	m := w.years[y]
	r := record{slot: m.at(i), number: i + 1}
	random := w.noise(streamPlacement+uint64(y)<<8, i)
	a, b := random.Uint64(), random.Uint64()
	r.noiseA = a

	r.completed = dayNumber(m.year, r.month, r.day)
	r.registered = r.completed - 21 - below(a, 130)
	if a%25 != 0 { // the rest have not left yet
		r.departed = r.completed + 1 + int(a>>8%13)
	}
	c := &countries[r.country]
	step := max((c.wageHigh-c.wageLow)/20, 1)
	r.wage = c.wageLow + step*int(b%21)
	r.contract = 24
	if r.household == 0 && b>>8%3 == 0 {
		r.contract = 36
	} else if b>>8%11 == 0 {
		r.contract = 12
	}
	r.insured = b>>16%50 != 0
	r.agency = -1
	if r.scheme == schemePTP {
		r.agency = int(b >> 24 % uint64(len(agencies)))
	}
	r.reentry = isReentry(b)
	r.person = w.personOf(&r.slot, false)
	if r.reentry {
		again := w.noise(streamReentry+uint64(y)<<8, i)
		if p, ok := w.returning(&r.slot, &again); ok {
			r.person = p
		} else if y > 0 {
			r.reentry = false
		}
	}
	r.updated = w.firstSeen(&r)
	r.dirt = w.harmlessFor(&r, b>>40)
	r.noNIK = r.dirt == nikMissing
	return r
}

// isReentry says of the second word of a placement's noise whether its person was placed before.
func isReentry(noise uint64) bool { return noise>>32%100 < 13 }

// comesAgain says whether the placement at slot i may be somebody's second one, without making all of it.
func (w *World) comesAgain(y, i int) bool {
	random := w.noise(streamPlacement+uint64(y)<<8, i)
	random.Uint64()
	return isReentry(random.Uint64())
}

// firstSeen is when a row was written: some days after completion, or, for what
// came late, during the year that followed.
func (w *World) firstSeen(r *record) int64 {
	a := r.noiseA >> 20
	second := 8*3600 + int(a%(9*3600))
	if r.year == 2025 {
		return w.sisko.updatedOf(w.years[3], r.index)
	}
	if w.years[r.year-2022].isLate(&r.slot) {
		return at(dayNumber(2024, 1, 16)+int(a>>16%365), second)
	}
	return at(r.completed+1+int(a>>16%5), second)
}

// withdrawnRecord is a placement that was there once: it looks like the one at
// slot i, but is somebody else's.
func (w *World) withdrawnRecord(y, i, number int) record {
	r := w.record(y, i)
	r.person = w.personOf(&r.slot, true)
	r.number = withdrawnNumbers + number
	r.reentry, r.noNIK, r.dirt = false, false, harmlessNone
	return r
}

// cancel turns a record into its newer version with status BATAL.
func (r *record) cancel(moment int64) {
	r.cancelled, r.cancelledAt, r.updated = true, moment, moment
	r.dirt = harmlessNone
}

// correct turns a record into its newer version with another wage.
func (r *record) correct(moment int64) {
	r.wage += max(r.wage/25, 1)
	r.updated = moment
	r.dirt = harmlessNone
	if r.noNIK {
		r.dirt = nikMissing
	}
}
