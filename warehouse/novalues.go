package warehouse

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Errors of these kinds quote what stood in a row.
var quotingErrors = []duckdb.ErrorType{duckdb.ErrorTypeConversion, duckdb.ErrorTypeOutOfRange, duckdb.ErrorTypeConstraint,
	duckdb.ErrorTypeInvalidInput, duckdb.ErrorTypeMismatchType, duckdb.ErrorTypeDivideByZero}

var quotedValue = regexp.MustCompile(`(?s)'.*'|".*"|\b[0-9]+(\.[0-9]+)?`)

// withoutValues takes the values of rows out of what DuckDB says of a statement of ours. What is wrong,
// the column, and the place in the SQL stay.
func withoutValues(err error) error {
	var said *duckdb.Error
	if !errors.As(err, &said) || !slices.Contains(quotingErrors, said.Type) {
		return err
	}
	what, place, placed := strings.Cut(said.Msg, "\n\nLINE ")
	what = quotedValue.ReplaceAllString(what, "…")
	if placed {
		what += "\n\nLINE " + place
	}
	return &duckdb.Error{Type: said.Type, Msg: what}
}
