package samples

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Exchange rates in the form of Bank Indonesia's web service. The rates are
// invented: a round rate of each currency that drifts and trembles a little, so
// that days differ and no day's rate is the real one.

// quoted is a currency: for how many units it is quoted, and a round rate of that
// many in hundredths of a rupiah.
type quoted struct {
	code string
	unit int
	rate int
}

var quotedCurrencies = []quoted{
	{"USD", 1, 1_560_000}, {"EUR", 1, 1_700_000}, {"AUD", 1, 1_030_000}, {"JPY", 100, 1_080_000}, {"KRW", 1, 1_170}, {"SAR", 1, 416_000},
	{"MYR", 1, 345_000}, {"SGD", 1, 1_160_000}, {"HKD", 1, 199_000}, {"TWD", 1, 49_000}, {"AED", 1, 425_000}, {"KWD", 1, 5_080_000}, {"BND", 1, 1_160_000},
}

// ratesFrom is the first day that is quoted.
var ratesFrom = dayNumber(2022, 1, 3)

// quotedOn is the middle rate of a day in hundredths of a rupiah, 0 where there is none.
func (w *World) quotedOn(day, currency int) int {
	if weekday := (day + 4) % 7; day < ratesFrom || weekday == 0 || weekday == 6 { // day 0 was a Thursday
		return 0
	}
	q := quotedCurrencies[currency]
	random := w.noise(streamRate, day*len(quotedCurrencies)+currency)
	drift := (day - ratesFrom) / 30 // two thousandths a month, more or less
	return q.rate*(1000+drift)/1000 + q.rate*(below(random.Uint64(), 21)-10)/4000
}

// rates answers one of the two series: transaction rates around the middle, or
// JISDOR, which buys and sells at one rate and quotes the US dollar alone.
func (s *services) rates(suffix, from, to string, spread int) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		first, last, ok := days(q, from, to)
		currency := slices.IndexFunc(quotedCurrencies, func(c quoted) bool { return c.code == q.Get("mts") })
		if !ok {
			http.Error(rw, "Cannot convert to System.DateTime.", http.StatusInternalServerError)
			return
		}
		if suffix == jisdorSuffix && currency > 0 {
			currency = -1
		}
		rw.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = rw.Write(s.w.appendRates(nil, suffix, currency, first, last, spread, momentOf(s.now())))
	}
}

const (
	transactionSuffix = "subkurslokal"
	jisdorSuffix      = "subkursasing"
)

// days reads the bounds of a question, both included.
func days(q url.Values, from, to string) (first, last int, ok bool) {
	a, errA := time.Parse(time.DateOnly, q.Get(from))
	b, errB := time.Parse(time.DateOnly, q.Get(to))
	return int(a.Unix() / day), int(b.Unix() / day), errA == nil && errB == nil
}

// appendRates writes the answer, newest day first, as the service does.
func (w *World) appendRates(b []byte, suffix string, currency, first, last, spread int, now int64) []byte {
	b = append(b, `<?xml version="1.0" encoding="utf-8"?>`+"\n"+`<DataSet xmlns="http://tempuri.org/"><!-- `+sampleMark+` -->`...)
	b = append(b, `<xs:schema id="NewDataSet" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"/>`...)
	b = append(b, `<diffgr:diffgram xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1"><NewDataSet xmlns="">`...)
	today, second := local(now)
	if second < 9*3600 {
		today--
	}
	n := 0
	for on := min(last, today); currency >= 0 && on >= max(first, ratesFrom); on-- {
		middle := w.quotedOn(on, currency)
		if middle == 0 {
			continue
		}
		n++
		number := strconv.Itoa(n)
		field := func(name string, value []byte) {
			b = append(append(append(b, '<'), name...), suffix...)
			b = append(append(b, '>'), value...)
			b = append(append(append(append(b, "</"...), name...), suffix...), '>')
		}
		b = append(b, `<Table diffgr:id="Table`+number+`" msdata:rowOrder="`+strconv.Itoa(n-1)+`">`...)
		field("id_", strconv.AppendInt(nil, int64(on*100+currency), 10))
		field("lnk_", strconv.AppendInt(nil, int64(currency+1), 10))
		field("nil_", append(strconv.AppendInt(nil, int64(quotedCurrencies[currency].unit), 10), ".00"...))
		field("beli_", hundredths(middle-middle*spread/1000))
		field("jual_", hundredths(middle+middle*spread/1000))
		field("tgl_", append(appendDay(nil, on, iso), "T00:00:00+07:00"...))
		field("mts_", []byte(quotedCurrencies[currency].code+"  ")) // padded, as the service pads it
		b = append(b, "</Table>"...)
	}
	return append(b, "</NewDataSet></diffgr:diffgram></DataSet>"...)
}

func hundredths(n int) []byte {
	return appendPadded(append(strconv.AppendInt(nil, int64(n/100), 10), '.'), n%100, 2)
}
