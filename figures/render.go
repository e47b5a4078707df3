package figures

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/warehouse/harmless"
)

// SampleMark stands on everything that is made from sample data.
const SampleMark = "DATA CONTOH – BUKAN ANGKA RESMI / SAMPLE DATA – NOT OFFICIAL"

// classNames are the classes in words.
var classNames = map[Class]Text{
	Equal:           {"sama", "equal"},
	WithinTolerance: {"dalam toleransi pembulatan", "within tolerance"},
	Differs:         {"berbeda", "differs"},
	NotComputable:   {"tidak dapat dihitung", "not computable"},
}

// WriteText writes the counts per class and reason, then every figure that differs, and what the prints give away.
func (r *Reconciliation) WriteText(w io.Writer, lang string) error {
	var b strings.Builder
	if r.Release.Sample() {
		fmt.Fprintln(&b, SampleMark)
	}
	fmt.Fprintf(&b, Text{"Rilis %s per %s, dibandingkan dengan %d angka terbitan\n\n", "Release %s as of %s, against %d published figures\n\n"}.In(lang),
		r.Release.ID, day(r.Release.AsOf), len(r.Verdicts))
	for _, class := range Classes {
		fmt.Fprintf(&b, "%5d  %s\n", r.Count(class, ""), classNames[class].In(lang))
		for _, code := range reasonOrder {
			if n := r.Count(class, code); n > 0 {
				fmt.Fprintf(&b, "       %5d  %s\n", n, code)
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", classNames[Differs].In(lang))
	for _, v := range r.Verdicts {
		if v.Class == Differs {
			fmt.Fprintf(&b, "%4d  %-14s %s, %s: %s → %s (%s) [%s] %s\n", v.No, v.PeriodText, v.Measure, v.Breakdown,
				brief(lang, v.Value), v.print(lang, *v.Computed), signed(v.print(lang, *v.Difference)), v.Publication, v.Reason.In(lang))
		}
	}
	r.writeRemarks(&b, lang)
	_, err := io.WriteString(w, b.String())
	return err
}

// reasonOrder is the order of reasons in listings.
var reasonOrder = []string{revision, otherVintage, partsDoNotAdd, misprint, sampleSplit, definition,
	noKPI, outsideData, otherDefinition, stock, cumulative, periodUnclear, partialMonth, noBreakdown, mixedMeasures, memberUnknown, withheld, otherCurrency, noTarget, input}

// print writes a value as finely as the published one, and shares to two decimals.
func (v Verdict) print(lang string, value float64) string {
	decimals := Decimals(v.Value)
	if v.Unit == "%" {
		decimals = 2
	}
	return Number(lang, value, decimals)
}

func signed(text string) string {
	if strings.HasPrefix(text, "−") {
		return text
	}
	return "+" + text
}

// WriteJSON writes the counts and all verdicts as one document.
func (r *Reconciliation) WriteJSON(w io.Writer) error {
	counts := map[Class]int{}
	for _, class := range Classes {
		counts[class] = r.Count(class, "")
	}
	return writeJSON(w, struct {
		Mark    string        `json:"mark,omitempty"`
		Release Info          `json:"release"`
		Counts  map[Class]int `json:"counts"`
		All     []Verdict     `json:"verdicts"`
	}{markOf(r.Release), r.Release, counts, r.Verdicts})
}

func markOf(i Info) string {
	if i.Sample() {
		return SampleMark
	}
	return ""
}

func writeJSON(w io.Writer, document any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

// WriteCSV writes one line per published figure, reasons in the given language.
func (r *Reconciliation) WriteCSV(w io.Writer, lang string) error {
	if r.Release.Sample() {
		if _, err := fmt.Fprintf(w, "# %s\n", SampleMark); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.Write([]string{"no", "period", "measure", "breakdown", "published", "unit", "vintage", "source", "class", "computed", "difference", "reason_code", "reason", "figures", "remarks"})
	for _, v := range r.Verdicts {
		reason := ""
		if v.Reason != nil {
			reason = v.Reason.In(lang)
		}
		addresses := make([]string, len(v.Figures))
		for i, a := range v.Figures {
			addresses[i] = a.String()
		}
		remarks := make([]string, len(v.Remarks))
		for i, m := range v.Remarks {
			remarks[i] = m.Text.In(lang)
		}
		text := harmless.Text
		out.Write([]string{strconv.FormatInt(v.No, 10), text(v.PeriodText), text(v.Measure), text(v.Breakdown), decimal(&v.Value), text(v.Unit), text(v.Vintage), text(v.Publication),
			string(v.Class), decimal(v.Computed), decimal(v.Difference), v.ReasonCode, text(reason), text(strings.Join(addresses, " ")), text(strings.Join(remarks, " "))})
	}
	out.Flush()
	return out.Error()
}

// decimal writes a number for programs, with at most four decimals.
func decimal(value *float64) string {
	if value == nil {
		return ""
	}
	return strconv.FormatFloat(*value, 'f', Decimals(*value), 64)
}
