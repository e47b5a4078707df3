package samples

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Prices of sending money home, in the layout of the World Bank's workbook
// Remittance Prices Worldwide since the second quarter of 2016. Providers and
// prices are invented; the countries are those that workers go to.

var rpwHeader = strings.Split("id|period|source_code|source_name|source_region|source_income|source_lending|source_G8G20|"+
	"destination_code|destination_name|destination_region|destination_income|destination_lending|destination_G8G20|"+
	"firm|firm_type|payment instrument|access point|speed actual|"+rpwAmounts("cc1")+"|"+rpwAmounts("cc2")+
	"|inter lcu bank fx|transparent|Standard Note|note2|receiving network coverage|pickup location|pickup method|date|corridor", "|")

func rpwAmounts(prefix string) string {
	names := strings.Split("lcu amount|denomination amount|lcu code|lcu fee|lcu fx rate|fx margin|total cost %", "|")
	return prefix + " " + strings.Join(names, "|"+prefix+" ")
}

// rpwCorridors are the sending countries: what US$ 200 are in the country's own money, and a total cost in hundredths of a percent in 2022.
var rpwCorridors = []struct {
	iso, name, currency string
	local, cost         int
}{{"MYS", "Malaysia", "MYR", 900, 420}, {"SAU", "Saudi Arabia", "SAR", 750, 480}, {"SGP", "Singapore", "SGD", 270, 460}, {"AUS", "Australia", "AUD", 300, 690},
	{"JPN", "Japan", "JPY", 28000, 880}, {"ARE", "United Arab Emirates", "AED", 735, 500}}

var rpwFirms = []struct {
	name, kind string
	over       int // hundredths of a percent above the corridor's cost
}{{"Contoh Remit Satu", "Money Transfer Operator", -80}, {"Contoh Remit Dua", "Money Transfer Operator", 20}, {"Bank Contoh Satu", "Bank", 260}}

// remittancePrices serves the workbook: a quarter is there 60 days after its end.
func (s *services) remittancePrices(rw http.ResponseWriter, r *http.Request) {
	var out bytes.Buffer
	x, err := newSheet(&out, "Dataset (from Q2 2016)")
	if err == nil {
		err = writePrices(x, momentOf(s.now()))
	}
	if err == nil {
		err = x.end()
	}
	if err != nil {
		refuse(rw, http.StatusInternalServerError, err.Error())
		return
	}
	rw.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	_, _ = rw.Write(out.Bytes())
}

func writePrices(x *workbook, now int64) error {
	if err := x.texts(rpwHeader...); err != nil {
		return err
	}
	id := 0
	for q := 0; at(quarterEnd(2022+q/4, q%4+1)+60, 9*3600) <= now; q++ {
		year, quarter := 2022+q/4, q%4+1
		for _, c := range rpwCorridors {
			for k, firm := range rpwFirms {
				id++
				cost := c.cost + firm.over - 6*q // prices fall a little
				amount := func(usd int) []string {
					local := c.local * usd / 200
					margin := cost / 3
					return []string{strconv.Itoa(local), strconv.Itoa(usd), c.currency, percent(local * (cost - margin) / 100), "", percent(margin), percent(cost - (usd-200)/10)}
				}
				row := append([]string{strconv.Itoa(id), fmt.Sprintf("%d_%dQ", year, quarter), c.iso, c.name, "", "", "", "", "IDN", "Indonesia", "", "", "", "",
					firm.name, firm.kind, []string{"Cash", "Bank account transfer", "Bank account transfer"}[k], "Agent", "Same day"}, amount(200)...)
				row = append(append(row, amount(500)...), "", "yes", "", sampleMark, "National", "", "", dayText(quarterEnd(year, quarter)-20), c.name+"-Indonesia")
				if err := x.texts(row...); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// percent writes hundredths with a point.
func percent(n int) string { return string(hundredths(n)) }
