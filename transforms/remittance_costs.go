package transforms

func init() {
	register(definition[RemittanceCost, *RemittanceCost]{
		name: "remittance_costs", version: 1,
		key:       []string{"time", "sending_country", "receiving_country", "firm", "service_no", "amount_usd"},
		normalise: normaliseRemittanceCost,
		period:    func(f *Fields, r *RemittanceCost) string { return f.month(r.StartsOn) },
	})
}

// RemittanceCost is what one provider charged in one quarter for sending the equivalent of 200 or 500 US
// dollars from one country to another by one of its services: fee and exchange rate margin together, in
// percent of the amount. It is a price that was asked for, not a transfer that was made, so that prices
// are averaged and never summed.
//
// A cost may be below zero (a rate better than the market's) and very high; both were published and
// stay. A provider that does not tell its exchange rate is not transparent: its margin is unknown, though
// the source writes zero. How the money is paid in and out is in the source's words, which are others
// before the second quarter of 2016 than after it.
type RemittanceCost struct {
	Time              string  `parquet:"time,dict" lindung:"open"`
	StartsOn          int32   `parquet:"starts_on,date,dict" lindung:"open"`
	SendingCountry    string  `parquet:"sending_country,dict" lindung:"open"`
	ReceivingCountry  string  `parquet:"receiving_country,dict" lindung:"open"`
	Firm              string  `parquet:"firm,dict" lindung:"open"`
	ServiceNo         int32   `parquet:"service_no,int(16)" lindung:"open"`
	FirmType          *string `parquet:"firm_type,dict" lindung:"open"`
	Product           *string `parquet:"product,dict" lindung:"open"`
	PaymentInstrument *string `parquet:"payment_instrument,dict" lindung:"open"`
	AccessPoint       *string `parquet:"access_point,dict" lindung:"open"`
	PickupMethod      *string `parquet:"pickup_method,dict" lindung:"open"`
	PickupLocation    *string `parquet:"pickup_location,dict" lindung:"open"`
	Coverage          *string `parquet:"coverage,dict" lindung:"open"`
	Speed             *string `parquet:"speed,dict" lindung:"open"`
	AmountUSD         int32   `parquet:"amount_usd,int(16)" lindung:"open"`
	AmountLocal       *int64  `parquet:"amount_local,decimal(4:18)" lindung:"open"`
	FeeLocal          *int64  `parquet:"fee_local,decimal(4:18)" lindung:"open"`
	Currency          *string `parquet:"currency,dict" lindung:"open,currency"`
	MarginPercent     *int64  `parquet:"margin_percent,decimal(4:18)" lindung:"open"`
	CostPercent       *int64  `parquet:"cost_percent,decimal(4:18)" lindung:"open"`
	IsTransparent     *bool   `parquet:"is_transparent" lindung:"open"`
	CollectedOn       *int32  `parquet:"collected_on,date" lindung:"open"`
	Note              *string `parquet:"note,dict" lindung:"open"`
	Provenance
}

func normaliseRemittanceCost(f *Fields, r *RemittanceCost) {
	at := f.Span("time", "sub_time")
	r.Time, r.StartsOn = at.text, at.first
	if at.text != "" && at.kind != "quarter" {
		f.Problem(NotADate, "time", "time: no quarter; prices are collected by quarter, write 2024_1Q or 2024-Q1")
	}
	r.SendingCountry, _ = f.Area("sending_country")
	r.ReceivingCountry, _ = f.Area("receiving_country")
	r.Firm = f.Label("firm")
	r.ServiceNo = f.Int("service_no", 1, 10_000)
	r.FirmType = f.LabelOpt("firm_type")
	r.Product = f.LabelOpt("product")
	r.PaymentInstrument, r.AccessPoint = f.LabelOpt("payment_instrument"), f.LabelOpt("access_point")
	r.PickupMethod, r.PickupLocation = f.LabelOpt("pickup_method"), f.LabelOpt("pickup_location")
	r.Coverage, r.Speed = f.LabelOpt("coverage"), f.LabelOpt("speed")
	r.AmountUSD = f.Int("amount_usd", 1, 10_000)
	r.AmountLocal, r.FeeLocal = f.Measured("amount_local"), f.Measured("fee_local")
	r.Currency = f.CodeOpt("currency", "currency")
	r.MarginPercent, r.CostPercent = f.Measured("margin_percent"), f.Measured("cost_percent")
	r.IsTransparent = f.Bool("is_transparent")
	r.CollectedOn = f.DateOpt("collected_on")
	r.Note = f.LabelOpt("note")
}
