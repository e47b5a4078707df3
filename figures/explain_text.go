package figures

import (
	"fmt"
	"io"
	"strings"
)

// listed is how many files or objects the text form names before it counts the rest.
const listed = 12

// WriteJSON writes everything that is known about the figure.
func (e *Explanation) WriteJSON(w io.Writer) error { return writeJSON(w, e) }

// WriteText writes the way from the definition to the objects for a reader.
func (e *Explanation) WriteText(w io.Writer, lang string) error {
	t := &explainText{lang: lang}
	if e.Mark != "" {
		t.line("%s", e.Mark)
	}
	t.figure(e)
	t.definition(e)
	for _, m := range e.Models {
		t.line("\n%s %s  %.12s", t.say("Model", "Model"), m.Name, m.SHA256)
		t.line("  %s", strings.ReplaceAll(m.SQL, "\n", "\n  "))
	}
	t.line("\n%s: %s", t.say("Tabel sumber", "Source tables"), strings.Join(e.Tables, ", "))
	t.files(e)
	t.objects(e)
	t.account(e)
	_, err := io.WriteString(w, t.b.String())
	return err
}

type explainText struct {
	b    strings.Builder
	lang string
}

func (t *explainText) line(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }

func (t *explainText) say(id, en string) string { return Text{id, en}.In(t.lang) }

func (t *explainText) count(n int64) string { return Number(t.lang, float64(n), 0) }

func (t *explainText) value(f Figure) string {
	if f.Value == nil {
		return "[x] " + f.Status
	}
	return fmt.Sprintf("%s %s (%s)", shown(t.lang, *f.Value), f.Unit, f.Status)
}

func (t *explainText) figure(e *Explanation) {
	t.line("%s = %s", e.Figure.Address, t.value(e.Figure))
	if n, d := e.Figure.Numerator, e.Figure.Denominator; n != nil && d != nil {
		t.line("  %s / %s", shown(t.lang, *n), shown(t.lang, *d))
	}
	t.line("%s", t.say("Rilis ", "Release ")+e.Release.ID+t.say(", per ", ", as of ")+day(e.Release.AsOf))
	for _, f := range e.Earlier {
		t.line("  %s %s: %s", f.Address.Release, f.AsOf, t.value(f))
	}
}

func (t *explainText) definition(e *Explanation) {
	d := e.Definition
	t.line("\n%s: %s", d.MeasureText.In(t.lang), d.Definition.In(t.lang))
	for _, item := range []struct {
		name Text
		text string
	}{
		{Text{"Pembilang", "Numerator"}, d.Numerator.In(t.lang)},
		{Text{"Penyebut", "Denominator"}, d.Denominator.In(t.lang)},
		{Text{"Tidak dihitung", "Left out"}, d.Exclusions.In(t.lang)},
		{Text{"Kematangan", "Maturity"}, d.Maturity.In(t.lang)},
		{Text{"Pemilik", "Owner"}, d.Owner},
		{Text{"Versi", "Version"}, d.Version},
	} {
		if item.text != "" {
			t.line("  %s: %s", item.name.In(t.lang), item.text)
		}
	}
}

func (t *explainText) files(e *Explanation) {
	var rows int64
	for _, f := range e.Files {
		rows += f.Rows
	}
	t.line("%s: %s (%s %s, %s %s)", t.say("Berkas Parquet", "Parquet files"), t.count(int64(len(e.Files))),
		t.count(rows), t.say("baris", "rows"), t.say("bulan", "months"), e.Periods)
	for _, f := range e.Files[:min(listed, len(e.Files))] {
		t.line("  %s  %s %s  %.12s", f.Path, t.count(f.Rows), t.say("baris", "rows"), f.SHA256)
	}
	t.rest(len(e.Files))
}

func (t *explainText) objects(e *Explanation) {
	t.line("%s: %s", t.say("Objek asal", "Landed objects"), t.count(int64(len(e.Objects))))
	for _, o := range e.Objects[:min(listed, len(e.Objects))] {
		t.line("  %s  %s  %s  %s %s", o.ID, o.KnownAt, o.Name, t.count(o.Records), t.say("baris", "rows"))
	}
	t.rest(len(e.Objects))
}

func (t *explainText) rest(n int) {
	if n > listed {
		t.line("  … %s", t.say(fmt.Sprintf("dan %d lagi", n-listed), fmt.Sprintf("and %d more", n-listed)))
	}
}

func (t *explainText) account(e *Explanation) {
	t.line("%s: %s %s, %s %s, %s %s", t.say("Baris objek itu", "Rows of those objects"),
		t.count(e.Rows.In), t.say("masuk", "in"), t.count(e.Rows.Accepted), t.say("diterima", "accepted"), t.count(e.Rows.Quarantined), t.say("ditolak", "rejected"))
	for _, c := range e.Conservation {
		t.line("  %s %s: %s %s = %s %s + %s %s; %s %s + %s %s + %s %s → %s %s", t.say("seluruh", "all of"), c.Dataset,
			t.count(c.In), t.say("masuk", "in"), t.count(c.Accepted), t.say("diterima", "accepted"), t.count(c.Quarantined), t.say("ditolak", "rejected"),
			t.count(c.Superseded), t.say("digantikan", "superseded"), t.count(c.Duplicates), t.say("rangkap", "duplicates"),
			t.count(c.Tombstoned), t.say("dihapus", "deleted"), t.count(c.Current), t.say("berlaku", "current"))
	}
}
