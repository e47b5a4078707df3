package content

import (
	"slices"

	"github.com/kp2mi/lindung/figures"
)

// smallCell is the count of people below which a member of a breakdown is never told on its own.
const smallCell = 10

// unitsOfPeople are the units whose small counts could point at somebody.
var unitsOfPeople = []string{"orang", "persons", "services", "layanan", "kandidat", "cases", "returns", "departures", "claims", "keikutsertaan"}

// nationalThemes are the themes of KPIs that are shown for the whole country only: one complaint
// of a small place points at a person.
var nationalThemes = []string{"complaints"}

// guard withholds a small count of people of one member. Of a total there is nothing to withhold
// that the release itself has not.
func guard(f *figures.Figure) *figures.Figure {
	if f == nil || f.Address.Breakdown == "" || !small(f) {
		return f
	}
	hidden := *f
	hidden.Numerator, hidden.Denominator, hidden.Value, hidden.Status = nil, nil, nil, figures.Suppressed
	return &hidden
}

// small says whether a figure counts few people, or is a share of few.
func small(f *figures.Figure) bool {
	if !hasValue(f) {
		return false
	}
	if slices.Contains(unitsOfPeople, f.Unit) {
		return *f.Value != 0 && *f.Value < smallCell
	}
	return percent(f.Unit) && f.Denominator != nil && *f.Denominator < smallCell
}
