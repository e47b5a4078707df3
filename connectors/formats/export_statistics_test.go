package formats

// What the conformance suite, which stands outside the package, writes objects of statistics with.
var (
	BPSAnswerOf           = bpsAnswerOf
	BPSRecords            = bpsRecords
	BPSDatacontentColumns = bpsHeader
	WorldBankPageOf       = worldBankPagesOf
	WorldBankRecords      = worldBankRecords
	WorldBankTableOf      = worldBankTableOf
	WorldBankTableRecords = worldBankTableRecords
	RPWOf                 = rpwOf
	RPWRecords            = rpwRecords
	RPWColumns            = rpwHeader
)
