package formats_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/kp2mi/lindung/connectors/formats"
)

// A feed names a kind; its settings decode any object of that kind. A record
// with a broken structure comes with its fault and stops nothing.
func Example() {
	kind, _ := formats.Lookup("csv")
	object := strings.NewReader("nik;negara\n3201014101900000;HONG KONG\n3201014101910000\n")
	for batch, err := range kind.New().Decode(context.Background(), "bp3mi_jatim_2023.csv", object) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for row := range batch.Len() {
			code, _ := batch.Fault(row)
			fmt.Printf("%d %s: %q %q\n", batch.RowNo(row), batch.Place(row), batch.Cell(row, 1), code)
		}
	}
	// Output:
	// 1 line 2: "HONG KONG" ""
	// 2 line 3: "" "ragged_row"
}
