package formats

// As in export_test.go, for the decoder of lines of fixed width.
var (
	FixedOf      = fixedOf
	FixedRecords = fixedRecords
	FixedColumns = fixedColumns
)
