package warehouse_test

import (
	"context"
	"fmt"

	models "github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/warehouse"
)

// The order law needs no data: DuckDB's parser says which tables a model reads, and the file order says which
// of them exist by then.
func ExampleCheckOrder() {
	lineage, err := warehouse.CheckOrder(context.Background(), []models.Model{
		{Name: "stg_placements", Path: "1_staging/stg_placements.sql", SQL: "select * from lake_placements"},
		{Name: "fct_placements", Path: "2_core/fct_placements.sql", SQL: "select p.* from stg_placements as p, ref_country"},
		{Name: "mart_counts", Path: "3_marts/mart_counts.sql", SQL: "select count(*) as n from kpi_later"},
		{Name: "kpi_later", Path: "4_kpis/kpi_later.sql", SQL: "select * from mart_counts"},
	})
	fmt.Println(err)
	fmt.Println(lineage["fct_placements"])
	// Output:
	// 3_marts/mart_counts.sql reads kpi_later, which is built later; rename one so that the order holds
	// [ref_country stg_placements]
}
