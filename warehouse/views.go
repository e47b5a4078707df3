package warehouse

import (
	"context"
	"fmt"
	"strings"

	models "github.com/kp2mi/lindung/sql"
)

// A figuresView shows the figures as somebody asks for them; it holds nothing of its own. Its SELECT names tables without
// their file, so that it serves under whatever name the file is attached.
type figuresView struct {
	name, query string
	about       models.Text
}

// datedView is the whole view; the others are its parts by the kind of number.
const datedView = "figures_dated"

// viewDefinitions says what the columns mean that views have beyond those of figures.
var viewDefinitions = map[string]models.Text{
	"release_id": {ID: "Kode rilis yang menghitung angka ini.", EN: "The release that computed this figure."},
	"as_of":      {ID: "Hari acuan rilis: yang diketahui sampai hari itu.", EN: "The day that the release looks back from: what was known up to it."},
	"origin":     {ID: "Asal data: sample atau real.", EN: "Origin of the data: sample or real."},
	"theme":      {ID: "Tema indikator.", EN: "Theme of the KPI."},
	"kind":       {ID: "Jenis angka: count, share, rate, money atau duration.", EN: "Kind of number: count, share, rate, money or duration."},
	"unit":       {ID: "Satuan dari value.", EN: "Unit of the value."},
	"currency":   {ID: "Mata uang dari amount.", EN: "Currency of the amount."},
	"amount":     {ID: "Nilai dalam mata uang itu sendiri, bukan jutaan atau miliaran.", EN: "The value in the currency itself, not in millions or billions."},
}

// figuresViews are the views of a release, each made from the one before or from figures.
func figuresViews() []figuresView {
	const head = "release_id, as_of, origin, kpi, measure"
	const place = "theme, period_type, period, period_start, breakdown, member"
	part := func(name string, kind models.Kind, columns, id, en string) figuresView {
		return figuresView{name, fmt.Sprintf("select %s, %s, %s from %s where kind = %s", head, place, columns, datedView, quoteText(string(kind))),
			models.Text{ID: id + " dari figures_dated.", EN: en + " of figures_dated."}}
	}
	var codes, scales []string
	for _, c := range models.Currencies {
		codes = append(codes, fmt.Sprintf("when %s then %s", quoteText(c.Unit), quoteText(c.Code)))
		scales = append(scales, fmt.Sprintf("when %s then %d", quoteText(c.Unit), c.Scale))
	}
	return []figuresView{
		{datedView, "select " + head + `, kpis.kind, kpis.unit, ` + place + `, numerator, denominator, value, status
from figures inner join meta.kpis as kpis using (kpi, measure) cross join meta.release`,
			models.Text{ID: "Semua angka indikator dengan satuannya, dan dengan rilis dan tanggal acuan dalam setiap baris.",
				EN: "Every KPI figure with its unit, and with its release and as-of day in each row."}},
		part("figures_counts", models.Counts, "unit, cast(value as bigint) as value, status", "Hitungan (orang, layanan, kasus, dan lainnya), bilangan bulat,", "Counts (persons, services, cases and others), whole numbers,"),
		part("figures_shares", models.Shares, "unit, numerator, denominator, value, status", "Porsi dan pertumbuhan dalam persen", "Shares and growth in per cent"),
		part("figures_rates", models.Rates, "unit, numerator, denominator, value, status", "Rasio, indeks, dan nilai", "Rates, indices and scores"),
		part("figures_money", models.Money, "unit, value, case unit "+strings.Join(codes, " ")+" end as currency, value * case unit "+strings.Join(scales, " ")+" end as amount, status",
			"Uang, juga dalam mata uangnya sendiri,", "Money, also in the currency itself,"),
		part("figures_durations", models.Durations, "unit, value, status", "Lama, dalam hari atau malam,", "Durations, in days or nights,"),
	}
}

// createViews makes the views of the figures in an attached file that has figures, meta.kpis and meta.release.
func (b *build) createViews(ctx context.Context, catalog string) error {
	for _, v := range figuresViews() {
		name := catalog + ".main." + quoteName(v.name)
		if err := b.s.exec(ctx, "use "+catalog, "create view "+name+" as "+v.query, "use "+database); err != nil {
			return fmt.Errorf("making view %s: %w", v.name, err)
		}
		columns, err := b.s.columnsOf(ctx, name)
		if err != nil {
			return fmt.Errorf("describing view %s: %w", v.name, err)
		}
		if err := b.commentOn(ctx, "view", catalog+".main", v.name, v.about, columns, wordsOfView(columns)); err != nil {
			return err
		}
	}
	return nil
}

func wordsOfView(columns []Column) map[string]models.Text {
	words := map[string]models.Text{}
	for _, c := range columns {
		if words[c.Name] = viewDefinitions[c.Name]; words[c.Name].Empty() {
			words[c.Name] = kpiDefinitions[c.Name]
		}
	}
	return words
}

// describeViews says what documents need to know of the views, over tables of the shape that a release has.
func (b *build) describeViews(ctx context.Context, grain []string) (described []DescribedTable, err error) {
	if err := b.s.exec(ctx, "create schema meta"); err != nil {
		return nil, fmt.Errorf("describing views: %w", err)
	}
	for _, t := range []engineTable{b.kpisTable(), b.releaseTable()} {
		columns := make([]string, len(t.columns))
		for i, c := range t.columns {
			columns[i] = quoteName(c.Name) + " " + c.SQLType
		}
		if err := b.s.exec(ctx, "create table meta."+t.name+" ("+strings.Join(columns, ", ")+")"); err != nil {
			return nil, fmt.Errorf("describing views: %w", err)
		}
	}
	for _, v := range figuresViews() {
		if err := b.s.exec(ctx, "create view "+v.name+" as "+v.query); err != nil {
			return nil, fmt.Errorf("describing view %s: %w", v.name, err)
		}
		columns, err := b.s.columnsOf(ctx, v.name)
		if err != nil {
			return nil, fmt.Errorf("describing view %s: %w", v.name, err)
		}
		one := tableOf(v.name, definedTable{v.about, columns, wordsOfView(columns)})
		one.Grain = grain
		described = append(described, one)
	}
	return described, nil
}

// engineNames are the tables and views that models may not be called like.
func engineNames() []string {
	names := []string{figuresTable, "run", RuleResults, readMeTable}
	for _, v := range figuresViews() {
		names = append(names, v.name)
	}
	return names
}
