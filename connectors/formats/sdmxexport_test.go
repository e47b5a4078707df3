package formats

// What the conformance suite writes SDMX with.
var (
	SDMXCSVOf      = sdmxCSVOf
	SDMXCSVRecords = sdmxCSVRecords
	SDMXCSVColumns = sdmxCSVHeader
	SDMXJSONOf     = sdmxJSONOf
	SDMXRecords    = sdmxMessageRecords
	SDMXColumns    = sdmxMessageHeader
	SDMXMLOf       = sdmxMLOf
)
