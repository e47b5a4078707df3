package formats

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// rpwColumns are the columns that a line has once: our name, then the names that
// the sheets use, in small letters and with blanks only.
var rpwColumns = [][]string{
	{"id", "id"},
	{"period", "period"},
	{"source_code", "source code"},
	{"source_name", "source name"},
	{"source_region", "source region"},
	{"source_income", "source income"},
	{"source_lending", "source lending"},
	{"source_g8g20", "source g8g20"},
	{"destination_code", "destination code"},
	{"destination_name", "destination name"},
	{"destination_region", "destination region"},
	{"destination_income", "destination income"},
	{"destination_lending", "destination lending"},
	{"destination_g8g20", "destination g8g20"},
	{"firm", "firm"},
	{"firm_type", "firm type"},
	{"product", "product"},
	{"payment_instrument", "payment instrument"},
	{"access_point", "access point", "sending location"},
	{"sending_coverage", "sending network coverage"},
	{"receiving_coverage", "receiving network coverage", "coverage"},
	{"speed", "speed actual"},
	{"pickup_method", "pickup method", "pick up method"},
	{"pickup_location", "pickup location"},
	{"interbank_fx", "inter lcu bank fx"},
	{"transparent", "transparent"},
	{"date", "date"},
	{"corridor", "corridor"},
	{"note", "note1", "standard note"},
	{"note2", "note2", "standard note 2"},
}

// rpwBlock are the columns that a line has once for each amount, after "cc1 " and
// "cc2 ".
var rpwBlock = [][]string{
	{"amount_lcu", "lcu amount"},
	{"denomination", "denomination amount"},
	{"currency", "lcu code"},
	{"fee_lcu", "lcu fee"},
	{"fx_rate", "lcu fx rate"},
	{"fx_margin", "fx margin"},
	{"total_cost", "total cost %"},
}

// rpwAmounts are the amounts sent, in US dollars.
var rpwAmounts = [2]string{"200", "500"}

// rpwNeeded are the columns without which a sheet is another one.
var rpwNeeded = []string{"period", "source_code", "destination_code", "firm", "cc1 total cost %", "cc2 total cost %"}

// rpwHeader are the columns of a record.
var rpwHeader = func() (names []string) {
	for _, c := range rpwColumns {
		names = append(names, c[0])
	}
	names = append(names, "usd", "service_no")
	for _, c := range rpwBlock {
		names = append(names, c[0])
	}
	return names
}()

// rpwProviderAt are the columns that name a provider in one corridor and quarter.
var rpwProviderAt = func() (at []int) {
	for _, name := range []string{"period", "source_code", "destination_code", "firm"} {
		at = append(at, slices.IndexFunc(rpwColumns, func(names []string) bool { return names[0] == name }))
	}
	return at
}()

// rpwBlockAt is where the values of an amount begin, after those that a line has
// once; 2 is where the values of columns that are not known begin.
func rpwBlockAt(amount int) int { return len(rpwColumns) + amount*len(rpwBlock) }

// rpwValue finds the value that a column of a sheet holds.
func rpwValue(title string) (at int, ok bool) {
	for amount, prefix := range []string{"cc1 ", "cc2 "} {
		if rest, found := strings.CutPrefix(title, prefix); found {
			i := slices.IndexFunc(rpwBlock, func(names []string) bool { return slices.Contains(names[1:], rest) })
			return rpwBlockAt(amount) + i, i >= 0
		}
	}
	i := slices.IndexFunc(rpwColumns, func(names []string) bool { return slices.Contains(names[1:], title) })
	return i, i >= 0
}

// readHeader finds out what the columns are from the row that started; rows
// without text above it are passed over.
func (d *rpwDecoder) readHeader() error {
	var titles []string
	problem, err := d.sheet.cells(func(column int, text []byte) {
		for len(titles) < column {
			titles = append(titles, "")
		}
		titles = append(titles, strings.Join(strings.Fields(string(text)), " "))
	})
	if err != nil {
		return err
	}
	if problem.code != "" {
		return fmt.Errorf("the column names: %s", problem.message)
	}
	if strings.Join(titles, "") == "" {
		return nil
	}
	if len(titles) > MaxColumns {
		return fmt.Errorf("there are more than %d columns: the file is damaged", MaxColumns)
	}
	if err := d.readTitles(titles); err != nil {
		return err
	}
	var missing []string
	for _, name := range rpwNeeded {
		at, ok := rpwValue(name)
		if !ok {
			at = slices.IndexFunc(rpwColumns, func(names []string) bool { return names[0] == name })
		}
		if !slices.Contains(d.columns, at) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the row of column names has no %s: is this a sheet of Remittance Prices Worldwide?", strings.Join(missing, ", "))
	}
	d.costAt = [2]int{slices.Index(d.columns, rpwBlockAt(1)-1), slices.Index(d.columns, rpwBlockAt(2)-1)}
	return nil
}

// readTitles assigns the columns their values.
func (d *rpwDecoder) readTitles(titles []string) error {
	d.columns = d.columns[:0]
	header, next := slices.Clone(rpwHeader), rpwBlockAt(2)
	for _, title := range titles {
		plain := strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(title))
		at, known := rpwValue(plain)
		switch {
		case title == "":
			at = -1
		case !known:
			name := strings.ToValidUTF8(strings.ReplaceAll(plain, " ", "_"), "?")
			if slices.Contains(header, name) {
				return errors.New("two columns have one name that is not known: the layout has changed")
			}
			header = append(header, name)
			at, next = next, next+1
		case slices.Contains(d.columns, at):
			return fmt.Errorf("the column %.60q stands there twice, or beside its other name: the layout has changed", title)
		}
		d.columns = append(d.columns, at)
	}
	d.header, d.values = header, make([][]byte, next)
	return nil
}
