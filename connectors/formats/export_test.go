package formats

// What the conformance suite, which stands outside the package, writes its
// objects with.
var (
	XLSOf             = exportedXLS
	BIAnswerOf        = biAnswerOf
	BIRecords         = biRecords
	BIDiffgramColumns = biHeader
	SEKIOf            = sekiOf
	SEKIRecords       = sekiRecords
	SEKIColumns       = sekiHeader
	SDMXCSVOf         = sdmxCSVOf
	SDMXCSVRecords    = sdmxCSVRecords
	SDMXCSVColumns    = sdmxCSVHeader
	SDMXJSONOf        = sdmxJSONOf
	SDMXMLOf          = sdmxMLOf
	SDMXRecords       = sdmxMessageRecords
	SDMXColumns       = sdmxMessageHeader
)
