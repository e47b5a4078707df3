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
	MissingOf         = missingOf
	MissingRecords    = missingRecords
	MissingColumns    = missingNames()
	PMIOf             = pmiOf
	PMIRecords        = pmiRecords
	PMIColumns        = pmiHeader
	WideOf            = wideOf
	WideRecords       = wideRecords
	IATIOf            = iatiOf
	IATIRecords       = iatiRecords
	IATIColumns       = iatiActivityHeader
)
